import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { authorizeHandler, handler } from '../../functions/authorize.ts';
import { createTokenVerifier } from '../../shared/platform/token-verifier.ts';
import { Chat } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { IssuerServer } from '../support/issuer-server.ts';
import { forgedTokens, tokenFor, tokenWith } from '../support/tokens.ts';

const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:an-api/live/$connect';
const DENIED = {
  principalId: 'nobody',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: methodArn }],
  },
};

let server: IssuerServer;
let valid: string;

beforeAll(async () => {
  server = await IssuerServer.start();
  valid = await tokenFor(server.issuer, 'ann');
});
afterAll(() => server.close());
beforeEach(() => {
  server.answer = 'documents';
});
afterEach(() => vi.unstubAllEnvs());

/** Decides on a handshake of a stack that accepts the issuer's tokens. */
function decide(handshake: object, allowQueryToken = false) {
  const verifyToken = createTokenVerifier([server.trusted()]);
  const authorize = authorizeHandler(() => ({ verifyToken, allowQueryToken }));
  return invoke(authorize, { type: 'REQUEST', methodArn, ...handshake });
}
function bearer(token: string) {
  return { headers: { Authorization: `Bearer ${token}` } };
}
function inQuery(...tokens: readonly string[]) {
  const queryStringParameters = { token: tokens.at(-1) };
  return { headers: {}, queryStringParameters, multiValueQueryStringParameters: { token: tokens } };
}

describe('a handshake (CONN-1, CONN-2)', () => {
  test('with a valid token is let pass, and every later event names its user and its end, as texts', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 600;
    const token = await tokenWith(server.issuer, { sub: 'auth0|ann', exp });
    const context = { userId: 'auth0|ann', tokenExpiresAt: String(exp * 1_000) };
    const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }];
    const allowed = { principalId: 'auth0|ann', policyDocument: { Version: '2012-10-17', Statement }, context };
    expect(await decide(bearer(token))).toEqual(allowed);
    expect(await decide({ headers: { 'sec-websocket-protocol': `chat.v1, bearer.${token}` } })).toEqual(allowed);
    const { headers } = bearer(token);
    const multiValueHeaders = { Authorization: [headers.Authorization] };
    expect(await decide({ headers, multiValueHeaders, queryStringParameters: null })).toEqual(allowed);
  });

  test('with any forged token is denied, and nothing is said of a user', async () => {
    for (const [fault, token] of Object.entries(await forgedTokens(server.issuer, 'ann'))) {
      expect(await decide(bearer(token)), fault).toEqual(DENIED);
    }
  });

  test.each([
    ['no headers', {}],
    ['no headers, which the gateway says as null', { headers: null, multiValueHeaders: null }],
    ['headers without a token', { headers: { Host: 'a-host', 'Sec-WebSocket-Protocol': 'chat.v1' } }],
  ])('with %s is denied', async (_, handshake) => {
    expect(await decide(handshake)).toEqual(DENIED);
  });

  test('with several tokens is denied, even if each is valid', async () => {
    const { headers } = bearer(valid);
    expect(await decide({ headers: { ...headers, 'Sec-WebSocket-Protocol': `bearer.${valid}` } })).toEqual(DENIED);
    const twice = [headers.Authorization, headers.Authorization];
    expect(await decide({ headers, multiValueHeaders: { Authorization: twice } })).toEqual(DENIED);
  });

  test('is neither let pass nor denied while the issuer cannot be reached, so that a client tries again', async () => {
    server.answer = 'failure';
    await expect(decide(bearer(valid))).rejects.toThrow();
  });

  test('that is none is a failure', async () => {
    await expect(decide({ methodArn: undefined })).rejects.toThrow();
  });
});

describe('a token in the query (CONN-1)', () => {
  test('is not looked at where that is not allowed: it opens nothing, and gets in the way of nothing', async () => {
    expect(await decide(inQuery(valid))).toEqual(DENIED);
    expect(await decide({ ...inQuery('abc', valid), ...bearer(valid) })).toMatchObject({ principalId: 'ann' });
  });

  test('opens a socket where it is allowed', async () => {
    expect(await decide(inQuery(valid), true)).toMatchObject({ principalId: 'ann', context: { userId: 'ann' } });
    const { queryStringParameters } = inQuery(valid);
    expect(await decide({ queryStringParameters }, true)).toMatchObject({ principalId: 'ann' });
    expect(await decide(inQuery('abc'), true)).toEqual(DENIED);
    expect(await decide({ queryStringParameters: { other: valid } }, true)).toEqual(DENIED);
  });

  test('is denied if there are two, or another one in a header', async () => {
    expect(await decide(inQuery('abc', valid), true)).toEqual(DENIED);
    expect(await decide({ ...inQuery(valid), ...bearer(valid) }, true)).toEqual(DENIED);
  });
});

describe('the function as it is deployed', () => {
  test('reads whose tokens it accepts, and whether in the query, from its environment', async () => {
    vi.stubEnv('TOKEN_ISSUERS', JSON.stringify([server.trusted()]));
    const event = { methodArn, ...inQuery(valid) };
    expect(await invoke(handler, event)).toEqual(DENIED);
    vi.stubEnv('ALLOW_QUERY_TOKEN', 'false');
    expect(await invoke(handler, event)).toEqual(DENIED);
    vi.stubEnv('ALLOW_QUERY_TOKEN', 'true');
    expect(await invoke(handler, event)).toMatchObject({ context: { userId: 'ann' } });
  });
});

describe('in a chat', () => {
  const offer = (token: string) => ({ headers: { 'Sec-WebSocket-Protocol': `chat.v1, bearer.${token}` } });

  test('a handshake that is denied is answered 403, and leaves nothing behind', async () => {
    const chat = new Chat();
    expect(await chat.handshake(offer('abc'))).toMatchObject({ statusCode: 403 });
    expect(await chat.handshake(offer(chat.issueToken('ann', chat.clock.now())))).toMatchObject({ statusCode: 403 });
    expect(await chat.handshake({})).toMatchObject({ statusCode: 403 });
    expect([chat.stores.state.connections.size, chat.stores.state.buckets.size, chat.gateway.open.size]).toEqual([
      0, 0, 0,
    ]);
  });

  test('a handshake while the issuer cannot be reached is answered 5xx, and leaves nothing behind', async () => {
    const chat = new Chat({ verifyToken: () => Promise.reject(new Error('the issuer does not answer')) });
    expect(await chat.handshake(offer('abc'))).toMatchObject({ statusCode: 500 });
    expect([chat.stores.state.connections.size, chat.gateway.open.size]).toEqual([0, 0]);
  });

  test('who speaks is said by the token alone, in every frame', async () => {
    const chat = new Chat();
    const ann = await chat.connect('ann', 60_000);
    const impostor = { ...ann, userId: 'bob', tokenExpiresAt: ann.tokenExpiresAt + 60_000 };
    expect(await chat.ask(impostor, 'ping', {})).toMatchObject({
      userId: 'ann',
      expiresAt: new Date(ann.tokenExpiresAt).toISOString(),
    });
  });
});
