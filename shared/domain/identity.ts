/** What a verified token says. */
export interface Identity {
  /** The token's `sub` (ENV-7). */
  readonly userId: string;
  /** The token's `exp`, in ms since the epoch. */
  readonly tokenExpiresAt: number;
}
