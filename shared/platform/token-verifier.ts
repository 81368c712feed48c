import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import * as z from 'zod';
import type { Identity } from '../domain/identity.ts';
import { userId } from '../protocol/identifiers.ts';
import { TOKEN_MAX_BYTES } from '../protocol/limits.ts';

/** Whose tokens are accepted. Cognito names the audience of an access token `client_id`, hence `tokenUse`. */
export const trustedIssuer = z
  .object({
    issuer: z.url(),
    audience: z.string().min(1),
    /** Where the keys are; else found through the issuer's discovery document, or for Cognito by its rule. */
    jwksUri: z.url().optional(),
    tokenUse: z.literal('access').optional(),
    /** Whether the issuer and its keys may be without TLS: on a local stack alone. */
    allowHttp: z.literal(true).optional(),
  })
  .refine(({ issuer, jwksUri, allowHttp }) => allowHttp || [issuer, jwksUri ?? issuer].every(isHttps), {
    error: 'the issuer and its key set must be https URLs',
  });
export type TrustedIssuer = z.infer<typeof trustedIssuer>;

/** Symmetric algorithms and `none` are never among them (CONN-2). */
const ALGORITHMS = ['RS256', 'ES256'];
/** For `nbf` alone; `exp` has no leeway. */
const NOT_BEFORE_LEEWAY_S = 60;
/** An unknown `kid` fetches the keys again at most this often, so that forged ones cannot flood the issuer. */
const UNKNOWN_KEY_COOLDOWN_MS = 5 * 60_000;

/** The last moment that ENV-7's form of times can show. */
const LATEST_EXPIRY_MS = Date.parse('9999-12-31T23:59:59.999Z');

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/**
 * Gives a function that verifies tokens (CONN-2): undefined for one that is not valid; it rejects if the issuer's keys
 * cannot be had, which is nobody's fault but ours. Keys are cached for the life of the instance.
 */
export function createTokenVerifier(
  issuers: readonly TrustedIssuer[],
  now: () => number = Date.now,
): (token: string) => Promise<Identity | undefined> {
  const keySets = new Map<string, Promise<KeySet>>();
  const keysOf = (trusted: TrustedIssuer): Promise<KeySet> => {
    const known = keySets.get(trusted.issuer);
    if (known) return known;
    const found = findKeys(trusted);
    keySets.set(trusted.issuer, found);
    found.catch(() => keySets.delete(trusted.issuer));
    return found;
  };
  return async (token) => {
    if (Buffer.byteLength(token) > TOKEN_MAX_BYTES) return undefined;
    const trusted = issuers.find(({ issuer }) => issuer === unverifiedIssuer(token));
    if (!trusted) return undefined;
    try {
      const { payload } = await jwtVerify(token, await keysOf(trusted), {
        algorithms: ALGORITHMS,
        issuer: trusted.issuer,
        clockTolerance: NOT_BEFORE_LEEWAY_S,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'sub'],
        ...(trusted.tokenUse === undefined && { audience: trusted.audience }),
      });
      return identity(payload, trusted, now());
    } catch (error) {
      if (isTokensFault(error)) return undefined;
      throw error;
    }
  };
}

async function findKeys({ issuer, jwksUri, allowHttp }: TrustedIssuer): Promise<KeySet> {
  const requireTls = (what: string, url: string): void => {
    if (!allowHttp && !isHttps(url)) throw new Error(`${what} must be an https URL, not ${url}`);
  };
  requireTls('the issuer', issuer);
  const url = jwksUri ?? (await discover(issuer));
  requireTls("the issuer's key set", url);
  return createRemoteJWKSet(new URL(url), { cooldownDuration: UNKNOWN_KEY_COOLDOWN_MS });
}

const discovery = z.object({ jwks_uri: z.url() });

/** Whoever can change what comes over plain HTTP can put in keys of their own. */
function isHttps(url: string): boolean {
  return new URL(url).protocol === 'https:';
}

/** OpenID Connect Discovery: the issuer's document says where its keys are. A redirect could lead away from TLS. */
async function discover(issuer: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`the issuer's discovery document answers ${response.status}`);
  return discovery.parse(await response.json()).jwks_uri;
}

/** Which issuer the token claims, to pick its keys; nothing is believed before they have verified it. */
function unverifiedIssuer(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return z.object({ iss: z.string() }).safeParse(payload).data?.iss;
  } catch {
    return undefined;
  }
}

function identity(payload: JWTPayload, { audience, tokenUse }: TrustedIssuer, now: number): Identity | undefined {
  if (tokenUse !== undefined && (payload.token_use !== tokenUse || payload.client_id !== audience)) return undefined;
  // A NumericDate may have a fraction, and any size; what is stored and shown is a whole millisecond of a date.
  const tokenExpiresAt = Math.min(Math.floor((payload.exp as number) * 1000), LATEST_EXPIRY_MS);
  const subject = userId.safeParse(payload.sub);
  return subject.success && tokenExpiresAt > now ? { userId: subject.data, tokenExpiresAt } : undefined;
}

/**
 * Whether the token is at fault, and not the issuer's endpoint. An unknown key is the token's fault; a key set that
 * could not be fetched or read is not.
 */
function isTokensFault(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code);
}
