import type { PushFrame } from '../protocol/frames.ts';
import type { Status } from '../protocol/identifiers.ts';
import type { Rate } from '../protocol/limits.ts';
import type { Bucket, Connection, PresenceRow, Room, Subscription } from './connection.ts';
import type { Conversation, Member } from './conversation.ts';
import type { Entry, MessageBody } from './entry.ts';
import type { Taken } from './rate.ts';

/**
 * What the rules need of the outside. Every implementation MUST pass the contract suite in `test/contract`; times are
 * ms since the epoch unless they are said to be ISO strings. Any call may reject: the caller then does not know whether
 * a write happened, and answers `internal`, which RETRY-1 makes safe to repeat.
 */

/** A change of another item, in the transaction of the entry that says so. Each requires what the decision read. */
export type Change =
  /** Rewrites a message's state; requires its `rev` to be `expectedRev`. Fields set to undefined are removed. */
  | {
      readonly type: 'message';
      readonly seq: number;
      readonly expectedRev: number;
      readonly set: Partial<Omit<MessageBody, 'kind'>> & { readonly rev: number };
    }
  /** Removes `content` and `mentions` of an earlier edit's entry (EDIT-2). */
  | { readonly type: 'strip-edit'; readonly seq: number }
  /** Requires the reaction not to be there. */
  | { readonly type: 'put-reaction'; readonly userId: string; readonly seq: number; readonly emoji: string }
  /** Requires the reaction to be there. */
  | { readonly type: 'delete-reaction'; readonly userId: string; readonly seq: number; readonly emoji: string }
  /**
   * Makes `expected` into `next`; requires state and role to be as in `expected`, or no row if undefined. MUST write only
   * the fields in which the two differ: a mark may have been raised in the meantime, and marks only grow (READ-1).
   */
  | { readonly type: 'member'; readonly expected: Member | undefined; readonly next: Member }
  /** Keeps the last send while slow mode is on; requires the sender's row to allow what it did, as `sender` does. */
  | { readonly type: 'last-sent'; readonly expected: Member; readonly at: string }
  /** Writes nothing; requires the sender's state, role, mute and last send to be as in `expected`. */
  | { readonly type: 'sender'; readonly expected: Member }
  /** Changes the conversation's name or slow mode. */
  | { readonly type: 'conversation'; readonly changes: { readonly name?: string; readonly slowModeSeconds?: number } };

export type AppendOutcome =
  | { readonly committed: true }
  /** `winner`: the entry that took the place, if the store could tell; absent when a transaction was in conflict. */
  | { readonly committed: false; readonly winner?: Entry };

export interface LogPage {
  /** Ascending, contiguous. */
  readonly entries: readonly Entry[];
  /** Whether there are more in the asked direction. */
  readonly hasMore: boolean;
}

export interface LogRange {
  /** Exclusive. */
  readonly after?: number;
  /** Exclusive. */
  readonly before?: number;
  readonly limit: number;
  /** Which end is kept when there are more than `limit`. */
  readonly from: 'oldest' | 'newest';
  /** Stops after about so many stored bytes, then `hasMore`. */
  readonly maxBytes?: number;
}

export interface LogStore {
  /** The newest `limit` entries, ascending. MAY be stale, MUST NOT have a gap. */
  tail(conversationId: string, limit: number): Promise<readonly Entry[]>;
  /** The newest entry, or undefined if the log is empty. MUST NOT be stale. */
  head(conversationId: string): Promise<Entry | undefined>;
  /** MUST NOT be stale, MUST read every page up to `limit` or `maxBytes`. */
  read(conversationId: string, range: LogRange): Promise<LogPage>;
  /**
   * All entries after `after`, up to and including `upTo`, ascending; `upTo` is an entry that was read before. MUST NOT
   * lack any; a message MAY be in a state of moments ago. Few only: every byte of them is read.
   */
  since(conversationId: string, after: number, upTo: number): Promise<readonly Entry[]>;
  /** MUST NOT be stale. */
  entry(conversationId: string, seq: number): Promise<Entry | undefined>;
  /** Commits the entry if its seq is free and each change's requirement holds: all or nothing. */
  append(entry: Entry, changes: readonly Change[]): Promise<AppendOutcome>;
  /** The user's reactions to the messages `fromSeq`…`toSeq`, both inclusive. MUST NOT be stale. */
  reactions(
    conversationId: string,
    userId: string,
    fromSeq: number,
    toSeq: number,
  ): Promise<readonly { readonly seq: number; readonly emoji: string }[]>;
}

export interface MarkChange {
  readonly readSeq: number;
  /** `n` at `readSeq`. */
  readonly readN: number;
  readonly deliveredSeq: number;
}

export interface ConversationStore {
  /** MUST NOT be stale. */
  conversation(conversationId: string): Promise<Conversation | undefined>;
  /** Those that exist, in any order. MUST NOT be stale. */
  conversations(conversationIds: readonly string[]): Promise<readonly Conversation[]>;
  /** Creates the conversation with its first members, all or nothing; false if it exists. */
  create(conversation: Conversation, members: readonly Member[]): Promise<boolean>;
  /** MUST NOT be stale. */
  member(conversationId: string, userId: string): Promise<Member | undefined>;
  /** The rows that exist, in any order. MUST NOT be stale. */
  members(keys: readonly { readonly conversationId: string; readonly userId: string }[]): Promise<readonly Member[]>;
  /** Rows in order of their keys (`keys.ts`: of user ids, escaped), in any state, `limit` at most; `next` is the last user id if there may be more. */
  memberPage(
    conversationId: string,
    range: { readonly limit: number; readonly after?: string },
  ): Promise<{ readonly members: readonly Member[]; readonly next?: string }>;
  /** Ids of the conversations in which the user is active, in order of id. MAY be stale by moments. */
  memberships(
    userId: string,
    range: { readonly limit: number; readonly after?: string },
  ): Promise<{ readonly conversationIds: readonly string[]; readonly next?: string }>;
  /**
   * Raises the marks of an active member. MUST NOT lower any (each field is raised on its own). Gives the row after it,
   * or undefined if the user is not active.
   */
  raiseMarks(conversationId: string, userId: string, marks: MarkChange): Promise<Member | undefined>;
}

/** Why a join was not done. `connection-changed`: read the connection again; `conflict`: try again. */
export type JoinOutcome = 'joined' | 'connection-changed' | 'too-many-rooms' | 'not-active' | 'conflict';

export interface JoinWrite {
  readonly connection: Connection;
  readonly room: Room;
  /** Of a room that the connection holds already, the shard where it holds it; another one is `connection-changed`. */
  readonly shard: number;
  /** The most conversation rooms a connection may have. */
  readonly maxRooms: number;
  /** Put in the same transaction: the membership that a first join of a channel makes. `expected`: as for `Change`. */
  readonly becomes?: { readonly expected: Member | undefined; readonly next: Member };
}

export interface FirstSubscriptions {
  /** In order of user id. */
  readonly subscriptions: readonly Subscription[];
  readonly hasMore: boolean;
}

export interface ConnectionStore {
  /** Puts the connection and the subscriptions of its rooms, all or nothing. */
  open(connection: Connection): Promise<void>;
  /** MUST NOT be stale. May give a row that is past its `expiresAt`. */
  connection(connectionId: string): Promise<Connection | undefined>;
  /**
   * Deletes the connection's row alone; the stream does the rest. False if there is none: then the stream has nothing to
   * do any more, and a subscription that is still there is an orphan.
   */
  forget(connectionId: string): Promise<boolean>;
  /**
   * Extends the connection's row, then the subscriptions of the rooms that it holds then, each only if it exists. MUST
   * NOT shorten any. False if there is no such row.
   */
  extend(connection: Connection, tokenExpiresAt: number, expiresAt: number): Promise<boolean>;
  /**
   * One transaction: adds the room to the connection (if its row exists with the `expiresAt` that was read and has room
   * for it), puts the subscription, and requires the membership to be active, or writes `becomes`.
   */
  join(write: JoinWrite): Promise<JoinOutcome>;
  /**
   * One transaction: takes the room from the connection and deletes the subscription. Not an error if neither is.
   * `conflict`: try again, or the connection holds the room in another shard.
   */
  leave(connection: Connection, room: Room, shard: number): Promise<'left' | 'conflict'>;
  /** The same, requiring that the user is no active member of the room's conversation. */
  unsubscribe(subscription: Subscription): Promise<'unsubscribed' | 'member-active' | 'conflict'>;
  /** Deletes one subscription; the connection's row is gone. */
  dropSubscription(room: Room, shard: number, userId: string, connectionId: string): Promise<void>;
  /** All unexpired subscriptions in these shards of a room (default: 0), page by page to the end. MUST NOT be stale. */
  subscriptions(room: Room, nowMs: number, shards?: readonly number[]): AsyncIterable<readonly Subscription[]>;
  /**
   * The first `limit` rows of a room, without the expired ones, and whether there are more rows. MUST NOT be stale, MUST
   * NOT read more than one row further, however large the room is; expired rows count. Where there are more, those that
   * ended over a minute ago are deleted; where no other was read, the next rows are read instead, once.
   */
  firstSubscriptions(room: Room, nowMs: number, limit: number): Promise<FirstSubscriptions>;
  /** A user's unexpired subscriptions in these shards of a room (default: 0). MUST NOT be stale, MUST read every page. */
  subscriptionsOf(
    room: Room,
    userId: string,
    nowMs: number,
    shards?: readonly number[],
  ): Promise<readonly Subscription[]>;

  /** One token of a bucket: one conditional update. */
  takeToken(bucket: Bucket, rate: Rate, nowMs: number): Promise<Taken>;

  /** MUST NOT be stale. */
  presence(room: Room, userId: string): Promise<PresenceRow | undefined>;
  /** Writes the row if its version is still `expectedVersion` (undefined: no row); false if not. */
  putPresence(row: PresenceRow, expectedVersion: number | undefined): Promise<boolean>;
  /** The status of each user who has set one; those missing are `online`. MAY be stale. At most 100 users. */
  statuses(userIds: readonly string[]): Promise<ReadonlyMap<string, Status>>;
}

/** Everything that is stored. */
export interface Stores {
  readonly log: LogStore;
  readonly conversations: ConversationStore;
  readonly connections: ConnectionStore;
}

/**
 * `gone`: the connection does not exist; `later`: throttled, failed or not answered in time, the same post may succeed.
 * `refused`: the management API does not accept such a post (the HTTP status says why), and will not later either.
 */
export type PostOutcome = 'posted' | 'gone' | 'later' | { readonly refused: number };

/** `unknown`: the gateway did not say. */
export type ConnectionState = 'open' | 'gone' | 'unknown';

/** The gateway's management API. */
export interface Gateway {
  /**
   * Posts one text to one connection. MUST NOT reject for what `PostOutcome` can say, and MUST give `later` if there is
   * no answer within `limitMs`.
   */
  post(connectionId: string, text: string, limitMs: number): Promise<PostOutcome>;
  /** Closes a socket. MUST NOT reject: it is no error if there is none, and one that stays open ends by itself. */
  close(connectionId: string): Promise<void>;
  /** Whether there is such a socket. `gone` may also be one whose handshake is not over yet. MUST NOT reject. */
  inspect(connectionId: string): Promise<ConnectionState>;
}

/** Frames for whoever is in one of the rooms now, each connection once. */
export interface RoomFrames {
  readonly rooms: readonly Room[];
  readonly frames: readonly PushFrame[];
  /** A connection that must not get them. */
  readonly except?: string;
  /** A user none of whose connections must get them. */
  readonly exceptUserId?: string;
  /** Not sent to conversation rooms above so many connections; user rooms always get them. */
  readonly maxConnections?: number;
}

export interface Clock {
  /** ms since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** 0 ≤ x < 1. */
export type Random = () => number;
