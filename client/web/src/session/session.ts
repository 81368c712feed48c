import type { TokenReason } from '@parley/client';

/** A user who has signed in. */
export interface Session {
  /** The token's `sub`. */
  readonly userId: string;
  /** What to call this user, if there is a better name than the id. */
  readonly name?: string;
  /** A valid token; a new one after `refused`. @throws SignedOutError when only signing in again can give one */
  token(context: { reason: TokenReason }): Promise<string>;
  signOut(): Promise<void>;
}

/** The session is over: revoked, or too old to be renewed. */
export class SignedOutError extends Error {}
