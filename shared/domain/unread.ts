import type { Member } from './conversation.ts';
import { type Entry, isMessage } from './entry.ts';

/** The end of a log as a reader saw it: its newest seq, and the messages up to there. Both 0 in an empty log. */
export interface LogEnd {
  readonly head: number;
  readonly n: number;
}

/** READ-2: all messages after the read mark, deleted ones and the reader's own too. No more can be unread. */
export function mostUnread({ readSeq, readN }: Pick<Member, 'readSeq' | 'readN'>, { head, n }: LogEnd): number {
  return head > readSeq ? Math.max(0, n - readN) : 0;
}

/**
 * READ-2: the messages among `entries` that are neither deleted nor the reader's own.
 *
 * @param entries all after the read mark, up to some entry. What deleted one of their messages is then among them, so
 * that nothing is looked at but what never changes in an entry: the count is as of the last of them, however old or new
 * the state is in which the messages were read.
 */
export function countUnread(entries: readonly Entry[], userId: string): number {
  const deleted = new Set(entries.map((entry) => (entry.kind === 'message-deleted' ? entry.targetSeq : 0)));
  return entries.filter((entry) => isMessage(entry) && entry.senderId !== userId && !deleted.has(entry.seq)).length;
}
