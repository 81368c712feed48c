import { createHmac, createPublicKey } from 'node:crypto';
import { importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { generateKey, type Issuer, mintToken, publicKeyOf } from '../../scripts/web/issuer.ts';

const HOUR_S = 3600;

/** A valid token for a user. */
export function tokenFor(issuer: Issuer, userId: string, lifetimeSeconds = HOUR_S): Promise<string> {
  return mintToken(issuer, userId, lifetimeSeconds);
}

/** A token with a genuine signature, but other claims or another header. `undefined` leaves one out. */
export async function tokenWith(
  issuer: Issuer,
  claims: JWTPayload,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const now = seconds();
  const payload = { iss: issuer.issuer, aud: issuer.audience, iat: now, exp: now + HOUR_S, ...claims };
  const key = await importJWK(issuer.privateKey, 'RS256');
  return new SignJWT(withoutUndefined(payload))
    .setProtectedHeader({ alg: 'RS256', kid: issuer.privateKey.kid ?? '', typ: 'JWT', ...header })
    .sign(key);
}

/** Tokens that must all be refused (CONN-2), by what is wrong with them. */
export async function forgedTokens(issuer: Issuer, userId: string): Promise<Record<string, string>> {
  const now = seconds();
  const stranger: Issuer = { ...issuer, privateKey: await generateKey() };
  const impostor: Issuer = { ...stranger, privateKey: { ...stranger.privateKey, kid: issuer.privateKey.kid ?? '' } };
  const valid = await tokenFor(issuer, userId);
  return {
    'not a token': 'abc',
    'empty signature': `${valid.split('.').slice(0, 2).join('.')}.`,
    'signature of another token': await swapPayload(issuer, valid, userId),
    expired: await tokenWith(issuer, { sub: userId, iat: now - 2 * HOUR_S, exp: now - 1 }),
    'without exp': await tokenWith(issuer, { sub: userId, exp: undefined as never }),
    'not yet valid': await tokenWith(issuer, { sub: userId, nbf: now + 10 * 60 }),
    'wrong issuer': await tokenWith(issuer, { sub: userId, iss: 'http://localhost:1' }),
    'wrong audience': await tokenWith(issuer, { sub: userId, aud: 'another-app' }),
    'without a subject': await tokenWith(issuer, {}),
    'subject that is no user id': await tokenWith(issuer, { sub: 'zoë' }),
    'subject that is the system': await tokenWith(issuer, { sub: 'system' }),
    'unknown kid': await mintToken(stranger, userId, HOUR_S),
    'another key under a known kid': await mintToken(impostor, userId, HOUR_S),
    'algorithm none': unsigned(issuer, userId),
    'HS256 with the public key': await signedWithPublicKey(issuer, userId),
    'over 3 KiB': await tokenWith(issuer, { sub: userId, padding: 'x'.repeat(3 * 1024) }),
  };
}

function unsigned(issuer: Issuer, userId: string): string {
  const now = seconds();
  const claims = { iss: issuer.issuer, aud: issuer.audience, sub: userId, iat: now, exp: now + HOUR_S };
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`;
}

/** A token for the classic confusion, in which the verifier uses its RSA public key as an HMAC secret. */
async function signedWithPublicKey(issuer: Issuer, userId: string): Promise<string> {
  const now = seconds();
  const claims = { iss: issuer.issuer, aud: issuer.audience, sub: userId, iat: now, exp: now + HOUR_S };
  const jwk = publicKeyOf(issuer.privateKey);
  const pem = createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: jwk.kid })}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
}

/** A token with one user's claims and the genuine signature of another token. */
async function swapPayload(issuer: Issuer, valid: string, userId: string): Promise<string> {
  const other = await tokenFor(issuer, `${userId}2`);
  const [header, , signature] = valid.split('.');
  return [header, other.split('.')[1], signature].join('.');
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function withoutUndefined(payload: JWTPayload): JWTPayload {
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
