import type { BusEvent, PublishToBus } from '../domain/bus-events.ts';
import { userRoom } from '../domain/connection.ts';
import type { Member } from '../domain/conversation.ts';
import { toConversation } from '../domain/conversation-shape.ts';
import type { Entry } from '../domain/entry.ts';
import { toFrame } from '../domain/entry-frame.ts';
import { mapBounded } from '../domain/map-bounded.ts';
import type { ConversationStore } from '../domain/ports.ts';
import type { Report } from '../domain/report.ts';
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
  readonly report: Report;
}

/** Half of what the bus takes, so that with its origins an event stays below. */
const EVENT_MAX_BYTES = 128 * 1024;
/** How long the stream tries again; then the positions are kept in a queue, so that newer entries are not held up. */
const GIVE_UP_AFTER_MS = 60_000;

/** What goes into one event, and comes again or is given up together. */
interface Parcel {
  readonly changes: readonly ChatChange[];
  /** Undefined if it could not be made. */
  readonly event: BusEvent | undefined;
  /** The log positions in it; an announcement has none. */
  readonly positions: Undelivered | undefined;
}

/**
 * The outbox's hand-over: entries grouped by conversation into one event each, because the bus calls its target once
 * per event and would undo the stream's batching. Gives the records that must come again; clients drop what was
 * published twice by its seq (LOG-5).
 *
 * All that stands behind a record which comes again comes again with it. So after a minute a failure is given up,
 * whatever its reason: of entries the positions are kept, and an announcement is dropped with an alarm.
 */
export async function publishChanges(deps: PublishDeps, changes: readonly ChatChange[]): Promise<readonly string[]> {
  const parcels = [...entryParcels(changes), ...(await announcements(deps, changes))];
  const events = parcels.flatMap(({ event }) => event ?? []);
  const refused = new Set(await deps.publish(events));
  const failed = parcels.filter(({ event }) => !event || refused.has(event));
  const isOld = ({ createdAt }: ChatChange) => deps.now() - createdAt > GIVE_UP_AFTER_MS;
  const givenUp = failed.filter((parcel) => parcel.changes.every(isOld));
  const positions = givenUp.flatMap((parcel) => parcel.positions ?? []);
  if (positions.length > 0) await deps.giveUp(positions);
  const unannounced = givenUp.filter((parcel) => !parcel.positions).length;
  // Those users find the conversation in their list, when they connect the next time.
  if (unannounced > 0) deps.report('delivery-dropped', new Error('a conversation was not announced'), unannounced);
  return failed
    .filter((parcel) => !givenUp.includes(parcel))
    .flatMap((parcel) => parcel.changes.map(({ recordId }) => recordId));
}

function entryParcels(changes: readonly ChatChange[]): Parcel[] {
  const entries = changes.filter((change) => change.type === 'entry');
  const groups = Map.groupBy(entries, ({ entry }) => entry.conversationId);
  return [...groups.values()].flatMap(split).map((part) => {
    const { conversationId, seq: from } = (part[0] as (typeof part)[number]).entry;
    const { seq: to } = (part.at(-1) as (typeof part)[number]).entry;
    const positions = { conversationId, from, to };
    return { changes: part, positions, event: entriesAppended(positions, part) };
  });
}

/** One conversation that cannot be read must not keep the entries of others from the bus. */
async function announcements(deps: PublishDeps, changes: readonly ChatChange[]): Promise<Parcel[]> {
  const joined = changes.filter((change) => change.type === 'member-became-active');
  const groups = Map.groupBy(joined, ({ member }) => member.conversationId);
  const parcels = await mapBounded(groups, async ([conversationId, group]): Promise<Parcel[]> => {
    const members = group.map(({ member }) => member);
    try {
      const event = await conversationCreated(deps, conversationId, members);
      return event ? [{ changes: group, event, positions: undefined }] : [];
    } catch (error) {
      deps.report('announce-conversation', error);
      return [{ changes: group, event: undefined, positions: undefined }];
    }
  });
  return parcels.flat();
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

function entriesAppended(positions: Undelivered, part: readonly { readonly entry: Entry }[]): BusEvent {
  const entries = part.map(({ entry }) => ({
    frame: toFrame(entry),
    ...(entry.origin && { origin: entry.origin }),
  }));
  return { type: 'entries-appended', detail: { ...positions, entries } };
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
