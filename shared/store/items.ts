import * as z from 'zod';
import type { Connection, PresenceRow, Subscription } from '../domain/connection.ts';
import type { Conversation, Member } from '../domain/conversation.ts';
import { defined } from '../domain/defined.ts';
import { count, storedTime } from '../domain/entries/entry-kind.ts';
import { type Entry, type EntryHeader, entryKinds } from '../domain/entry.ts';
import { entryEvents } from '../protocol/entries.ts';
import { kind, role, status } from '../protocol/identifiers.ts';
import {
  connectionKey,
  conversationKey,
  entryKey,
  type Key,
  memberKey,
  membershipIndexKey,
  type ParsedKey,
  parseKey,
  parseRoomName,
  presenceKey,
  roomName,
  subscriptionKey,
} from './keys.ts';

/**
 * Every stored item, as it is written and parsed when it is read. What the key says is not stored again. Rows that end
 * hold `expiresAtMs`, by which reads filter to the millisecond, and `expiresAt`, the same in whole seconds, rounded up,
 * because time-to-live knows only seconds and must not take a row that is still valid.
 */
export type Item = Readonly<Record<string, unknown>>;

/** A schema of every field of a row that its key does not hold: one that is forgotten here does not compile. */
type Shape<Row, InKey extends keyof Row> = { readonly [Field in Exclude<keyof Row, InKey>]-?: z.ZodType<Row[Field]> };

const entryHeader = z.object({
  at: storedTime,
  senderId: z.string(),
  senderTat: z.number(),
  clientMessageId: z.string().optional(),
  requestId: z.string().optional(),
  origin: z.string().optional(),
  n: count,
  lastMessageSeq: count,
  owners: count,
  members: count,
  slowModeSeconds: count,
  tat: z.number(),
} satisfies Shape<EntryHeader, 'conversationId' | 'seq'>);

const entryKindName = z.object({ kind: z.enum(entryEvents) });

const conversationItem = z.object({
  epoch: z.string(),
  kind,
  name: z.string().optional(),
  createdBy: z.string(),
  createdAt: storedTime,
  slowModeSeconds: count.optional(),
  userIds: z.array(z.string()).optional(),
  initial: z.object({ owners: count, members: count }),
} satisfies Shape<Conversation, 'conversationId'>);

const memberItem = z.object({
  kind,
  state: z.enum(['active', 'left', 'banned']),
  role,
  joinedAt: storedTime,
  readSeq: count,
  readN: count,
  deliveredSeq: count,
  mutedUntil: storedTime.optional(),
  lastSentAt: storedTime.optional(),
  origin: z.string().optional(),
} satisfies Shape<Member, 'conversationId' | 'userId'>);

const connectionItem = z.object({
  userId: z.string(),
  tokenExpiresAt: z.number(),
  connectedAt: z.number(),
  expiresAtMs: z.number(),
  rooms: z.record(z.string(), count),
});

const subscriptionItem = z.object({ connectedAt: z.number(), expiresAtMs: z.number() });

const presenceItem = z.object({
  online: z.boolean(),
  status,
  version: z.number(),
  lastSeenAt: z.number(),
  expiresAtMs: z.number().optional(),
} satisfies Shape<Omit<PresenceRow, 'expiresAt'>, 'room' | 'userId'> & { expiresAtMs: unknown });

const bucketItem = z.object({ tat: z.number() });

export function toEntryItem({ conversationId, seq, ...fields }: Entry): Item {
  const noReactions = fields.kind === 'receive-message' && fields.reactions.length === 0;
  return { ...entryKey(conversationId, seq), ...defined({ ...fields, ...(noReactions && { reactions: undefined }) }) };
}

export function parseEntryItem(item: Item): Entry {
  const { conversationId, seq } = keyOf(item, 'entry');
  const { kind } = entryKindName.parse(item);
  // The header's fields and those of the kind that is named, which TypeScript does not follow through the union.
  const fields = { ...entryHeader.parse(item), ...entryKinds[kind].body.parse(item) };
  return { ...fields, kind, conversationId, seq } as Entry;
}

export function toConversationItem({ conversationId, ...fields }: Conversation): Item {
  return { ...conversationKey(conversationId), ...defined(fields) };
}

export function parseConversationItem(item: Item): Conversation {
  const { conversationId } = keyOf(item, 'conversation');
  return { ...conversationItem.parse(item), conversationId };
}

export function toMemberItem({ conversationId, userId, ...fields }: Member): Item {
  const index = fields.state === 'active' && membershipIndexKey(conversationId, userId);
  return { ...memberKey(conversationId, userId), ...index, ...defined(fields) };
}

export function parseMemberItem(item: Item): Member {
  const { conversationId, userId } = keyOf(item, 'member');
  return { ...memberItem.parse(item), conversationId, userId };
}

/** Whose row an item of the index is: the index holds keys alone. */
export function identifyMember(item: Item): Pick<Member, 'conversationId' | 'userId'> {
  return keyOf(item, 'member');
}

export function toConnectionItem({ connectionId, rooms, expiresAt, ...fields }: Connection): Item {
  const shards = Object.fromEntries(rooms.map(({ room, shard }) => [roomName(room), shard]));
  return { ...connectionKey(connectionId), ...fields, ...expiry(expiresAt), rooms: shards };
}

export function parseConnectionItem(item: Item): Connection {
  const { connectionId } = keyOf(item, 'connection');
  const { rooms, expiresAtMs, ...fields } = connectionItem.parse(item);
  const held = Object.entries(rooms).map(([name, shard]) => ({ room: parseRoomName(name), shard }));
  return { ...fields, connectionId, expiresAt: expiresAtMs, rooms: held };
}

export function toSubscriptionItem({ room, shard, userId, connectionId, connectedAt, expiresAt }: Subscription): Item {
  return { ...subscriptionKey(room, shard, userId, connectionId), connectedAt, ...expiry(expiresAt) };
}

export function parseSubscriptionItem(item: Item): Subscription {
  const { item: _, ...place } = keyOf(item, 'subscription');
  const { connectedAt, expiresAtMs } = subscriptionItem.parse(item);
  return { ...place, connectedAt, expiresAt: expiresAtMs };
}

export function toPresenceItem({ room, userId, expiresAt, ...fields }: PresenceRow): Item {
  const end = expiresAt === undefined ? undefined : expiry(expiresAt);
  return { ...presenceKey(room, userId), ...defined(fields), ...end };
}

export function parsePresenceItem(item: Item): PresenceRow {
  const { room, userId } = keyOf(item, 'presence');
  const { expiresAtMs, ...fields } = presenceItem.parse(item);
  return { ...fields, room, userId, ...(expiresAtMs !== undefined && { expiresAt: expiresAtMs }) };
}

/** A bucket's theoretical arrival time in ms. */
export function parseBucketItem(item: Item): number {
  return bucketItem.parse(item).tat;
}

/** Both attributes of an end. `expiresAtMs`: ms since the epoch. */
export function expiry(expiresAtMs: number) {
  return { expiresAtMs, expiresAt: Math.ceil(expiresAtMs / 1000) };
}

const key = z.object({ pk: z.string(), sk: z.string() });

/** What an item is, by its key. Throws if nothing stored has such a key. */
export function identify(item: Item): ParsedKey {
  return parseKey(key.parse(item) satisfies Key);
}

function keyOf<Kind extends ParsedKey['item']>(item: Item, kind: Kind): Extract<ParsedKey, { item: Kind }> {
  const parsed = identify(item);
  if (parsed.item !== kind) throw new Error(`expected the item to be of kind ${kind}, it is of ${parsed.item}`);
  return parsed as Extract<ParsedKey, { item: Kind }>;
}
