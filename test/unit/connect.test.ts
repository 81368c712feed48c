import { beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../shared/protocol/errors.ts';
import type { Chat } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { createFailingChat, type FailingChat } from '../support/failing-chat.ts';

const HOUR_MS = 3_600_000;

let at: FailingChat;
let chat: Chat;

beforeEach(() => {
  at = createFailingChat();
  ({ chat } = at);
});

/** Passes the gateway's own event to the function, as after a verdict of the authorizer. */
function connect(sent: object = {}, connectionId = 'socket=') {
  const authorizer = { principalId: 'ann', userId: 'ann', tokenExpiresAt: String(chat.clock.now() + HOUR_MS) };
  const requestContext = { eventType: 'CONNECT', connectionId, requestId: 'a-handshake', authorizer };
  return invoke(chat.functions.connect, { requestContext, ...sent });
}
function registered() {
  return [...chat.stores.state.connections.values()];
}

describe('a socket that the authorizer let pass', () => {
  test('is registered as the user whom the token names, until a minute after the token’s end', async () => {
    expect(await connect()).toEqual({ statusCode: 200 });
    const now = chat.clock.now();
    expect(registered()).toMatchObject([
      { connectionId: 'socket=', userId: 'ann', connectedAt: now, tokenExpiresAt: now + HOUR_MS },
    ]);
    expect(registered()[0]?.expiresAt).toBe(now + HOUR_MS + 60_000);
  });

  test.each([
    ['as AWS spells it', { headers: { 'Sec-WebSocket-Protocol': 'chat.v1, bearer.abc' } }],
    ['in small letters, last', { headers: { 'sec-websocket-protocol': 'bearer.abc,chat.v1' } }],
    ['in a header of several', { multiValueHeaders: { 'Sec-WebSocket-Protocol': ['bearer.abc', 'chat.v1'] } }],
  ])('has its subprotocol echoed, without the token: %s', async (_, sent) => {
    expect(await connect(sent)).toEqual({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } });
  });

  test.each([
    ['offers none', { headers: { Authorization: 'Bearer abc' } }],
    ['offers others alone', { headers: { 'Sec-WebSocket-Protocol': 'chat.v2, bearer.abc' } }],
    ['has no headers', { headers: null, multiValueHeaders: null }],
  ])('has no subprotocol echoed if it %s', async (_, sent) => {
    expect(await connect(sent)).toEqual({ statusCode: 200 });
  });
});

describe('a socket that cannot be registered', () => {
  test('fails as any handshake of ours, whatever else it is refused for', async () => {
    const { connections } = chat.stores;
    connections.open = () => Promise.reject(new Refusal('conflict', 'try again'));
    await expect(connect()).rejects.toThrow('try again');
  });

  test('is refused with 429 after 20 at once, and leaves nothing behind', async () => {
    for (let n = 0; n < 20; n += 1) expect(await connect({}, `socket=${n}`)).toEqual({ statusCode: 200 });
    expect(await connect({}, 'one-more=')).toEqual({ statusCode: 429 });
    expect(registered().map(({ connectionId }) => connectionId)).not.toContain('one-more=');
    chat.clock.advance(1_000);
    expect(await connect({}, 'one-more=')).toEqual({ statusCode: 200 });
  });

  test.each(['takeToken', 'open', 'subscriptionsOf'])(
    'fails for our fault (%s), and the handshake with it',
    async (operation) => {
      at.failing = operation;
      await expect(connect()).rejects.toThrow('throttled');
      await expect(chat.connect('bob')).rejects.toMatchObject({ statusCode: 502 });
      expect(chat.gateway.open.size).toBe(0);
    },
  );

  test('is not taken for one if the event has no verdict of the authorizer', async () => {
    const requestContext = { eventType: 'CONNECT', connectionId: 'socket=', requestId: 'a-handshake' };
    await expect(invoke(chat.functions.connect, { requestContext })).rejects.toThrow();
    expect(registered()).toEqual([]);
  });
});
