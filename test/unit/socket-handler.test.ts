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
    'answer a client’s frame that names %s like any unknown action',
    async (handles) => {
      const result = await run(handles, 'MESSAGE', '{"action":"$connect","requestId":"r1"}');
      expect(JSON.parse(String(result?.body))).toMatchObject({
        event: 'error',
        requestId: 'r1',
        data: { code: 'unknown-action' },
      });
      expect(handled).toEqual([]);
    },
  );

  test('charge for such a frame', async () => {
    const codes: string[] = [];
    for (let frame = 0; frame < 51; frame += 1) {
      const result = await run('DISCONNECT', 'MESSAGE', '{"action":"$disconnect"}');
      codes.push(JSON.parse(String(result?.body)).data.code);
    }
    expect(codes.slice(-2)).toEqual(['unknown-action', 'rate-limited']);
  });

  test('fail on an event that is not theirs', async () => {
    await expect(run('CONNECT', 'SOMETHING')).rejects.toThrow();
  });
});
