import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Bucket } from '../domain/connection.ts';
import type { Taken } from '../domain/rate.ts';
import type { Rate } from '../protocol/limits.ts';
import { add, allOf, anyOf, assign, compare, missing } from './expressions.ts';
import { parseBucketItem } from './items.ts';
import { bucketKey } from './keys.ts';
import { updateItem } from './writes.ts';

/** More attempts are needed only if the bucket fills up or its row goes between two updates, or if clocks differ. */
const MAX_ATTEMPTS = 8;

/**
 * `take` of the domain as conditional updates, exact under concurrency: a full bucket is one update, one that was drawn
 * from lately two, and an empty one is refused by what the first update found.
 */
export async function takeToken(
  client: DynamoDBDocumentClient,
  tableName: string,
  bucket: Bucket,
  { intervalMs, burst }: Rate,
  nowMs: number,
): Promise<Taken> {
  const key = bucketKey(bucket);
  const latest = nowMs + burst * intervalMs;
  // No token is given that would raise `tat` above `latest`: from then on the bucket is full, and its row says nothing.
  const end = assign('expiresAt', Math.ceil(latest / 1000));
  const isFull = anyOf(missing('tat'), compare('tat', '<=', nowMs));
  const isDrawnFrom = compare('tat', '>', nowMs);
  const hasToken = compare('tat', '<=', latest - intervalMs);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const assignments = [assign('tat', nowMs + intervalMs), end];
    const first = await updateItem(client, tableName, key, { condition: isFull, assignments });
    if (first.written) return { ok: true, tat: nowMs + intervalMs };
    if (!first.item) continue;
    const tat = parseBucketItem(first.item);
    if (tat + intervalMs > latest) return { ok: false, retryAfterMs: tat + intervalMs - latest };
    const condition = allOf(isDrawnFrom, hasToken);
    const next = await updateItem(client, tableName, key, { condition, assignments: [add('tat', intervalMs), end] });
    if (next.written) return { ok: true, tat: parseBucketItem(next.item) };
  }
  throw new Error('unable to take a token; too many are taken at once');
}
