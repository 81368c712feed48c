import { headerValues, offeredProtocols, type SentHeaders } from './socket-event.ts';

/** The token of a handshake, or why there is none. */
export type HandshakeToken =
  | { readonly token: string; readonly fault?: undefined }
  | { readonly token?: undefined; readonly fault: 'no token' | 'token in two places' };

const BEARER = /^Bearer +(\S+)$/i;
const SUBPROTOCOL_PREFIX = 'bearer.';

/**
 * CONN-1: as `Authorization: Bearer`, as subprotocol `bearer.<jwt>`, or as `?token=` where that is allowed (`query`,
 * each of that name). A token in two places, or twice in one, is refused: two readers could each believe another one.
 */
export function readToken(headers: SentHeaders, query: readonly string[]): HandshakeToken {
  const places = [
    ...headerValues(headers, 'authorization').map((value) => BEARER.exec(value)?.[1] ?? ''),
    ...offeredProtocols(headers)
      .filter((protocol) => protocol.startsWith(SUBPROTOCOL_PREFIX))
      .map((protocol) => protocol.slice(SUBPROTOCOL_PREFIX.length)),
    ...query,
  ];
  const [token, second] = places;
  if (second !== undefined) return { fault: 'token in two places' };
  return token ? { token } : { fault: 'no token' };
}
