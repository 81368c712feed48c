/**
 * The beginnings of partition and sort keys that the stack must know: stream filters and key conditions in policies
 * are written with them. Keys themselves are built and parsed in `shared/store/keys.ts` alone.
 */
export const KEY_PREFIXES = {
  /** pk of a conversation's log. */
  logEntry: 'L#',
  /** pk of a conversation and its members. */
  conversation: 'C#',
  /** sk of a member row. */
  member: 'M#',
  /** pk of a connection. */
  connection: 'K#',
  /** pk of a room's subscriptions (one shard of them). */
  subscription: 'R#',
  /** pk of a room's presence rows. */
  presence: 'P#',
  /** pk of a user's buckets. */
  bucket: 'B#',
} as const;
