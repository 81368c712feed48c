import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Connection, type Room, type Subscription, userRoom } from '../domain/connection.ts';
import { mapBounded } from '../domain/map-bounded.ts';
import type { ConnectionStore } from '../domain/ports.ts';
import { takeToken } from './buckets.ts';
import { allOf, assignAll, compare, exists, missing } from './expressions.ts';
import { firstSubscriptions } from './first-subscriptions.ts';
import {
  expiry,
  parseConnectionItem,
  parsePresenceItem,
  parseSubscriptionItem,
  toConnectionItem,
  toPresenceItem,
  toSubscriptionItem,
} from './items.ts';
import { connectionKey, presenceKey, subscriptionKey, subscriptionRange } from './keys.ts';
import type { StoreOptions } from './log-store.ts';
import { getItem, getItems, queryPages } from './reads.ts';
import { join, leave, subscriptionOf, type Tables, unsubscribe } from './subscriptions.ts';
import { put, transactThroughConflicts } from './transactions.ts';
import { deleteItem, putItem, updateItem } from './writes.ts';

const EXTENSIONS_AT_ONCE = 10;
const STATUSES_MAX = 100;
const DEFAULT_SHARDS: readonly number[] = [0];
const isThere = exists('pk');

/** Connections, subscriptions, presence and buckets in the connections table. */
export function createConnectionStore(
  client: DynamoDBDocumentClient,
  tables: Tables,
  { pageSize }: StoreOptions = {},
): ConnectionStore {
  const tableName = tables.connections;

  async function* subscriptions(room: Room, nowMs: number, shards = DEFAULT_SHARDS, userId?: string) {
    const filter = compare('expiresAtMs', '>', nowMs);
    for (const shard of shards) {
      const range = subscriptionRange(room, shard, userId);
      const query = { tableName, range, consistency: 'consistent', filter, pageSize } as const;
      for await (const page of queryPages(client, query)) yield page.map((item) => parseSubscriptionItem(item));
    }
  }

  return {
    async open(connection) {
      await transactThroughConflicts(client, [
        put('connection', tableName, toConnectionItem(connection)),
        ...connection.rooms.map(({ room, shard }) => {
          const subscription = subscriptionOf(connection, room, shard);
          return put('subscription', tableName, toSubscriptionItem(subscription));
        }),
      ]);
    },

    async connection(connectionId) {
      const item = await getItem(client, tableName, connectionKey(connectionId), 'consistent');
      return item && parseConnectionItem(item);
    },

    forget: (connectionId) => deleteItem(client, tableName, connectionKey(connectionId)),

    extend: (connection, tokenExpiresAt, expiresAt) =>
      extend(client, tableName, connection.connectionId, tokenExpiresAt, expiresAt),

    join: (write) => join(client, tables, write),

    leave: ({ userId, connectionId }, room, shard) => leave(client, tables, { room, shard, userId, connectionId }),

    unsubscribe: (subscription) => unsubscribe(client, tables, subscription),

    async dropSubscription(room, shard, userId, connectionId) {
      await deleteItem(client, tableName, subscriptionKey(room, shard, userId, connectionId));
    },

    subscriptions: (room, nowMs, shards) => subscriptions(room, nowMs, shards),

    firstSubscriptions: (room, nowMs, limit) => firstSubscriptions(client, tableName, { room, nowMs, limit, pageSize }),

    async subscriptionsOf(room, userId, nowMs, shards) {
      const rows: Subscription[] = [];
      for await (const page of subscriptions(room, nowMs, shards, userId)) rows.push(...page);
      return rows;
    },

    takeToken: (bucket, rate, nowMs) => takeToken(client, tableName, bucket, rate, nowMs),

    async presence(room, userId) {
      const item = await getItem(client, tableName, presenceKey(room, userId), 'consistent');
      return item && parsePresenceItem(item);
    },

    async putPresence(row, expectedVersion) {
      const isNew = missing('pk');
      const isUnchanged = compare('version', '=', expectedVersion);
      const condition = expectedVersion === undefined ? isNew : isUnchanged;
      return (await putItem(client, tableName, toPresenceItem(row), condition)).written;
    },

    async statuses(userIds) {
      if (userIds.length > STATUSES_MAX) throw new Error(`at most ${STATUSES_MAX} users at once`);
      const keys = userIds.map((userId) => presenceKey(userRoom(userId), userId));
      const rows = (await getItems(client, tableName, keys, 'eventual')).map((item) => parsePresenceItem(item));
      return new Map(rows.map(({ userId, status }) => [userId, status]));
    },
  };
}

/** The rooms are those that the update leaves: a join that came first is among them, a later one is refused. */
async function extend(
  client: DynamoDBDocumentClient,
  tableName: string,
  connectionId: string,
  tokenExpiresAt: number,
  expiresAt: number,
): Promise<boolean> {
  const isNotLonger = compare('expiresAtMs', '<=', expiresAt);
  const condition = allOf(isThere, isNotLonger);
  const assignments = assignAll({ tokenExpiresAt, ...expiry(expiresAt) });
  const { item } = await updateItem(client, tableName, connectionKey(connectionId), { condition, assignments });
  if (!item) return false;
  await extendSubscriptions(client, tableName, parseConnectionItem(item), expiresAt);
  return true;
}

async function extendSubscriptions(
  client: DynamoDBDocumentClient,
  tableName: string,
  { rooms, userId, connectionId }: Connection,
  expiresAt: number,
): Promise<void> {
  const isShorter = compare('expiresAtMs', '<', expiresAt);
  const what = { condition: allOf(isThere, isShorter), assignments: assignAll(expiry(expiresAt)) };
  await mapBounded(
    rooms,
    ({ room, shard }) => updateItem(client, tableName, subscriptionKey(room, shard, userId, connectionId), what),
    EXTENSIONS_AT_ONCE,
  );
}
