import type { BusDetail, PublishToBus } from '../domain/bus-events.ts';
import { conversationRoom, type Subscription, userRoom } from '../domain/connection.ts';
import { isMessage } from '../domain/entry.ts';
import { toFrame } from '../domain/entry-frame.ts';
import type { LogStore, Stores } from '../domain/ports.ts';
import type { EntryFrame } from '../protocol/entries.ts';
import { type PushFrame, packFrames } from '../protocol/frames.ts';
import { type Post, type PostDeps, postAll, toPost } from './post-all.ts';
import { findRecipients } from './recipients.ts';
import { retryEvents } from './retry-events.ts';

export type BroadcastDeps = Omit<PostDeps, 'connections'> & {
  readonly stores: Stores;
  readonly connections: Stores['connections'];
  readonly publish: PublishToBus;
  /** Ends the delivery of a conversation to a user who is not a member any more. */
  readonly unsubscribe: (conversationId: string, userId: string) => Promise<void>;
};

/** Within the function's time-out, so that what is still owed can be handed on. */
const BUDGET_MS = 10_000;
const MAX_RETRY_EVENTS = 3;
/** A frame that is older is worth less than what the recipient's own catch-up brings. */
const MAX_RETRY_AGE_MS = 60_000;

interface Delivered {
  readonly frame: EntryFrame;
  readonly origin?: string | undefined;
}

/**
 * The end of the durable lane: posts entries of one conversation to its room, several as one `batch` (ENV-6). The
 * connection that caused an entry is left out: it has its reply. A user who was removed or banned is unsubscribed
 * first, in case the handler died after the commit (MEMB-3), and gets the entry in the user room (MEMB-1).
 */
export async function broadcastEntries(deps: BroadcastDeps, detail: BusDetail<'entries-appended'>): Promise<void> {
  const { conversationId } = detail;
  const entries: readonly Delivered[] = detail.entries ?? (await readEntries(deps.stores.log, detail));
  const removals = Map.groupBy(entries, ({ frame }) => removedUser(frame));
  removals.delete(undefined);
  for (const userId of removals.keys()) await deps.unsubscribe(conversationId, userId as string);
  const now = deps.clock.now();
  const inRoom = await findRecipients(deps.connections, { rooms: [conversationRoom(conversationId)] }, now);
  const posts = new Map(toPosts(inRoom, entries).map((post) => [post.connectionId, post]));
  for (const [userId, own] of removals) {
    const subject = await findRecipients(deps.connections, { rooms: [userRoom(userId as string)] }, now);
    for (const post of toPosts(subject, own)) if (!posts.has(post.connectionId)) posts.set(post.connectionId, post);
  }
  await postOrRetry(deps, [...posts.values()], { attempt: 0, startedAt: now });
}

/** Posts ephemeral frames that came over the bus: presence, and conversations that a user was added to. */
export async function broadcastFrames(deps: BroadcastDeps, detail: BusDetail<'frames-to-rooms'>): Promise<void> {
  const { frames, ...query } = detail;
  const now = deps.clock.now();
  const recipients = await findRecipients(deps.connections, query, now);
  const texts = packFrames(frames as PushFrame[]);
  await postOrRetry(
    deps,
    recipients.map((subscription) => toPost(subscription, texts)),
    { attempt: 0, startedAt: now },
  );
}

/** Posts what an earlier broadcast could not. */
export async function broadcastAgain(deps: BroadcastDeps, detail: BusDetail<'delivery-retry'>): Promise<void> {
  const { texts, connections } = detail;
  await postOrRetry(
    deps,
    connections.map((connection) => ({ ...connection, texts })),
    detail,
  );
}

/** The user whom an entry takes out of the conversation; undefined if it takes out nobody. */
function removedUser(frame: EntryFrame): string | undefined {
  if (frame.event === 'member-left') return frame.data.userId;
  return frame.event === 'member-updated' && frame.data.banned === true ? frame.data.userId : undefined;
}

/**
 * A redrive names positions only; the log holds the rest, in its present state (LOG-4). A message with reactions is
 * left out: whose they are differs by reader, and no later entry would set that right. A client that lacks it sees the
 * gap, and reads it.
 */
async function readEntries(
  log: LogStore,
  { conversationId, from, to }: BusDetail<'entries-appended'>,
): Promise<Delivered[]> {
  const page = await log.read(conversationId, {
    after: from - 1,
    before: to + 1,
    limit: to - from + 1,
    from: 'oldest',
  });
  const pushable = page.entries.filter((entry) => !isMessage(entry) || entry.reactions.length === 0);
  return pushable.map((entry) => ({ frame: toFrame(entry), origin: entry.origin }));
}

/** All but the origins share the same packed texts, so a large room is packed once. */
function toPosts(recipients: readonly Subscription[], entries: readonly Delivered[]): Post[] {
  const origins = new Set(entries.map(({ origin }) => origin));
  const common = packFrames(entries.map(({ frame }) => frame));
  return recipients.flatMap((subscription) => {
    const { connectionId } = subscription;
    const texts = origins.has(connectionId)
      ? packFrames(entries.filter(({ origin }) => origin !== connectionId).map(({ frame }) => frame))
      : common;
    return texts.length > 0 ? [toPost(subscription, texts)] : [];
  });
}

/**
 * Posts; what is owed after the budget goes into retry events, at most three times and not older than a minute. Then it
 * is dropped with a metric: the recipient's log gap (LOG-5) or next `ping` (CONN-4) makes it whole.
 */
async function postOrRetry(deps: BroadcastDeps, posts: readonly Post[], from: { attempt: number; startedAt: number }) {
  const owed = await postAll(deps, posts, BUDGET_MS);
  if (owed.length === 0) return;
  const drop = (reason: string, count: number) => deps.report('delivery-dropped', new Error(reason), count);
  const tooOld = deps.clock.now() - from.startedAt > MAX_RETRY_AGE_MS;
  if (from.attempt >= MAX_RETRY_EVENTS || tooOld) return drop('retries are used up', owed.length);
  const events = retryEvents(owed, { attempt: from.attempt + 1, startedAt: from.startedAt });
  const refused = await deps.publish(events);
  const lost = new Set(
    refused.flatMap((event) =>
      event.type === 'delivery-retry' ? event.detail.connections.map(({ connectionId }) => connectionId) : [],
    ),
  );
  if (lost.size > 0) drop('the bus did not take the retry', lost.size);
}
