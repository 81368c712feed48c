import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Room, SURELY_ENDED_MS, type Subscription } from '../domain/connection.ts';
import { mapBounded } from '../domain/map-bounded.ts';
import type { FirstSubscriptions } from '../domain/ports.ts';
import { compare } from './expressions.ts';
import { parseSubscriptionItem } from './items.ts';
import { subscriptionKey, subscriptionRange } from './keys.ts';
import { queryPart } from './reads.ts';
import { deleteItemIf } from './writes.ts';

interface Part {
  readonly room: Room;
  readonly nowMs: number;
  /** Rows that are read at most, expired ones included; one more is asked for, to know whether there are more. */
  readonly limit: number;
  readonly pageSize: number | undefined;
}

const DELETES_AT_ONCE = 10;

/**
 * See `ConnectionStore.firstSubscriptions`. There is no filter in the query: a filter is applied after `Limit`, and would
 * hide the expired rows that are to be deleted. They may lie there for two days, so a room could look large for as long.
 */
export async function firstSubscriptions(
  client: DynamoDBDocumentClient,
  tableName: string,
  part: Part,
): Promise<FirstSubscriptions> {
  const first = await readPart(client, tableName, part);
  const last = first.rows.at(-1);
  if (!first.hasMore || !last) return withoutExpired(first, part.nowMs);
  await dropEnded(client, tableName, first.rows, part.nowMs);
  if (first.rows.some((row) => row.expiresAt > part.nowMs)) return withoutExpired(first, part.nowMs);
  return withoutExpired(await readPart(client, tableName, part, last), part.nowMs);
}

async function readPart(
  client: DynamoDBDocumentClient,
  tableName: string,
  { room, limit, pageSize }: Part,
  after?: Subscription,
) {
  const { items, hasMore } = await queryPart(
    client,
    {
      ...{ tableName, range: subscriptionRange(room, 0), consistency: 'consistent', pageSize },
      after: after && subscriptionKey(room, 0, after.userId, after.connectionId),
    },
    limit,
  );
  return { rows: items.map((item) => parseSubscriptionItem(item)), hasMore };
}

function withoutExpired(part: { rows: readonly Subscription[]; hasMore: boolean }, nowMs: number): FirstSubscriptions {
  return { subscriptions: part.rows.filter(({ expiresAt }) => expiresAt > nowMs), hasMore: part.hasMore };
}

/** Best effort: what is not deleted here goes by time-to-live, and is asked for again by the next delivery. */
async function dropEnded(
  client: DynamoDBDocumentClient,
  tableName: string,
  rows: readonly Subscription[],
  nowMs: number,
): Promise<void> {
  const endedMs = nowMs - SURELY_ENDED_MS;
  const hasEnded = compare('expiresAtMs', '<=', endedMs);
  const ended = rows.filter(({ expiresAt }) => expiresAt <= endedMs);
  const deleteEnded = ({ room, shard, userId, connectionId }: Subscription) =>
    deleteItemIf(client, tableName, subscriptionKey(room, shard, userId, connectionId), hasEnded);
  await mapBounded(ended, (row) => deleteEnded(row).catch(() => undefined), DELETES_AT_ONCE);
}
