import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

/** What the local stack is told to accept as audience. */
export const LOCAL_AUDIENCE = 'parley-local';
/** Demo tokens last a working day. */
const TOKEN_LIFETIME_SECONDS = 12 * 3600;
const ALGORITHM = 'RS256';

/** A local stand-in for an OIDC issuer: a key, and whose name goes into `iss` and `aud`. */
export interface Issuer {
  /** `iss`, and the address below which discovery and keys are served. */
  readonly issuer: string;
  readonly audience: string;
  /** Private key with its `kid`. */
  readonly privateKey: JWK;
}

/** Public documents of the issuer, by path. */
export interface IssuerDocuments {
  readonly '/.well-known/openid-configuration': object;
  readonly '/.well-known/jwks.json': object;
}

/** A new RS256 key, with its thumbprint as `kid`. */
export async function generateKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg: ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

/** The key kept in a file, made on the first call: tokens stay valid over restarts. Only the owner may read it. */
export async function loadOrCreateKey(file: string): Promise<JWK> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const key = await generateKey();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(key), { mode: 0o600 });
    return key;
  }
}

/** A token for a user (ENV-7: `sub`), valid from now for `lifetimeSeconds`. */
export async function mintToken(
  issuer: Issuer,
  userId: string,
  lifetimeSeconds = TOKEN_LIFETIME_SECONDS,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM, kid: issuer.privateKey.kid ?? '', typ: 'JWT' })
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setSubject(userId)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(await importJWK(issuer.privateKey, ALGORITHM));
}

/** The part of the key that may be shown. */
export function publicKeyOf({ kty, n, e, kid, alg, use }: JWK): JWK {
  return { kty, n, e, kid, alg, use } as JWK;
}

/** What the web server has to serve for the issuer. */
export function documentsOf({ issuer, privateKey }: Issuer): IssuerDocuments {
  return {
    '/.well-known/openid-configuration': {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: [ALGORITHM],
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
    },
    '/.well-known/jwks.json': { keys: [publicKeyOf(privateKey)] },
  };
}
