/** The claims that are read from a token (RFC 7519). `exp` is in seconds since the epoch. */
export interface Claims {
  readonly sub?: string;
  readonly exp?: number;
}

/**
 * The claims of a JWT, to show them and to know whose it is; undefined if the text is no JWT. Nothing is verified here:
 * the server does that.
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
