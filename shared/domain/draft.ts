import { Refusal } from '../protocol/errors.ts';
import { jsonBytes } from '../protocol/frames.ts';
import { ENTRY_MAX_BYTES, RATES } from '../protocol/limits.ts';
import { type Entry, type EntryBody, entryKinds, type RunningState } from './entry.ts';
import { toFrame } from './entry-frame.ts';
import { type LogTail, senderTat } from './log-tail.ts';
import type { Change } from './ports.ts';
import { take } from './rate.ts';

/** What a decision wants written: the entry's body and what must change with it. */
export interface Draft {
  /** A message's body gets its own seq as `rev` when the entry is numbered. */
  readonly body: EntryBody;
  /** What changes with it, given the entry's own seq, time and `n`. */
  readonly changes: (seq: number, at: string, n: number) => readonly Change[];
  /** How the conversation's running state moves, beside what the body itself implies. */
  readonly running?: Partial<Pick<RunningState, 'owners' | 'members' | 'slowModeSeconds'>>;
}

/** Who appends, by which frame, for whom a twin is recognised. */
export interface Author {
  readonly userId: string;
  readonly connectionId: string;
  /** The gateway's id of the frame. */
  readonly requestId: string;
  readonly clientMessageId?: string;
}

/**
 * Numbers a draft: entry `head + 1` with the running state moved on, and the changes that go with it. Throws
 * `rate-limited` (conversation, and for messages the sender) or `too-large`.
 */
export function numberDraft(conversationId: string, tail: LogTail, author: Author, draft: Draft, nowMs: number) {
  const seq = tail.head + 1;
  const isMessage = draft.body.kind === 'receive-message';
  const { clientMessageId, requestId } = author;
  const entry: Entry = {
    ...draft.body,
    ...(isMessage && { rev: seq }),
    conversationId,
    seq,
    at: new Date(Math.max(nowMs, Date.parse(tail.entries.at(-1)?.at ?? '') || 0)).toISOString(),
    senderId: author.userId,
    ...(clientMessageId !== undefined ? { clientMessageId } : { requestId }),
    origin: author.connectionId,
    ...rates(tail, author.userId, draft.body, nowMs),
    n: tail.running.n + (isMessage ? 1 : 0),
    lastMessageSeq: isMessage ? seq : tail.running.lastMessageSeq,
    owners: draft.running?.owners ?? tail.running.owners,
    members: draft.running?.members ?? tail.running.members,
    slowModeSeconds: draft.running?.slowModeSeconds ?? tail.running.slowModeSeconds,
  };
  if (jsonBytes(toFrame(entry)) > ENTRY_MAX_BYTES) {
    throw new Refusal('too-large', `an entry has at most ${ENTRY_MAX_BYTES} bytes`);
  }
  return { entry, changes: draft.changes(seq, entry.at, entry.n) };
}

function rates(tail: LogTail, senderId: string, body: EntryBody, nowMs: number): { tat: number; senderTat: number } {
  const own = senderTat(tail, senderId);
  const sent = body.kind === 'receive-message' ? take(RATES.send, own, nowMs) : { ok: true as const, tat: own };
  if (!sent.ok) throw rateLimited('you send too fast', sent.retryAfterMs);
  const all = take(RATES.conversation, tail.running.tat, nowMs);
  if (all.ok) return { tat: all.tat, senderTat: sent.tat };
  if (!entryKinds[body.kind].exemptFromRate) throw rateLimited('the conversation is too busy', all.retryAfterMs);
  return { tat: tail.running.tat, senderTat: sent.tat };
}

/** A refusal that says when to try again. */
export function rateLimited(reason: string, retryAfterMs: number): Refusal {
  return new Refusal('rate-limited', reason, { retryAfterMs });
}
