import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { pause } from './conflicts.ts';
import { allOf, between, type Clause, compare, queryExpressions } from './expressions.ts';
import type { Item } from './items.ts';
import type { Key, KeyRange } from './keys.ts';

/** Whether a read sees every write that was answered before it (and costs twice as much). */
export type Consistency = 'consistent' | 'eventual';

export interface RangeQuery {
  readonly tableName: string;
  readonly index?: { readonly name: string; readonly pk: string; readonly sk: string };
  readonly range: KeyRange;
  readonly consistency: Consistency;
  readonly order?: 'ascending' | 'descending';
  /** Items that a page has at most, before the filter. */
  readonly pageSize?: number | undefined;
  readonly filter?: Clause;
  /** Begins after this key. */
  readonly after?: Key | undefined;
}

const BATCH_MAX_KEYS = 100;
const BATCH_MAX_ATTEMPTS = 8;

export async function getItem(
  client: DynamoDBDocumentClient,
  TableName: string,
  Key: Key,
  consistency: Consistency,
): Promise<Item | undefined> {
  const ConsistentRead = consistency === 'consistent';
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead }));
  return Item;
}

/** The items that exist, in any order. A key may be named twice. Throws if the table stays too busy to give all. */
export async function getItems(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
  consistency: Consistency,
): Promise<readonly Item[]> {
  const distinct = [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
  const items: Item[] = [];
  for (let first = 0; first < distinct.length; first += BATCH_MAX_KEYS) {
    const batch = distinct.slice(first, first + BATCH_MAX_KEYS);
    items.push(...(await getBatch(client, tableName, batch, consistency)));
  }
  return items;
}

/** Every page of a query, until the last; pages that the filter leaves empty are passed over. */
export async function* queryPages(client: DynamoDBDocumentClient, query: RangeQuery): AsyncGenerator<readonly Item[]> {
  const { tableName, index, range, filter } = query;
  const inPartition = compare(index?.pk ?? 'pk', '=', range.pk);
  const inRange = range.between && between(index?.sk ?? 'sk', range.between.from, range.between.to);
  const input = {
    TableName: tableName,
    ...(index && { IndexName: index.name }),
    ...queryExpressions(inRange ? allOf(inPartition, inRange) : inPartition, filter),
    ConsistentRead: query.consistency === 'consistent',
    ScanIndexForward: query.order !== 'descending',
    ...(query.pageSize !== undefined && { Limit: query.pageSize }),
  };
  let start: Record<string, unknown> | undefined = query.after && { ...query.after };
  do {
    const page = await client.send(new QueryCommand({ ...input, ...(start && { ExclusiveStartKey: start }) }));
    if (page.Items && page.Items.length > 0) yield page.Items;
    start = page.LastEvaluatedKey;
  } while (start);
}

/** Every item of a query; stopping early reads no further page. */
export async function* queryItems(client: DynamoDBDocumentClient, query: RangeQuery): AsyncGenerator<Item> {
  for await (const page of queryPages(client, query)) yield* page;
}

/**
 * The first `limit` items, and whether there are more: reads one item further to know.
 * @param goOn given each item that was taken; false ends the part there.
 */
export async function queryPart(
  client: DynamoDBDocumentClient,
  query: RangeQuery,
  limit: number,
  goOn: (item: Item) => boolean = () => true,
): Promise<{ readonly items: readonly Item[]; readonly hasMore: boolean }> {
  const items: Item[] = [];
  const pageSize = Math.min(query.pageSize ?? limit + 1, limit + 1);
  let full = limit <= 0;
  for await (const item of queryItems(client, { ...query, pageSize })) {
    if (full) return { items, hasMore: true };
    items.push(item);
    full = items.length >= limit || !goOn(item);
  }
  return { items, hasMore: false };
}

async function getBatch(client: DynamoDBDocumentClient, table: string, keys: readonly Key[], consistency: Consistency) {
  const items: Item[] = [];
  const ConsistentRead = consistency === 'consistent';
  let pending: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  for (let attempt = 0; ; attempt += 1) {
    const command = new BatchGetCommand({ RequestItems: { [table]: { Keys: pending, ConsistentRead } } });
    const { Responses, UnprocessedKeys } = await client.send(command);
    items.push(...(Responses?.[table] ?? []));
    pending = UnprocessedKeys?.[table]?.Keys ?? [];
    if (pending.length === 0) return items;
    if (attempt + 1 >= BATCH_MAX_ATTEMPTS) throw new Error('unable to read a batch; the table is too busy');
    await pause(attempt);
  }
}
