/** What is read of a token's claims (RFC 7519): `exp` in seconds since the epoch. */
export interface Claims {
  readonly sub?: string;
  readonly exp?: number;
}

/**
 * A JWT's claims, unverified: for display, and to know whose it is. Undefined if it is none; the server verifies it.
 */
export function claimsOf(token: string): Claims | undefined {
  const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    const { sub, exp } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown; exp?: unknown };
    return { ...(typeof sub === 'string' && { sub }), ...(typeof exp === 'number' && { exp }) };
  } catch {
    return undefined;
  }
}
