export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'waiting' | 'offline' | 'closed';

/** Why the state changed; the README's table says which leads where. */
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

export interface StateChange {
  readonly previous: ConnectionState;
  readonly current: ConnectionState;
  readonly reason: StateReason;
  /** In `waiting` and `offline`: milliseconds until the next attempt. */
  readonly retryIn?: number;
}

/** What a token is wanted for. `refused`: the last attempt failed, perhaps because of the token. */
export type TokenReason = 'connect' | 'refused' | 'refresh' | 'handover';
