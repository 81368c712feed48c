import type { BusDetail, BusEvent, PublishToBus } from '../domain/bus-events.ts';
import { userRoom } from '../domain/connection.ts';
import type { Member } from '../domain/conversation.ts';
import { toConversation } from '../domain/conversation-shape.ts';
import type { Entry } from '../domain/entry.ts';
import { toFrame } from '../domain/entry-frame.ts';
import type { ConversationStore } from '../domain/ports.ts';
import { jsonBytes } from '../protocol/frames.ts';

/** A change of the chat table that others must hear about, with the stream record that it came in. */
export type ChatChange = { readonly recordId: string; readonly createdAt: number } & (
  | { readonly type: 'entry'; readonly entry: Entry }
  | { readonly type: 'member-became-active'; readonly member: Member }
);

/** Log positions whose delivery was given up; a redrive reads the log. */
export interface Undelivered {
  readonly conversationId: string;
  readonly from: number;
  readonly to: number;
}

export interface PublishDeps {
  readonly conversations: Pick<ConversationStore, 'conversation'>;
  readonly publish: PublishToBus;
  readonly giveUp: (positions: readonly Undelivered[]) => Promise<void>;
  readonly now: () => number;
}

/** The bus takes events of 256 KB, and the retry of one carries the same text once more escaped. */
const EVENT_MAX_BYTES = 128 * 1024;
/** How long the stream tries again; then the positions are kept in a queue, so that newer entries are not held up. */
const GIVE_UP_AFTER_MS = 60_000;

/**
 * The outbox's hand-over: entries grouped by conversation into one event each, because the bus calls its target once
 * per event and would undo the stream's batching. Gives the records that must come again; clients drop what was
 * published twice by its seq (LOG-5).
 */
export async function publishChanges(deps: PublishDeps, changes: readonly ChatChange[]): Promise<readonly string[]> {
  const pending = new Map<BusEvent, readonly ChatChange[]>();
  const entries = changes.filter((change) => change.type === 'entry');
  for (const group of Map.groupBy(entries, ({ entry }) => entry.conversationId).values()) {
    for (const part of split(group)) pending.set(entriesAppended(part.map(({ entry }) => entry)), part);
  }
  const joined = changes.filter((change) => change.type === 'member-became-active');
  for (const [conversationId, group] of Map.groupBy(joined, ({ member }) => member.conversationId)) {
    const event = await conversationCreated(
      deps,
      conversationId,
      group.map(({ member }) => member),
    );
    if (event) pending.set(event, group);
  }
  const refused = await deps.publish([...pending.keys()]);
  const failed = refused.map((event) => ({ event, changes: pending.get(event) ?? [] }));
  const old = ({ changes }: { changes: readonly ChatChange[] }) =>
    changes.every(({ createdAt }) => deps.now() - createdAt > GIVE_UP_AFTER_MS);
  const givenUp = failed.filter((failure) => failure.event.type === 'entries-appended' && old(failure));
  if (givenUp.length > 0)
    await deps.giveUp(givenUp.map(({ event }) => positions(event.detail as BusDetail<'entries-appended'>)));
  return failed
    .filter((failure) => !givenUp.includes(failure))
    .flatMap(({ changes }) => changes.map(({ recordId }) => recordId));
}

function split<T extends { entry: Entry }>(group: readonly T[]): T[][] {
  const parts: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of group.toSorted((a, b) => a.entry.seq - b.entry.seq)) {
    const size = jsonBytes(toFrame(item.entry)) + 128;
    bytes += size;
    if (bytes > EVENT_MAX_BYTES) {
      parts.push([]);
      bytes = size;
    }
    (parts.at(-1) as T[]).push(item);
  }
  return parts;
}

function entriesAppended(entries: readonly Entry[]): BusEvent {
  const { conversationId, seq: from } = entries[0] as Entry;
  const { seq: to } = entries.at(-1) as Entry;
  const frames = entries.map((entry) => ({ frame: toFrame(entry), ...(entry.origin && { origin: entry.origin }) }));
  return { type: 'entries-appended', detail: { conversationId, from, to, entries: frames } };
}

function positions({ conversationId, from, to }: BusDetail<'entries-appended'>): Undelivered {
  return { conversationId, from, to };
}

/** Announced to each user whose membership became active; not in channels, which users join by themselves. */
async function conversationCreated(
  deps: PublishDeps,
  conversationId: string,
  members: readonly Member[],
): Promise<BusEvent | undefined> {
  if (members.every(({ kind }) => kind === 'channel')) return undefined;
  const conversation = await deps.conversations.conversation(conversationId);
  if (!conversation) return undefined;
  const rooms = members.map(({ userId }) => userRoom(userId));
  const except = members.find(({ origin }) => origin !== undefined)?.origin;
  const frames = [{ event: 'conversation-created', data: { ...toConversation(conversation) } }];
  return { type: 'frames-to-rooms', detail: { rooms, frames, ...(except !== undefined && { except }) } };
}
