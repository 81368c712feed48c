import { type ChatMessage, type Conversation, limits } from '@parley/client';

/** The user ids of those who reacted, by emoji. */
export type Reactors = ReadonlyMap<string, readonly string[]>;

/** Further than this nobody waits for some names. */
const PAGES_MAX = 20;
const known = new WeakMap<ChatMessage, Promise<Reactors>>();

/**
 * Who reacted to a message. A message has only the counts; the names are in the log after it, and are read there once
 * for each state of the message. Some may be missing where the log is long.
 */
export function reactorsOf(conversation: Conversation, message: ChatMessage): Promise<Reactors> {
  const found = known.get(message) ?? read(conversation, message);
  known.set(message, found);
  // What failed is read again the next time.
  found.catch(() => known.delete(message));
  return found;
}

async function read(conversation: Conversation, { seq = 0, reactions }: ChatMessage): Promise<Reactors> {
  const names = new Map<string, Set<string>>(reactions.map(({ emoji }) => [emoji, new Set()]));
  const complete = () => reactions.every(({ emoji, count }) => names.get(emoji)?.size === count);
  let after = seq;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { entries, hasMore } = await conversation.history({ after, limit: limits.historyLimitMax });
    for (const { event, data } of entries) {
      after = data.seq;
      if (event !== 'reaction-added' && event !== 'reaction-removed') continue;
      if (data.targetSeq !== seq) continue;
      const users = names.get(data.emoji);
      if (event === 'reaction-added') users?.add(data.userId);
      else users?.delete(data.userId);
    }
    if (!hasMore || entries.length === 0 || complete()) break;
  }
  return new Map([...names].map(([emoji, users]) => [emoji, [...users]]));
}
