import type { Entry } from '../../domain/entry.ts';
import { toFrame } from '../../domain/entry-frame.ts';
import type { LogRange, LogStore } from '../../domain/ports.ts';
import type { LogEnd } from '../../domain/unread.ts';
import type { EntryFrame } from '../../protocol/entries.ts';
import { fitItems } from '../../protocol/frames.ts';

/** A page of a log that may have to be cut further, to fit its frame. */
export interface Page {
  readonly entries: EntryFrame[];
  readonly head: number;
  readonly hasMore: boolean;
}

/** Reading more stored bytes would be wasted: a frame holds 32 KiB, and an entry is stored in about its size. */
const READ_MAX_BYTES = 256 * 1024;

/**
 * Reads a page in the order that hides nothing: head, then log, then the viewer's reactions. The caller reads the
 * viewer's member row last (MEMB-3). An entry committed in between is in the page and counts as its head.
 */
export async function readPage(
  log: LogStore,
  conversationId: string,
  viewerId: string,
  range: { readonly after?: number; readonly before?: number; readonly limit: number },
): Promise<Page & LogEnd> {
  const newest = range.after === undefined;
  const reading: LogRange = { ...range, from: newest ? 'newest' : 'oldest', maxBytes: READ_MAX_BYTES };
  const fromTheEnd = newest && range.before === undefined;
  const head = fromTheEnd ? undefined : await log.head(conversationId);
  const page = await log.read(conversationId, reading);
  const mine = await reactionsIn(log, conversationId, viewerId, page.entries);
  const last = page.entries.at(-1);
  const end = last && last.seq > (head?.seq ?? 0) ? last : head;
  return {
    entries: page.entries.map((entry) => toFrame(entry, mine.get(entry.seq))),
    head: end?.seq ?? 0,
    n: end?.n ?? 0,
    hasMore: page.hasMore,
  };
}

/** Cuts a page to `budgetBytes` at the end that `history` can fetch (PAGE-1); at least one entry stays. */
export function cutPage({ entries, head, hasMore }: Page, budgetBytes: number, forward: boolean): Page {
  const fitting = fitItems(entries, budgetBytes, forward ? 'start' : 'end');
  return { entries: fitting, head, hasMore: hasMore || fitting.length < entries.length };
}

async function reactionsIn(log: LogStore, conversationId: string, viewerId: string, entries: readonly Entry[]) {
  const reacted = entries.filter((entry) => entry.kind === 'receive-message' && entry.reactions.length > 0);
  const mine = new Map<number, Set<string>>();
  const [first, last] = [reacted.at(0), reacted.at(-1)];
  if (!first || !last) return mine;
  for (const { seq, emoji } of await log.reactions(conversationId, viewerId, first.seq, last.seq)) {
    mine.set(seq, (mine.get(seq) ?? new Set()).add(emoji));
  }
  return mine;
}
