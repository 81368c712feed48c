import { type Entry, isMessage, type MessageEntry } from '../../shared/domain/entry.ts';
import type { AppendOutcome, Change, LogPage, LogRange, LogStore } from '../../shared/domain/ports.ts';
import { jsonBytes } from '../../shared/protocol/frames.ts';
import { changedMember, itemName, type MemoryState, memberIsAsExpected, requireTransaction } from './memory-state.ts';
import type { Sync } from './memory-stores.ts';

const ITEM_MAX_BYTES = 400 * 1024;

/** The log in memory. Each method is one atomic step. */
export function memoryLogStore(state: MemoryState): Sync<LogStore> {
  return {
    tail(conversationId, limit) {
      const lag = state.options.lag?.('tail', conversationId) ?? 0;
      return state.log(conversationId).behind(lag).slice(-limit);
    },
    head: (conversationId) => state.log(conversationId).current.at(-1),
    read: (conversationId, range) => readRange(state.log(conversationId).current, range),
    since: (conversationId, after, upTo) => state.log(conversationId).current.slice(after, upTo),
    entry: (conversationId, seq) => state.entry(conversationId, seq),
    append: (entry, changes) => append(state, entry, changes),
    reactions(conversationId, userId, fromSeq, toSeq) {
      return [...state.reactions.values()]
        .filter((one) => one.conversationId === conversationId && one.userId === userId)
        .filter(({ seq }) => seq >= fromSeq && seq <= toSeq)
        .map(({ seq, emoji }) => ({ seq, emoji }))
        .sort((a, b) => a.seq - b.seq);
    },
  };
}

function readRange(log: readonly Entry[], range: LogRange): LogPage {
  const { after = 0, before = Number.POSITIVE_INFINITY, limit, from, maxBytes = Number.POSITIVE_INFINITY } = range;
  const inRange = log.filter((entry) => entry.seq > after && entry.seq < before);
  if (from === 'newest') inRange.reverse();
  const entries: Entry[] = [];
  let bytes = 0;
  for (const entry of inRange) {
    if (entries.length >= limit || bytes >= maxBytes) break;
    entries.push(entry);
    bytes += jsonBytes(entry);
  }
  const hasMore = entries.length < inRange.length;
  return { entries: from === 'newest' ? entries.reverse() : entries, hasMore };
}

function append(state: MemoryState, entry: Entry, changes: readonly Change[]): AppendOutcome {
  const refused = refusal(state, entry, changes);
  if (refused) return refused;
  const rewritten: Entry[] = [];
  for (const change of changes) apply(state, entry.conversationId, change, rewritten);
  state.putEntries(entry.conversationId, [entry, ...rewritten]);
  return { committed: true };
}

/**
 * An append whose items are shown one by one: the first with the commit, each of the others in a turn of its own. What
 * it refuses is refused in one step.
 * @param turn waits for a turn and runs the step
 */
export async function splitAppend(
  state: MemoryState,
  [entry, changes]: Parameters<LogStore['append']>,
  turn: <T>(operation: string, step: () => T) => Promise<T>,
): Promise<AppendOutcome> {
  const { conversationId, seq } = entry;
  const showEntry = () => state.putEntries(conversationId, [entry]);
  const showChanges = changes.map((change) => () => {
    const rewritten: Entry[] = [];
    apply(state, conversationId, change, rewritten);
    if (rewritten.length > 0) state.putEntries(conversationId, rewritten);
  });
  const entryFirst = state.options.splitCommits === 'entry-first';
  const [first, ...others] = entryFirst ? [showEntry, ...showChanges] : [...showChanges, showEntry];
  const names = [`entry ${seq}`, ...changes.map(touched)].map((item) => itemName(conversationId, item));
  const refused = await turn('append', () => {
    const refused = refusal(state, entry, changes);
    if (refused) return refused;
    if (others.length > 0) for (const name of names) state.locked.add(name);
    first?.();
    return undefined;
  });
  if (refused) return refused;
  for (const [index, show] of others.entries()) {
    await turn('commit', () => {
      show();
      if (index === others.length - 1) for (const name of names) state.locked.delete(name);
    });
  }
  return { committed: true };
}

/** Why an append is not committed, if it is not; with the entry that took its place. */
function refusal(state: MemoryState, entry: Entry, changes: readonly Change[]): AppendOutcome | undefined {
  const { conversationId, seq } = entry;
  if (jsonBytes(entry) > ITEM_MAX_BYTES) throw new Error('an item has at most 400 KB');
  requireTransaction([`entry ${seq}`, ...changes.map((change) => touched(change))]);
  const length = state.log(conversationId).current.length;
  if (seq > length + 1) throw new Error(`entry ${seq} would leave a hole after ${length}`);
  const winner = state.entry(conversationId, seq);
  if (winner) return { committed: false, winner };
  if (changes.length > 0 && state.options.conflict?.('append')) return { committed: false };
  const items = [`entry ${seq}`, ...changes.map((change) => touched(change))];
  if (items.some((item) => state.locked.has(itemName(conversationId, item)))) return { committed: false };
  return changes.every((change) => holds(state, conversationId, change)) ? undefined : { committed: false };
}

function touched(change: Change): string {
  switch (change.type) {
    case 'message':
    case 'strip-edit':
      return `entry ${change.seq}`;
    case 'put-reaction':
    case 'delete-reaction':
      return `reaction ${change.userId} ${change.seq} ${change.emoji}`;
    case 'member':
      return `member ${change.next.userId}`;
    case 'last-sent':
    case 'sender':
      return `member ${change.expected.userId}`;
    case 'conversation':
      return 'conversation';
  }
}

function holds(state: MemoryState, conversationId: string, change: Change): boolean {
  switch (change.type) {
    case 'message': {
      const message = state.entry(conversationId, change.seq);
      return isMessage(message) && message.rev === change.expectedRev;
    }
    case 'strip-edit':
      return state.entry(conversationId, change.seq)?.kind === 'message-updated';
    case 'put-reaction':
    case 'delete-reaction': {
      const there = state.reactions.has(reactionKey(conversationId, change.userId, change.seq, change.emoji));
      return there === (change.type === 'delete-reaction');
    }
    case 'member': {
      const row = state.member(conversationId, change.next.userId);
      return memberIsAsExpected(row, change.expected, change.next);
    }
    case 'last-sent':
    case 'sender': {
      const row = state.member(conversationId, change.expected.userId);
      return (['state', 'role', 'mutedUntil', 'lastSentAt'] as const).every(
        (field) => row?.[field] === change.expected[field],
      );
    }
    case 'conversation':
      return state.conversations.has(conversationId);
  }
}

function apply(state: MemoryState, conversationId: string, change: Change, rewritten: Entry[]): void {
  switch (change.type) {
    case 'message': {
      const message = state.entry(conversationId, change.seq) as MessageEntry;
      const next = { ...message, ...change.set };
      rewritten.push({ ...next, reactions: next.reactions ?? [] });
      return;
    }
    case 'strip-edit':
      rewritten.push({ ...state.entry(conversationId, change.seq), content: undefined, mentions: undefined } as Entry);
      return;
    case 'put-reaction': {
      const { userId, seq, emoji } = change;
      const reaction = { conversationId, userId, seq, emoji };
      state.reactions.set(reactionKey(conversationId, userId, seq, emoji), reaction);
      return;
    }
    case 'delete-reaction':
      state.reactions.delete(reactionKey(conversationId, change.userId, change.seq, change.emoji));
      return;
    case 'member': {
      const row = state.member(conversationId, change.next.userId);
      state.putMember(changedMember(row, change.expected, change.next));
      return;
    }
    case 'sender':
      return;
    case 'last-sent': {
      const row = state.member(conversationId, change.expected.userId);
      if (row) state.putMember({ ...row, lastSentAt: change.at });
      return;
    }
    case 'conversation': {
      const conversation = state.conversations.get(conversationId);
      if (conversation) state.putConversation({ ...conversation, ...change.changes });
      return;
    }
  }
}

function reactionKey(conversationId: string, userId: string, seq: number, emoji: string): string {
  return JSON.stringify([conversationId, userId, seq, emoji]);
}
