/** The protocol's version: what `pong` says, and the subprotocol that a handshake offers (CONN-1). */
export const PROTOCOL_VERSION = 'chat.v1';
