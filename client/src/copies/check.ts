import type { Message } from '../protocol.ts';
import type { StoredCopy } from './storage.ts';

/** Whether what was stored can be gone on from: of this shape and user, and without a hole. Throws nothing. */
export function isWhole(row: StoredCopy, userId: string): boolean {
  try {
    const { base, conversationId, epoch, info, marks, messages, n, position, role } = row;
    return (
      row.version === 1 &&
      row.userId === userId &&
      info.conversationId === conversationId &&
      [conversationId, epoch, info.kind, role].every((each) => typeof each === 'string') &&
      [base, position, n, row.storedAt].every(Number.isFinite) &&
      marks.every((mark) => typeof mark.userId === 'string' && mark.readSeq >= 0 && mark.deliveredSeq >= 0) &&
      // `n` counts the messages of the log: where it jumps, one is missing.
      messages.every((message, index) => isMessage(message) && message.n === n - messages.length + 1 + index) &&
      isAscending([base, ...messages.map(({ seq }) => seq), position + 1])
    );
  } catch {
    return false;
  }
}

function isMessage({ createdAt, reactions, rev, seq, senderId }: Message): boolean {
  const isText = typeof senderId === 'string' && typeof createdAt === 'string';
  return isText && rev >= seq && reactions.every(({ emoji }) => typeof emoji === 'string');
}

function isAscending(seqs: readonly number[]): boolean {
  return seqs.every((seq, index) => index === 0 || seq > (seqs[index - 1] as number));
}
