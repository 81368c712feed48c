import { beforeEach, describe, expect, test } from 'vitest';
import { type Action, actionNames, actions, type RoutedAction } from '../../shared/protocol/actions.ts';
import type { ErrorData } from '../../shared/protocol/errors.ts';
import { Chat, type Client } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { createGroup } from '../support/groups.ts';

const ROUTES = ['send-message', 'join', 'leave', 'typing', 'command'] as const;
type Route = (typeof ROUTES)[number];

let chat: Chat;
let user: Client;
let conversationId: string;

beforeEach(async () => {
  chat = new Chat();
  user = await chat.connect('olga');
  conversationId = await createGroup(chat, user);
});

/** Passes a frame to the function of a route, whatever action it names. Gives the code of its error, if it is one. */
async function code(route: Route, frame: object): Promise<string | undefined> {
  const { userId, connectionId, tokenExpiresAt } = user;
  const authorizer = { userId, tokenExpiresAt: String(tokenExpiresAt) };
  const requestContext = { eventType: 'MESSAGE', connectionId, requestId: 'a-frame', authorizer };
  const { statusCode, body } = await invoke(chat.functions[route], { requestContext, body: JSON.stringify(frame) });
  expect(statusCode).toBe(200);
  const { data } = JSON.parse(body ?? '{"data":{}}') as { data: Partial<ErrorData> };
  return data.code;
}
function routeOf(action: Action): Route {
  return actions[action].route === 'own' ? (action as RoutedAction) : 'command';
}

describe('a route’s function (SEC-1)', () => {
  test.each(ROUTES)('%s carries out its own actions, and knows no other', async (route) => {
    for (const action of actionNames) {
      chat.clock.advance(1_000);
      const unknown = (await code(route, { action })) === 'unknown-action';
      expect([action, unknown]).toEqual([action, routeOf(action) !== route]);
    }
  });

  test('an action that comes over another route is not carried out', async () => {
    const message = { action: 'send-message', conversationId, content: 'hi' };
    for (const route of ['command', 'join', 'leave', 'typing'] as const) {
      expect(await code(route, message)).toBe('unknown-action');
    }
    expect(chat.stores.state.log(conversationId).current).toEqual([]);
  });

  test('an event that does not come from the gateway is a fault, not a frame', async () => {
    for (const route of ROUTES) {
      expect(await invoke(chat.functions[route], { body: '{}' })).toEqual({ statusCode: 500 });
    }
  });
});

describe('what a frame costs (LIMIT-1)', () => {
  /** How many tokens of the user's `command` bucket a frame takes. */
  async function cost(run: () => Promise<unknown>): Promise<number> {
    chat.clock.advance(60_000);
    const bucket = () => [...chat.stores.state.buckets].find(([key]) => key.includes('command'))?.[1] ?? 0;
    const before = Math.max(bucket(), chat.clock.now());
    await run();
    // A bucket refills ten a second.
    return Math.max(0, bucket() - before) / 100;
  }
  const FIELDS: Record<RoutedAction, object> = {
    'send-message': { content: 'hi' },
    join: {},
    leave: {},
    typing: { isTyping: true },
  };
  const own = Object.keys(FIELDS) as RoutedAction[];

  test.each(own)('a successful %s has a limit of its own, and takes no command token', async (action) => {
    expect(await cost(() => code(action, { action, conversationId, ...FIELDS[action] }))).toBe(0);
  });

  test.each(own)('a %s that is refused takes one', async (action) => {
    expect(await cost(() => code(action, { action, conversationId: 7 }))).toBe(1);
  });

  test('any other command takes one, whether it succeeds or not', async () => {
    expect(await cost(() => code('command', { action: 'ping' }))).toBe(1);
    expect(await cost(() => code('command', { action: 'ping', conversationId }))).toBe(1);
    expect(await cost(() => code('command', { action: 'shout' }))).toBe(1);
  });

  test.each(['$connect', '$disconnect'])(
    'a frame that names %s takes one, does nothing and gets no reply',
    async (action) => {
      expect(await cost(async () => expect(await chat.raw(user, JSON.stringify({ action }))).toBeUndefined())).toBe(1);
      expect(await chat.stores.connections.connection(user.connectionId)).toBeDefined();
      expect(chat.gateway.take(user.connectionId)).toEqual([]);
    },
  );
});
