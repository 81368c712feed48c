/**
 * What the connection is doing. `idle`: not connected yet. `connecting`: it fetches a token, opens a socket and waits
 * for the answer to its first ping. `connected`: commands go out. `waiting`: lost; the next attempt comes after
 * `retryIn`. `offline`: the platform says that there is no network; attempts go on, rarely. `closed`: by `close`, by
 * the server's word, or because a token named another user; `connect` begins again.
 */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'waiting' | 'offline' | 'closed';

/** Why the connection's state changed; the README's table says which leads where. */
export type StateReason =
  | 'connect'
  | 'opened'
  | 'token-failed'
  | 'handshake-failed'
  | 'timeout'
  | 'lost'
  | 'unresponsive'
  | 'unauthorized'
  | 'closing'
  | 'refused'
  | 'retry'
  | 'online'
  | 'offline'
  | 'visible'
  | 'close'
  | 'user-changed';

/** What a `state` event tells. */
export interface StateChange {
  /** The state before; the same as `current`, if only the time of the next attempt is new. */
  readonly previous: ConnectionState;
  /** The state now. */
  readonly current: ConnectionState;
  /** Why it changed. */
  readonly reason: StateReason;
  /** In `waiting` and `offline`: milliseconds until the next attempt. */
  readonly retryIn?: number;
}

/**
 * What a token is wanted for. `connect`: a new connection. `refused`: the last attempt failed, perhaps because of the
 * token, so a new one is needed. `refresh`: the one in use ends soon. `handover`: a second socket takes over.
 */
export type TokenReason = 'connect' | 'refused' | 'refresh' | 'handover';
