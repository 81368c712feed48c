import {
  type Bucket,
  type Connection,
  type Room,
  SURELY_ENDED_MS,
  type Subscription,
} from '../../shared/domain/connection.ts';
import { isActive } from '../../shared/domain/conversation.ts';
import type { ConnectionStore, FirstSubscriptions, JoinOutcome, JoinWrite } from '../../shared/domain/ports.ts';
import { take } from '../../shared/domain/rate.ts';
import type { Status } from '../../shared/protocol/identifiers.ts';
import { subscriptionKey as storedKey } from '../../shared/store/keys.ts';
import {
  changedMember,
  itemName,
  type MemoryState,
  memberIsAsExpected,
  requireTransaction,
  sameRoom,
  subscriptionKey,
  Versioned,
} from './memory-state.ts';
import type { Sync } from './memory-stores.ts';

/** Connections, subscriptions, presence and buckets in memory. Each method but `subscriptions` is one atomic step. */
export function memoryConnectionStore(state: MemoryState): Omit<Sync<ConnectionStore>, 'subscriptions'> {
  return {
    open(connection) {
      requireTransaction(['connection', ...connection.rooms.map(({ room }) => `${room.kind} ${room.id}`)]);
      state.putConnection(connection.connectionId, connection);
      for (const { room, shard } of connection.rooms) state.putSubscription(subscriptionOf(connection, room, shard));
    },
    connection: (connectionId) => state.connections.get(connectionId),
    forget(connectionId) {
      const isThere = state.connections.has(connectionId);
      if (isThere) state.putConnection(connectionId, undefined);
      return isThere;
    },
    extend: ({ connectionId }, tokenExpiresAt, expiresAt) => extend(state, connectionId, tokenExpiresAt, expiresAt),
    join: (write) => join(state, write),
    leave({ connectionId, userId }, room, shard) {
      if (state.options.conflict?.('leave')) return 'conflict';
      return takeOut(state, { room, shard, userId, connectionId }) ? 'left' : 'conflict';
    },
    unsubscribe(subscription) {
      const { room, userId } = subscription;
      if (room.kind !== 'conversation') throw new Error('only a conversation has members');
      if (state.options.conflict?.('unsubscribe')) return 'conflict';
      if (state.locked.has(itemName(room.id, `member ${userId}`))) return 'conflict';
      if (isActive(state.member(room.id, userId))) return 'member-active';
      return takeOut(state, subscription) ? 'unsubscribed' : 'conflict';
    },
    dropSubscription: (room, shard, userId, connectionId) =>
      state.deleteSubscription(room, shard, userId, connectionId),
    firstSubscriptions: (room, nowMs, limit) => firstSubscriptions(state, room, nowMs, limit),
    subscriptionsOf: (room, userId, nowMs, shards = [0]) =>
      unexpired(state, room, shards, nowMs).filter((row) => row.userId === userId),
    takeToken(bucket, rate, nowMs) {
      const taken = take(rate, state.buckets.get(bucketKey(bucket)), nowMs);
      if (taken.ok) state.buckets.set(bucketKey(bucket), taken.tat);
      return taken;
    },
    presence: (room, userId) => state.presence.get(presenceKey(room, userId))?.current,
    putPresence(row, expectedVersion) {
      const key = presenceKey(row.room, row.userId);
      const versions = state.presence.get(key) ?? new Versioned<typeof row | undefined>(undefined);
      if (versions.current?.version !== expectedVersion) return false;
      state.options.onChange?.({ item: 'presence', old: versions.current, next: row });
      versions.set({ ...row });
      state.presence.set(key, versions);
      return true;
    },
    statuses(userIds) {
      if (userIds.length > 100) throw new Error('at most 100 users');
      const rows = [...new Set(userIds)].map((userId): [string, Status | undefined] => {
        const lag = state.options.lag?.('statuses', userId) ?? 0;
        return [userId, state.presence.get(presenceKey({ kind: 'user', id: userId }, userId))?.behind(lag)?.status];
      });
      return new Map(rows.filter((row): row is [string, Status] => row[1] !== undefined));
    },
  };
}

/** The unexpired subscriptions in these shards of a room, in order of their keys. */
export function unexpired(state: MemoryState, room: Room, shards: readonly number[], nowMs: number): Subscription[] {
  return [...state.subscriptions.values()]
    .filter((row) => sameRoom(row.room, room) && shards.includes(row.shard) && row.expiresAt > nowMs)
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function firstSubscriptions(state: MemoryState, room: Room, nowMs: number, limit: number): FirstSubscriptions {
  const rows = unexpired(state, room, [0], Number.NEGATIVE_INFINITY);
  const part = (from: number) => ({
    subscriptions: rows.slice(from, from + limit).filter(({ expiresAt }) => expiresAt > nowMs),
    hasMore: rows.length > from + limit,
  });
  const first = part(0);
  if (!first.hasMore) return first;
  for (const { room, shard, userId, connectionId, expiresAt } of rows.slice(0, limit)) {
    if (expiresAt <= nowMs - SURELY_ENDED_MS) state.deleteSubscription(room, shard, userId, connectionId);
  }
  return first.subscriptions.length > 0 ? first : part(limit);
}

/** The sort key of a subscription among those of its room. */
export function order({ room, shard, userId, connectionId }: Subscription): string {
  return `${String(shard).padStart(4, '0')} ${storedKey(room, shard, userId, connectionId).sk}`;
}

function extend(state: MemoryState, connectionId: string, tokenExpiresAt: number, expiresAt: number): boolean {
  const row = state.connections.get(connectionId);
  if (!row) return false;
  if (row.expiresAt <= expiresAt) state.putConnection(connectionId, { ...row, tokenExpiresAt, expiresAt });
  for (const { room, shard } of row.rooms) {
    const subscription = state.subscriptions.get(subscriptionKey(room, shard, row.userId, connectionId));
    if (subscription && subscription.expiresAt < expiresAt) state.putSubscription({ ...subscription, expiresAt });
  }
  return true;
}

function join(state: MemoryState, write: JoinWrite): JoinOutcome {
  const { connection, room, shard, maxRooms, becomes } = write;
  if (state.options.conflict?.('join')) return 'conflict';
  if (state.locked.has(itemName(room.id, `member ${connection.userId}`))) return 'conflict';
  if (becomes) {
    const row = state.member(becomes.next.conversationId, becomes.next.userId);
    if (!memberIsAsExpected(row, becomes.expected, becomes.next)) return 'conflict';
  } else if (room.kind === 'conversation' && !isActive(state.member(room.id, connection.userId))) {
    return 'not-active';
  }
  const row = state.connections.get(connection.connectionId);
  if (!row || row.expiresAt !== connection.expiresAt) return 'connection-changed';
  const held = row.rooms.find((one) => sameRoom(one.room, room));
  if (held && held.shard !== shard) return 'connection-changed';
  if (!held && row.rooms.filter((one) => one.room.kind === 'conversation').length >= maxRooms) return 'too-many-rooms';
  if (becomes) {
    const member = state.member(becomes.next.conversationId, becomes.next.userId);
    state.putMember(changedMember(member, becomes.expected, becomes.next));
  }
  const rooms = held ? row.rooms : [...row.rooms, { room, shard }];
  state.putConnection(connection.connectionId, { ...row, rooms });
  state.putSubscription(subscriptionOf(row, room, shard));
  return 'joined';
}

/** Removes a subscription. False if the connection's row has the room in another shard than the caller thought. */
function takeOut(state: MemoryState, place: Pick<Subscription, 'room' | 'shard' | 'userId' | 'connectionId'>): boolean {
  const { room, shard, userId, connectionId } = place;
  const row = state.connections.get(connectionId);
  const held = row?.rooms.find((one) => sameRoom(one.room, room));
  if (held && held.shard !== shard) return false;
  if (row && held) state.putConnection(connectionId, { ...row, rooms: row.rooms.filter((one) => one !== held) });
  state.deleteSubscription(room, shard, userId, connectionId);
  return true;
}

function subscriptionOf(connection: Connection, room: Room, shard: number): Subscription {
  const { userId, connectionId, connectedAt, expiresAt } = connection;
  return { room, shard, userId, connectionId, connectedAt, expiresAt };
}

function presenceKey(room: Room, userId: string): string {
  return JSON.stringify([room.kind, room.id, userId]);
}

function bucketKey(bucket: Bucket): string {
  return JSON.stringify([bucket.userId, bucket.rate, bucket.rate === 'typing' ? bucket.conversationId : '']);
}
