import type { EntryFrame, Message } from '../protocol/entries.ts';
import { defined } from './defined.ts';
import { type Entry, entryKinds, type MessageEntry } from './entry.ts';

const NOBODY: ReadonlySet<string> = new Set();

/**
 * A message as `viewer` sees it: `mine` are the emojis with which that user reacted to it. In a push, which is the same
 * for all, nothing is anybody's.
 */
export function toMessage(entry: MessageEntry, mine?: ReadonlySet<string>): Message {
  return toFrame(entry, mine).data as Message;
}

/** An entry as the frame that is pushed and replayed alike. */
export function toFrame(entry: Entry, mine: ReadonlySet<string> = NOBODY): EntryFrame {
  // The record is the entry's own, so its `data` takes it; TypeScript does not follow that through the union.
  const { data } = entryKinds[entry.kind];
  return { event: entry.kind, data: defined(data(entry as never, mine)) } as EntryFrame;
}
