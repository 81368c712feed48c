import type { Conversation } from './conversation.ts';
import { dedupeId, type Entry, type RunningState } from './entry.ts';

/** How many of the newest entries a decision sees at least (SEND-3: the twin is looked for among them). */
export const TAIL_ENTRIES = 25;

/** What a decision knows of a log: a contiguous run of entries up to the head it saw. */
export interface LogTail {
  readonly head: number;
  /** Ascending, contiguous, the last one is the head; empty if the log is. */
  readonly entries: readonly Entry[];
  readonly running: RunningState;
}

/** The log as its newest entries tell; an empty log's running state is the conversation's initial one. */
export function logTail(entries: readonly Entry[], conversation: Conversation | undefined): LogTail {
  const newest = entries.at(-1);
  if (newest) return { head: newest.seq, entries, running: newest };
  const { owners, members } = conversation?.initial ?? { owners: 0, members: 0 };
  const slowModeSeconds = conversation?.slowModeSeconds ?? 0;
  return { head: 0, entries, running: { n: 0, lastMessageSeq: 0, owners, members, slowModeSeconds, tat: 0 } };
}

/** The sender's earlier try of the same command, if the tail reaches back to it (SEND-3). */
export function twinOf(tail: LogTail, senderId: string, id: string): Entry | undefined {
  return tail.entries.findLast((entry) => entry.senderId === senderId && dedupeId(entry) === id);
}

/** The sender's own rate. A sender who is not in the tail starts afresh. */
export function senderTat(tail: LogTail, senderId: string): number {
  return tail.entries.findLast((entry) => entry.senderId === senderId)?.senderTat ?? 0;
}
