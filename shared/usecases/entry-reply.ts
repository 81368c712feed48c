import { toFrame } from '../domain/entry-frame.ts';
import type { EntryData, EntryEvent } from '../protocol/entries.ts';
import type { Appended } from './append.ts';

/** The reply to a command that appends: its entry's `data` (LOG-3), or the state as it is (RETRY-1). */
export function entryReply<E extends EntryEvent, A>(result: Appended<A>, ...events: readonly E[]): EntryData<E> | A {
  if (result.outcome === 'unchanged') return result.answer;
  const { event, data } = toFrame(result.entry);
  if (!(events as readonly EntryEvent[]).includes(event))
    throw new Error(`appended ${event}, not ${events.join(' or ')}`);
  return data as EntryData<E>;
}
