import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { authorizeHandler } from '../../functions/authorize.ts';
import { logger } from '../../shared/platform/logger.ts';
import { invoke } from '../support/chat-functions.ts';
import { createFailingChat, type FailingChat } from '../support/failing-chat.ts';
import { createGroup } from '../support/groups.ts';

/** What an operator finds an incident by: what the functions add to their line of each call, and their errors. */
let keys: Record<string, unknown>;
let errors: unknown[];

beforeEach(() => {
  [keys, errors] = [{}, []];
  vi.spyOn(logger, 'appendKeys').mockImplementation((added) => void Object.assign(keys, added));
  vi.spyOn(logger, 'error').mockImplementation((...given) => void errors.push(given));
});
afterEach(() => {
  vi.restoreAllMocks();
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
    expect(keys).toMatchObject({ verdict });
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
    keys = {};
    await at.chat.ask(olga, 'send-message', { conversationId, content: 'a secret' });
    expect(keys).toEqual({ action: 'send-message', connectionId: olga.connectionId });
    await at.chat.refusal(mia, 'send-message', { conversationId, content: 'a secret' });
    expect(keys).toMatchObject({ connectionId: mia.connectionId, refused: 'conversation-not-found' });
    expect(JSON.stringify([keys, errors])).not.toContain('secret');
  });

  test('that failed: the id that its sender was told, and what was thrown', async () => {
    const olga = await at.chat.connect('olga');
    at.failing = 'takeToken';
    const { message } = await at.chat.refusal(olga, 'list-conversations', {});
    const failureId = /\((.*)\)$/.exec(message)?.[1];
    expect(errors).toEqual([['a frame failed', { failureId, error: new Error('throttled') }]]);
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
