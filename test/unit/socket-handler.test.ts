import { beforeEach, describe, expect, test } from 'vitest';
import { socketHandler } from '../../functions/middleware/socket-handler.ts';
import { Chat, type Client } from '../support/chat.ts';

let chat: Chat;
let user: Client;
let handled: string[];

beforeEach(async () => {
  chat = new Chat();
  user = await chat.connect('olga');
  handled = [];
});

const lambda = { functionName: 'f', memoryLimitInMB: '1', invokedFunctionArn: 'a', awsRequestId: 'r' } as never;

async function failIf(fails: boolean): Promise<void> {
  if (fails) throw new Error('throttled');
}

/** Passes an event of this type to the handler of the gateway's own connects or disconnects. */
function run(handles: 'CONNECT' | 'DISCONNECT', eventType: string, body?: string) {
  const handler = socketHandler(
    handles,
    () => chat.deps,
    async (_, { connectionId }) => {
      handled.push(connectionId);
      return { statusCode: 200 };
    },
  );
  const { connectionId, userId, tokenExpiresAt } = user;
  const authorizer = { userId, tokenExpiresAt: String(tokenExpiresAt) };
  return handler({ requestContext: { eventType, connectionId, requestId: 'r', authorizer }, body }, lambda);
}

describe('the routes of connect and disconnect (SEC-1)', () => {
  test.each(['CONNECT', 'DISCONNECT'] as const)('handle the gateway’s own %s', async (eventType) => {
    expect(await run(eventType, eventType)).toEqual({ statusCode: 200 });
    expect(handled).toEqual([user.connectionId]);
  });

  test.each(['CONNECT', 'DISCONNECT'] as const)(
    'do nothing for a client’s frame that names %s, and give no reply, which AWS would not carry',
    async (handles) => {
      expect(await run(handles, 'MESSAGE', '{"action":"$connect","requestId":"r1"}')).toEqual({ statusCode: 200 });
      expect(handled).toEqual([]);
      expect(await chat.ask(user, 'ping', {})).toMatchObject({ userId: 'olga' });
    },
  );

  test('charge for such a frame, and give no reply when nothing is left to charge', async () => {
    for (let frame = 0; frame < 50; frame += 1) await run('DISCONNECT', 'MESSAGE', '{"action":"$disconnect"}');
    expect(await chat.refusal(user, 'ping', {})).toMatchObject({ code: 'rate-limited' });
    expect(await run('DISCONNECT', 'MESSAGE', '{"action":"$disconnect"}')).toEqual({ statusCode: 200 });
  });

  test('do not fail when such a frame cannot be charged', async () => {
    const broken = new Chat({ memory: { before: async ({ operation }) => failIf(operation === 'takeToken') } });
    const handler = socketHandler(
      'CONNECT',
      () => broken.deps,
      async () => ({ statusCode: 500 }),
    );
    const { connectionId, userId, tokenExpiresAt } = user;
    const authorizer = { userId, tokenExpiresAt: String(tokenExpiresAt) };
    const requestContext = { eventType: 'MESSAGE', connectionId, requestId: 'r', authorizer };
    expect(await handler({ requestContext, body: '{}' }, lambda)).toEqual({ statusCode: 200 });
  });

  test('fail on an event that is not theirs', async () => {
    await expect(run('CONNECT', 'SOMETHING')).rejects.toThrow();
  });
});
