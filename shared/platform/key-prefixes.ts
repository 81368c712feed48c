/**
 * The beginnings of partition and sort keys. They stand here because the stack writes its stream filters and the key
 * conditions of its policies with them. Keys themselves are built and parsed in `shared/store/keys.ts` alone.
 */
export const KEY_PREFIXES = {
  /** pk of a conversation's log. */
  logEntry: 'L#',
  /** pk of a conversation and its members. */
  conversation: 'C#',
  /** sk of a member row. */
  member: 'M#',
  /** pk of the reactions to a conversation's messages. */
  reaction: 'X#',
  /** pk of a user's memberships, in the index alone. */
  user: 'U#',
  /** pk of a connection. */
  connection: 'K#',
  /** pk of a room's subscriptions (one shard of them). */
  subscription: 'R#',
  /** pk of a room's presence rows. */
  presence: 'P#',
  /** pk of a user's buckets. */
  bucket: 'B#',
} as const;
