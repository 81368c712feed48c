import type { Status } from '../protocol/identifiers.ts';

/** Where frames are delivered: a conversation's subscribers, or all connections of one user. */
export type Room =
  | { readonly kind: 'conversation'; readonly id: string }
  | { readonly kind: 'user'; readonly id: string };

export function conversationRoom(id: string): Room {
  return { kind: 'conversation', id };
}

export function userRoom(id: string): Room {
  return { kind: 'user', id };
}

/** One WebSocket. Times are ms since the epoch. */
export interface Connection {
  readonly connectionId: string;
  readonly userId: string;
  /** The token's `exp`; a refresh moves it. */
  readonly tokenExpiresAt: number;
  readonly connectedAt: number;
  /** The row's end: the token's `exp` + 60 s, at most connect time + 2 h 5 min. */
  readonly expiresAt: number;
  /** The rooms it is subscribed to, its user room included, each with the shard that holds the subscription. */
  readonly rooms: readonly { readonly room: Room; readonly shard: number }[];
}

/** That a connection gets a room's frames. Times are ms since the epoch. */
export interface Subscription {
  readonly room: Room;
  readonly shard: number;
  readonly userId: string;
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly expiresAt: number;
}

/** A user's presence in a room; of the user room, the user's status. */
export interface PresenceRow {
  readonly room: Room;
  readonly userId: string;
  readonly online: boolean;
  readonly status: Status;
  /** Grows per user and room (PRES-1): the larger of the old one plus 1 and the time in ms. */
  readonly version: number;
  /** ms since the epoch. */
  readonly lastSeenAt: number;
  /**
   * ms since the epoch; see `PRESENCE_LIFE_MS`. A row that is read after it counts all the same. Absent in rows that an
   * earlier version wrote.
   */
  readonly expiresAt?: number | undefined;
}

/**
 * A presence row ends a day after it was written. The row of a user who is there is written anew in the second half of
 * that day: a connection ends within two hours, and each that comes or goes has the row looked at.
 *
 * So PRES-1's versions keep growing without the row: a new one begins at the time in ms, which is above a version that
 * is a day old. A row that time-to-live takes days too late only goes on counting from its own version.
 */
export const PRESENCE_LIFE_MS = 24 * 60 * 60_000;

/** A rate that is kept in a row of its own (docs/design.md: buckets). `typing` is kept per conversation. */
export type Bucket =
  | { readonly rate: 'join' | 'command' | 'connect'; readonly userId: string }
  | { readonly rate: 'typing'; readonly userId: string; readonly conversationId: string };

/**
 * A refresh extends the connection's row first and its subscriptions after it, within a function's time-out. A
 * subscription whose end is longer past than this cannot be extended any more, so it may be deleted.
 */
export const SURELY_ENDED_MS = 60_000;

/** A younger connection of which the gateway says that it is gone may be one whose handshake is not over yet. */
export const MAYBE_NOT_OPEN_MS = 60_000;

/** A row outlives its token by the grace period, a socket never its two hours (CONN-5). */
export const ROW_MAX_LIFE_MS = (2 * 60 + 5) * 60_000;
