/** How much is unread; `atMost`: no more than that, because more entries came than are counted (READ-2). */
export interface Unread {
  readonly count: number;
  readonly atMost: boolean;
}

const COUNTED_MAX = 99;
/** So many entries are counted exactly; beyond that a number would be one that nobody can find again. */
const BOUND_MAX = 50;

/** What a conversation says of itself; nothing is unread until it knows. */
export function unreadOf(conversation: {
  readonly unread: number | undefined;
  readonly unreadAtMost: boolean;
}): Unread {
  const { unread: count = 0, unreadAtMost: atMost } = conversation;
  return { count, atMost };
}

/** All of it together. The sum with an upper bound is one. */
export function sumOf(all: readonly Unread[]): Unread {
  return { count: all.reduce((sum, { count }) => sum + count, 0), atMost: all.some(({ atMost }) => atMost) };
}

/** As a badge and the title show it: `7`, `99+`, or `50+` for an upper bound above 50. */
export function badgeText({ count, atMost }: Unread): string {
  const most = atMost ? BOUND_MAX : COUNTED_MAX;
  return count > most ? `${most}+` : String(count);
}

/** The same in words, and in full. */
export function unreadText({ count, atMost }: Unread): string {
  return atMost ? `up to ${count} unread` : `${count} unread`;
}
