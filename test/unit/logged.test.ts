import middy from '@middy/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { authorizeHandler } from '../../functions/authorize.ts';
import { requestLog } from '../../functions/middleware/request-log.ts';
import { logger } from '../../shared/platform/logger.ts';
import { invoke } from '../support/chat-functions.ts';
import { createFailingChat, type FailingChat } from '../support/failing-chat.ts';
import { createGroup } from '../support/groups.ts';

/** What an operator finds an incident by: what the functions add to their line of each call, and their errors. */
let keys: Record<string, unknown>;
let errors: unknown[];
/** One line for each call, with the keys that were added to it. */
let lines: unknown[];

beforeEach(() => {
  [keys, errors, lines] = [{}, [], []];
  vi.spyOn(logger, 'info').mockImplementation((...given) => void lines.push([...given, { ...keys }]));
  vi.spyOn(logger, 'resetKeys').mockImplementation(() => {
    keys = {};
  });
  vi.spyOn(logger, 'appendKeys').mockImplementation((added) => void Object.assign(keys, added));
  vi.spyOn(logger, 'error').mockImplementation((...given) => void errors.push(given));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('of a call', () => {
  const context = { functionName: 'a-function', awsRequestId: 'r' } as never;
  const durationMs = expect.toSatisfy((ms: number) => ms >= 0 && ms < 5_000);

  test('one line with how long it took, what it added, and which function and request it was', async () => {
    const added = vi.spyOn(logger, 'addContext').mockImplementation(() => undefined);
    const handle = middy()
      .use(requestLog())
      .handler(async () => logger.appendKeys({ a: 1 }));
    await handle({}, context);
    await handle({}, context);
    expect(lines).toEqual([1, 2].map(() => ['handled', { durationMs }, { a: 1 }]));
    expect([keys, errors, added.mock.calls]).toEqual([{}, [], [[context], [context]]]);
  });

  test('that fails: what was thrown, and its line all the same', async () => {
    const handle = middy()
      .use(requestLog())
      .handler(async () => {
        throw new Error('no table');
      });
    await expect(handle({}, context)).rejects.toThrow('no table');
    expect(errors).toEqual([['failed', { error: new Error('no table') }]]);
    expect(lines).toEqual([['handled', { durationMs }, {}]]);
  });
});

describe('of a handshake', () => {
  const verifyToken = async (token: string) => (token === 'good' ? { userId: 'ann', tokenExpiresAt: 1 } : undefined);
  const authorize = authorizeHandler(() => ({ verifyToken, allowQueryToken: true }));

  test.each([
    ['it was let pass', { headers: { authorization: 'Bearer good' } }, 'allow'],
    ['its token was bad', { headers: { authorization: 'Bearer bad' } }, 'invalid token'],
    ['it had none, nor a query', { headers: {}, queryStringParameters: null }, 'no token'],
    ['it had none in its query', { headers: {}, queryStringParameters: { other: 'x' } }, 'no token'],
    ['it had one in its query', { headers: {}, queryStringParameters: { token: 'good' } }, 'allow'],
    [
      'it had two',
      { headers: { authorization: 'Bearer good' }, queryStringParameters: { token: 'bad' } },
      'token in two places',
    ],
  ])('that %s', async (_, handshake, verdict) => {
    await invoke(authorize, { methodArn: 'arn:x', ...handshake });
    expect(lines).toMatchObject([['handled', {}, { verdict }]]);
  });
});

describe('of a frame', () => {
  let at: FailingChat;
  beforeEach(() => {
    at = createFailingChat();
  });

  test('its action and connection, and the code of its refusal; no text', async () => {
    const [olga, mia] = [await at.chat.connect('olga'), await at.chat.connect('mia')];
    const conversationId = await createGroup(at.chat, olga);
    lines.length = 0;
    await at.chat.ask(olga, 'send-message', { conversationId, content: 'a secret' });
    expect(lines.map((line) => (line as unknown[])[2])).toEqual([
      { action: 'send-message', connectionId: olga.connectionId },
    ]);
    await at.chat.refusal(mia, 'send-message', { conversationId, content: 'a secret' });
    expect(lines.at(-1)).toMatchObject([
      'handled',
      {},
      { connectionId: mia.connectionId, refused: 'conversation-not-found' },
    ]);
    expect(JSON.stringify([lines, errors])).not.toContain('secret');
  });

  test('that failed: the id that its sender was told, and what was thrown', async () => {
    const olga = await at.chat.connect('olga');
    at.failing = 'takeToken';
    const { message } = await at.chat.refusal(olga, 'list-conversations', {});
    const failureId = /\((.*)\)$/.exec(message)?.[1];
    expect(errors).toEqual([['a frame failed', { failureId, error: new Error('throttled') }]]);
  });

  test('that names a route of the gateway’s own: that, and why it could not be charged', async () => {
    const authorizer = { userId: 'ann', tokenExpiresAt: '9999999999999' };
    const requestContext = { eventType: 'MESSAGE', connectionId: 'k=', requestId: 'r', authorizer };
    expect(await invoke(at.chat.functions.connect, { requestContext })).toEqual({ statusCode: 200 });
    at.failing = 'takeToken';
    expect(await invoke(at.chat.functions.connect, { requestContext })).toEqual({ statusCode: 200 });
    expect(lines).toMatchObject([
      ['handled', {}, { refused: 'unknown-action' }],
      ['handled', {}, { refused: 'unknown-action', chargeFailed: 'Error: throttled' }],
    ]);
  });

  test('that is none of the socket API’s: why', async () => {
    expect(await invoke(at.chat.functions.command, { requestContext: {} })).toEqual({ statusCode: 500 });
    expect(errors).toEqual([['not an event of the socket API', { error: expect.any(Error) }]]);
  });

  test('whose connection has ended and cannot be forgotten: that it stays behind', async () => {
    const short = await at.chat.connect('olga', 1_000);
    at.chat.clock.advance(120_000);
    at.failing = 'forget';
    await at.chat.command(short, 'list-conversations', {});
    expect(errors).toEqual([['a connection could not be forgotten', { error: new Error('throttled') }]]);
  });
});
