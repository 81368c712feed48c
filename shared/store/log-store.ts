import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Entry } from '../domain/entry.ts';
import type { AppendOutcome, Change, LogPage, LogRange, LogStore } from '../domain/ports.ts';
import { jsonBytes } from '../protocol/frames.ts';
import { changeStep } from './changes.ts';
import { isTransactionConflict } from './conflicts.ts';
import { missing } from './expressions.ts';
import { identify, parseEntryItem, toEntryItem } from './items.ts';
import { entryKey, entryRange, reactionRange } from './keys.ts';
import { type Consistency, getItem, queryItems, queryPart } from './reads.ts';
import { put, transact } from './transactions.ts';
import { putItem } from './writes.ts';

/** For tests: small pages. */
export interface StoreOptions {
  readonly pageSize?: number;
}

const isFree = missing('pk');
const ENTRY = 'entry';

/** Logs and reactions in the chat table. */
export function createLogStore(
  client: DynamoDBDocumentClient,
  tableName: string,
  { pageSize }: StoreOptions = {},
): LogStore {
  const newest = async (conversationId: string, limit: number, consistency: Consistency) => {
    const entries: Entry[] = [];
    const range = entryRange(conversationId);
    const Limit = Math.min(pageSize ?? limit, limit);
    const query = { tableName, range, consistency, order: 'descending', pageSize: Limit } as const;
    for await (const item of queryItems(client, query)) {
      entries.push(parseEntryItem(item));
      if (entries.length >= limit) break;
    }
    return entries.reverse();
  };

  return {
    async tail(conversationId, limit) {
      const entries = await newest(conversationId, limit, 'eventual');
      return isWhole(entries, limit) ? entries : newest(conversationId, limit, 'consistent');
    },

    async head(conversationId) {
      const [head] = await newest(conversationId, 1, 'consistent');
      return head;
    },

    read: (conversationId, range) => readRange(client, tableName, pageSize, conversationId, range, 'consistent'),

    async since(conversationId, after, upTo) {
      const limit = upTo - after;
      const range = { after, before: upTo + 1, limit, from: 'oldest' } as const;
      const read = (consistency: Consistency) =>
        readRange(client, tableName, pageSize, conversationId, range, consistency);
      const { entries } = await read('eventual');
      if (entries.length === limit) return entries;
      // A replica that lags, at half the price of one that does not.
      const whole = await read('consistent');
      if (whole.entries.length < limit)
        throw new Error(`unable to read a log; entries of ${after + 1}–${upTo} are missing`);
      return whole.entries;
    },

    async entry(conversationId, seq) {
      const item = await getItem(client, tableName, entryKey(conversationId, seq), 'consistent');
      return item && parseEntryItem(item);
    },

    append: (entry, changes) =>
      changes.length === 0 ? appendAlone(client, tableName, entry) : appendWith(client, tableName, entry, changes),

    async reactions(conversationId, userId, fromSeq, toSeq) {
      const reactions: { seq: number; emoji: string }[] = [];
      const range = reactionRange(conversationId, userId, fromSeq, toSeq);
      for await (const item of queryItems(client, { tableName, range, consistency: 'consistent', pageSize })) {
        const key = identify(item);
        if (key.item === 'reaction') reactions.push({ seq: key.seq, emoji: key.emoji });
      }
      return reactions;
    },
  };
}

/** Pages of an eventually consistent query may come from replicas of different age: then they do not join. */
function isWhole(entries: readonly Entry[], limit: number): boolean {
  const head = entries.at(-1)?.seq ?? 0;
  return (
    entries.length === Math.min(limit, head) && entries[0]?.seq === (head > 0 ? head - entries.length + 1 : undefined)
  );
}

async function readRange(
  client: DynamoDBDocumentClient,
  tableName: string,
  pageSize: number | undefined,
  conversationId: string,
  { after, before, limit, from, maxBytes = Number.POSITIVE_INFINITY }: LogRange,
  consistency: Consistency,
): Promise<LogPage> {
  if (before !== undefined && before <= (after ?? 0) + 1) return { entries: [], hasMore: false };
  const range = entryRange(conversationId, after, before);
  const order = from === 'newest' ? 'descending' : 'ascending';
  let bytes = 0;
  const query = { tableName, range, consistency, order, pageSize } as const;
  const { items, hasMore } = await queryPart(client, query, limit, (item) => {
    bytes += jsonBytes(item);
    return bytes < maxBytes;
  });
  const entries = items.map((item) => parseEntryItem(item));
  return { entries: from === 'newest' ? entries.reverse() : entries, hasMore };
}

async function appendAlone(client: DynamoDBDocumentClient, tableName: string, entry: Entry): Promise<AppendOutcome> {
  try {
    const put = await putItem(client, tableName, toEntryItem(entry), isFree);
    if (put.written) return { committed: true };
    return { committed: false, ...(put.item && { winner: parseEntryItem(put.item) }) };
  } catch (error) {
    // A transaction is putting the same seq: whether it wins is not known yet.
    if (isTransactionConflict(error)) return { committed: false };
    throw error;
  }
}

async function appendWith(
  client: DynamoDBDocumentClient,
  tableName: string,
  entry: Entry,
  changes: readonly Change[],
): Promise<AppendOutcome> {
  const steps = changes.map((change) => changeStep(tableName, entry.conversationId, change));
  const result = await transact(client, [put(ENTRY, tableName, toEntryItem(entry), isFree), ...steps]);
  if (result.outcome === 'committed') return { committed: true };
  const winner = result.outcome === 'refused' ? result.refused.get(ENTRY) : undefined;
  return { committed: false, ...(winner && { winner: parseEntryItem(winner) }) };
}
