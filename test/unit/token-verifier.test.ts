import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { generateKey, mintToken } from '../../scripts/web/issuer.ts';
import { createTokenVerifier, type TrustedIssuer, trustedIssuer } from '../../shared/platform/token-verifier.ts';
import { IssuerServer, KEYS_PATH } from '../support/issuer-server.ts';
import { forgedTokens, tokenFor, tokenWith } from '../support/tokens.ts';

let server: IssuerServer;

beforeAll(async () => {
  server = await IssuerServer.start();
});
afterAll(() => server.close());

beforeEach(() => {
  server.keysServed = 0;
  server.answer = 'documents';
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function verifier(fields?: Partial<TrustedIssuer>) {
  return createTokenVerifier([server.trusted(fields)]);
}
function inSeconds(offset: number) {
  return Math.floor(Date.now() / 1000) + offset;
}

describe('verifying tokens (CONN-2)', () => {
  test('a valid token gives its user and its expiry', async () => {
    const exp = inSeconds(600);
    const token = await tokenWith(server.issuer, { sub: 'auth0|ann@example.org', exp });
    expect(await verifier()(token)).toEqual({ userId: 'auth0|ann@example.org', tokenExpiresAt: exp * 1000 });
  });

  test('no forged token is accepted', async () => {
    const verify = verifier();
    for (const [fault, token] of Object.entries(await forgedTokens(server.issuer, 'ann'))) {
      expect(await verify(token), fault).toBeUndefined();
    }
  });

  test.each(['', '.', '..', 'a.b.c', '{}', `${'x'.repeat(10)}.${'y'.repeat(10)}.z`])(
    '%j is no token',
    async (token) => {
      expect(await verifier()(token)).toBeUndefined();
    },
  );

  test('an ID token of a Cognito-like issuer is not an access token, nor is one for another client', async () => {
    const verify = verifier({ tokenUse: 'access', audience: 'the-client' });
    const access = { sub: 'ann', token_use: 'access', client_id: 'the-client', aud: undefined as never };
    expect(await verify(await tokenWith(server.issuer, access))).toMatchObject({ userId: 'ann' });
    const id = { sub: 'ann', token_use: 'id', aud: 'the-client' };
    expect(await verify(await tokenWith(server.issuer, id))).toBeUndefined();
    expect(await verify(await tokenWith(server.issuer, { ...access, token_use: 'id' }))).toBeUndefined();
    expect(await verify(await tokenWith(server.issuer, { ...access, client_id: 'another' }))).toBeUndefined();
  });

  test('nbf has 60 s of leeway, exp none', async () => {
    const verify = verifier();
    expect(await verify(await tokenWith(server.issuer, { sub: 'ann', nbf: inSeconds(50) }))).toBeDefined();
    expect(await verify(await tokenWith(server.issuer, { sub: 'ann', nbf: inSeconds(70) }))).toBeUndefined();
    expect(await verify(await tokenWith(server.issuer, { sub: 'ann', exp: inSeconds(-1) }))).toBeUndefined();
  });

  test('an exp with a fraction is rounded down to the millisecond, so that it can be stored', async () => {
    const exp = inSeconds(600) + 0.12345;
    const verified = await verifier()(await tokenWith(server.issuer, { sub: 'ann', exp }));
    expect(verified?.tokenExpiresAt).toBe(Math.floor(exp) * 1000 + 123);
  });

  test.each([1e13, 1e300])('an exp of %d, which no date holds, means the end of the year 9999', async (exp) => {
    const verified = await verifier()(await tokenWith(server.issuer, { sub: 'ann', exp }));
    expect(verified?.tokenExpiresAt).toBe(Date.parse('9999-12-31T23:59:59.999Z'));
  });

  test('a token for several audiences is accepted if ours is among them', async () => {
    expect(await verifier()(await tokenWith(server.issuer, { sub: 'ann', aud: ['other', 'the-app'] }))).toBeDefined();
  });

  test('no keys are fetched from an issuer that is not trusted', async () => {
    const other = { ...server.issuer, issuer: 'http://127.0.0.1:1' };
    expect(await verifier()(await tokenFor(other, 'ann'))).toBeUndefined();
    expect(server.keysServed).toBe(0);
  });

  test('the claim picks one of several issuers, and its own keys verify the token', async () => {
    const elsewhere = {
      issuer: 'http://127.0.0.1:1',
      audience: 'x',
      jwksUri: 'http://127.0.0.1:1/keys',
      allowHttp: true,
    } as const;
    const verify = createTokenVerifier([elsewhere, server.trusted()]);
    expect(await verify(await tokenFor(server.issuer, 'ann'))).toBeDefined();
  });

  test('keys are found by discovery if their address is not configured', async () => {
    const { jwksUri: _, ...undisclosed } = server.trusted();
    expect(await createTokenVerifier([undisclosed])(await tokenFor(server.issuer, 'ann'))).toMatchObject({
      userId: 'ann',
    });
  });
});

describe("the issuer's keys", () => {
  test('are fetched once for many tokens', async () => {
    const verify = verifier();
    for (const user of ['ann', 'bob', 'cleo']) await verify(await tokenFor(server.issuer, user));
    expect(server.keysServed).toBe(1);
  });

  test('are fetched again for an unknown kid, at most every 5 minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const verify = verifier();
    await verify(await tokenFor(server.issuer, 'ann'));
    const stranger = { ...server.issuer, privateKey: await generateKey() };
    for (let tries = 0; tries < 5; tries += 1)
      expect(await verify(await mintToken(stranger, 'ann', 3600))).toBeUndefined();
    expect(server.keysServed).toBe(1);
    vi.advanceTimersByTime(5 * 60_000);
    for (let tries = 0; tries < 5; tries += 1)
      expect(await verify(await mintToken(stranger, 'ann', 3600))).toBeUndefined();
    expect(server.keysServed).toBe(2);
  });

  test('are found after those minutes if they were rotated', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const verify = verifier();
    await verify(await tokenFor(server.issuer, 'ann'));
    const before = server.issuer.privateKey;
    server.issuer = { ...server.issuer, privateKey: await generateKey() };
    vi.advanceTimersByTime(5 * 60_000);
    expect(await verify(await tokenFor(server.issuer, 'ann'))).toBeDefined();
    server.issuer = { ...server.issuer, privateKey: before };
  });

  test.each(['failure', 'nonsense'] as const)(
    'that cannot be fetched (%s) are our failure, not the token’s, and are fetched again',
    async (how) => {
      const verify = verifier();
      server.answer = how;
      const token = await tokenFor(server.issuer, 'ann');
      await expect(verify(token)).rejects.toThrow();
      server.answer = 'documents';
      expect(await verify(token)).toMatchObject({ userId: 'ann' });
    },
  );

  test('at an address where nobody listens are our failure', async () => {
    await expect(
      verifier({ jwksUri: 'http://127.0.0.1:1/keys' })(await tokenFor(server.issuer, 'ann')),
    ).rejects.toThrow();
  });

  test('are not taken without TLS, but on a local stack', async () => {
    const token = await tokenFor(server.issuer, 'ann');
    const { allowHttp: _, ...onAws } = server.trusted();
    await expect(createTokenVerifier([onAws])(token)).rejects.toThrow('the issuer must be an https URL');
    const keysAlone = { ...onAws, issuer: 'https://issuer.example' };
    const theirs = await tokenFor({ ...server.issuer, issuer: keysAlone.issuer }, 'ann');
    await expect(createTokenVerifier([keysAlone])(theirs)).rejects.toThrow("the issuer's key set must be an https URL");
    expect(server.keysServed).toBe(0);
    for (const refused of [onAws, keysAlone]) {
      expect(trustedIssuer.safeParse(refused).success).toBe(false);
      expect(trustedIssuer.safeParse({ ...refused, allowHttp: true }).success).toBe(true);
    }
  });

  test('are not taken without TLS if a discovery document names them, nor is a redirect followed to it', async () => {
    const undisclosed = { issuer: 'https://issuer.example', audience: 'the-app' };
    const fetched = vi.fn(async (_url: string, _options: RequestInit) =>
      Response.json({ jwks_uri: `${server.issuer.issuer}${KEYS_PATH}` }),
    );
    vi.stubGlobal('fetch', fetched);
    const theirs = await tokenFor({ ...server.issuer, issuer: undisclosed.issuer }, 'ann');
    await expect(createTokenVerifier([undisclosed])(theirs)).rejects.toThrow(
      "the issuer's key set must be an https URL",
    );
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ redirect: 'error' });
  });

  test('are looked for again after discovery has failed', async () => {
    const { jwksUri: _, ...undisclosed } = server.trusted();
    const verify = createTokenVerifier([undisclosed]);
    server.answer = 'failure';
    const token = await tokenFor(server.issuer, 'ann');
    await expect(verify(token)).rejects.toThrow('503');
    server.answer = 'documents';
    expect(await verify(token)).toMatchObject({ userId: 'ann' });
  });
});
