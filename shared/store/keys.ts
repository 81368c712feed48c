import { type Bucket, conversationRoom, type Room, userRoom } from '../domain/connection.ts';
import { KEY_PREFIXES } from '../platform/key-prefixes.ts';
import { SEQ_MAX } from '../protocol/limits.ts';

/**
 * The one module that builds and parses keys. No id in a key holds the separator: a conversation's has no such character
 * (ENV-7), a connection's is base64, and a user's is escaped. An emoji may: the keycap of the number sign. It therefore
 * stands last in its key, and keys are parsed from the front.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A partition's items, all or those with `from` ≤ sk ≤ `to`. */
export interface KeyRange {
  readonly pk: string;
  readonly between?: { readonly from: string; readonly to: string };
}

/** What a key is the key of. */
export type ParsedKey =
  | { readonly item: 'conversation'; readonly conversationId: string }
  | { readonly item: 'member'; readonly conversationId: string; readonly userId: string }
  | { readonly item: 'entry'; readonly conversationId: string; readonly seq: number }
  | {
      readonly item: 'reaction';
      readonly conversationId: string;
      readonly userId: string;
      readonly seq: number;
      readonly emoji: string;
    }
  | { readonly item: 'connection'; readonly connectionId: string }
  | {
      readonly item: 'subscription';
      readonly room: Room;
      readonly shard: number;
      readonly userId: string;
      readonly connectionId: string;
    }
  | { readonly item: 'presence'; readonly room: Room; readonly userId: string }
  | { readonly item: 'bucket'; readonly bucket: Bucket };

const SEPARATOR = '#';
/** The character after the separator: `x$` is above every key that begins with `x#`, whatever follows, in bytes too. */
const PAST_SEPARATOR = '$';
/** `key` and this is the first key after `key`. */
const JUST_AFTER = '\u0000';
const ESCAPE = '%';
const SEQ_DIGITS = 12;
const META = 'META';
const CONNECTION_SK = 'K';
const TYPING = 'typing:';

export function conversationKey(conversationId: string): Key {
  return { pk: KEY_PREFIXES.conversation + conversationId, sk: META };
}

export function memberKey(conversationId: string, userId: string): Key {
  return { pk: KEY_PREFIXES.conversation + conversationId, sk: KEY_PREFIXES.member + escaped(userId) };
}

/** The index attributes of an active member's row: by them a user's conversations are found. */
export function membershipIndexKey(conversationId: string, userId: string) {
  return { gsi1pk: KEY_PREFIXES.user + escaped(userId), gsi1sk: KEY_PREFIXES.conversation + conversationId };
}

export function entryKey(conversationId: string, seq: number): Key {
  return { pk: KEY_PREFIXES.logEntry + conversationId, sk: padded(seq) };
}

export function reactionKey(conversationId: string, userId: string, seq: number, emoji: string): Key {
  return { pk: KEY_PREFIXES.reaction + conversationId, sk: [escaped(userId), padded(seq), emoji].join(SEPARATOR) };
}

export function connectionKey(connectionId: string): Key {
  return { pk: KEY_PREFIXES.connection + connectionId, sk: CONNECTION_SK };
}

export function subscriptionKey(room: Room, shard: number, userId: string, connectionId: string): Key {
  return { pk: subscriptionPartition(room, shard), sk: escaped(userId) + SEPARATOR + connectionId };
}

export function presenceKey(room: Room, userId: string): Key {
  return { pk: KEY_PREFIXES.presence + roomName(room), sk: escaped(userId) };
}

export function bucketKey(bucket: Bucket): Key {
  const sk = bucket.rate === 'typing' ? TYPING + bucket.conversationId : bucket.rate;
  return { pk: KEY_PREFIXES.bucket + escaped(bucket.userId), sk };
}

/** Entries with `after` < seq < `before`. */
export function entryRange(conversationId: string, after = 0, before = SEQ_MAX + 1): KeyRange {
  const between = { from: padded(after + 1), to: padded(before - 1) };
  return { pk: KEY_PREFIXES.logEntry + conversationId, between };
}

/** Members whose key comes after that of `after`. */
export function memberRange(conversationId: string, after: string | undefined): KeyRange {
  return {
    pk: KEY_PREFIXES.conversation + conversationId,
    between: following(KEY_PREFIXES.member, after === undefined ? undefined : escaped(after)),
  };
}

/** The index rows of a user's conversations whose id comes after `after`. */
export function membershipRange(userId: string, after: string | undefined): KeyRange {
  return { pk: KEY_PREFIXES.user + escaped(userId), between: following(KEY_PREFIXES.conversation, after) };
}

/** A user's reactions to the messages `fromSeq`…`toSeq`. */
export function reactionRange(conversationId: string, userId: string, fromSeq: number, toSeq: number): KeyRange {
  const from = escaped(userId) + SEPARATOR + padded(fromSeq);
  const to = escaped(userId) + SEPARATOR + padded(toSeq) + PAST_SEPARATOR;
  return { pk: KEY_PREFIXES.reaction + conversationId, between: { from, to } };
}

/** The subscriptions in one shard of a room, all or one user's. */
export function subscriptionRange(room: Room, shard: number, userId?: string): KeyRange {
  const pk = subscriptionPartition(room, shard);
  return userId === undefined ? { pk } : { pk, between: following(escaped(userId) + SEPARATOR) };
}

/** A room as a connection's row names it; the first colon ends the kind, ids may hold more. */
export function roomName({ kind, id }: Room): string {
  return `${kind}:${kind === 'user' ? escaped(id) : id}`;
}

/** Throws if it is not the name of a room. */
export function parseRoomName(name: string): Room {
  const [kind, id] = cut(name, ':');
  if (kind === 'conversation') return conversationRoom(id);
  if (kind === 'user') return userRoom(unescaped(id));
  throw new Error(`unable to parse a room; ${JSON.stringify(name)}`);
}

/** Throws if no item has such a key. */
export function parseKey({ pk, sk }: Key): ParsedKey {
  const [letter, id] = cut(pk, SEPARATOR);
  switch (letter + SEPARATOR) {
    case KEY_PREFIXES.conversation:
      if (sk === META) return { item: 'conversation', conversationId: id };
      if (!sk.startsWith(KEY_PREFIXES.member)) break;
      return { item: 'member', conversationId: id, userId: unescaped(sk.slice(KEY_PREFIXES.member.length)) };
    case KEY_PREFIXES.logEntry:
      return { item: 'entry', conversationId: id, seq: parseSeq(sk) };
    case KEY_PREFIXES.reaction: {
      const [userId, rest] = cut(sk, SEPARATOR);
      const [seq, emoji] = cut(rest, SEPARATOR);
      return { item: 'reaction', conversationId: id, userId: unescaped(userId), seq: parseSeq(seq), emoji };
    }
    case KEY_PREFIXES.connection:
      return { item: 'connection', connectionId: id };
    case KEY_PREFIXES.subscription: {
      const [name, shard] = cut(id, SEPARATOR);
      const [userId, connectionId] = cut(sk, SEPARATOR);
      const place = { room: parseRoomName(name), shard: Number(shard) };
      return { item: 'subscription', ...place, userId: unescaped(userId), connectionId };
    }
    case KEY_PREFIXES.presence:
      return { item: 'presence', room: parseRoomName(id), userId: unescaped(sk) };
    case KEY_PREFIXES.bucket:
      return { item: 'bucket', bucket: parseBucket(unescaped(id), sk) };
  }
  throw new Error(`unable to parse a key; ${JSON.stringify({ pk, sk })}`);
}

/** How an expression names an attribute: the mark is DynamoDB's own and has nothing to do with keys. */
export function namePlaceholder(index: number): string {
  return `#n${index}`;
}

function subscriptionPartition(room: Room, shard: number): string {
  return KEY_PREFIXES.subscription + roomName(room) + SEPARATOR + shard;
}

function parseBucket(userId: string, sk: string): Bucket {
  if (sk.startsWith(TYPING)) return { rate: 'typing', userId, conversationId: sk.slice(TYPING.length) };
  if (sk === 'join' || sk === 'command' || sk === 'connect') return { rate: sk, userId };
  throw new Error(`unable to parse a bucket; ${JSON.stringify(sk)}`);
}

/** All that begins with `prefix`, which ends in the separator, or what of it comes after `prefix + after`. */
function following(prefix: string, after?: string): Required<KeyRange>['between'] {
  const end = prefix.slice(0, -SEPARATOR.length) + PAST_SEPARATOR;
  return { from: after === undefined ? prefix : prefix + after + JUST_AFTER, to: end };
}

/**
 * A user's id as keys hold it. What ids could hold from the beginning stays as it is, so that stored keys hold; every
 * other character is a percent sign, which is none of those, and its code. At most 765 of the 1,024 bytes of a sort key.
 */
function escaped(userId: string): string {
  return userId.replace(/[^A-Za-z0-9_.:@|-]/g, (character) => {
    return ESCAPE + character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
  });
}

function unescaped(text: string): string {
  return text.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function padded(seq: number): string {
  return String(seq).padStart(SEQ_DIGITS, '0');
}

function parseSeq(digits: string): number {
  if (!/^\d{12}$/.test(digits)) throw new Error(`unable to parse a seq; ${JSON.stringify(digits)}`);
  return Number(digits);
}

/** Both halves around the first `mark`. */
function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`unable to parse a key; no ${mark} in ${JSON.stringify(text)}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
