import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** One request to DynamoDB and what it costs. */
interface CountedCall {
  /** The operation's name in the API: `PutItem`, `Query` … */
  readonly operation: string;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** The name of the exception, if there was one. */
  readonly failed?: string;
}

/** What a client has requested since the last reset. */
export interface CallCounter {
  readonly calls: readonly CountedCall[];
  readonly readUnits: number;
  readonly writeUnits: number;
  reset(): void;
}

const READS: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem', 'Query', 'TransactGetItems']);
const BYTES_PER_READ_UNIT = 4096;
const BYTES_PER_WRITE_UNIT = 1024;

/**
 * Counts every request of this client from now on. Units are those in the answer, but for reads at least what
 * the items' size comes to, because emulators report too few for those. The answer to a failed condition has
 * none, but it is charged like the write: one unit per KB, two in a transaction.
 */
export function countCalls(client: DynamoDBDocumentClient): CallCounter {
  const calls: CountedCall[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = (context.commandName ?? '').replace(/Command$/, '');
      const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' };
      try {
        const result = await next({ ...args, input });
        const told = unitsOf((result.output as { ConsumedCapacity?: unknown }).ConsumedCapacity);
        const units = READS.has(operation) ? Math.max(told, readUnitsOf(input, result.output)) : told;
        calls.push({ operation, ...split(operation, units) });
        return result;
      } catch (error) {
        const failed = error instanceof Error ? error.name : String(error);
        const units = READS.has(operation) ? 0 : failedWriteUnits(input);
        calls.push({ operation, ...split(operation, units), failed });
        throw error;
      }
    },
    { step: 'initialize', priority: 'low', name: 'countCalls' },
  );
  const sum = (unit: 'readUnits' | 'writeUnits') => calls.reduce((total, call) => total + call[unit], 0);
  return {
    get calls() {
      return [...calls];
    },
    get readUnits() {
      return sum('readUnits');
    },
    get writeUnits() {
      return sum('writeUnits');
    },
    reset() {
      calls.length = 0;
    },
  };
}

function split(operation: string, units: number) {
  return READS.has(operation) ? { readUnits: units, writeUnits: 0 } : { readUnits: 0, writeUnits: units };
}

/** The units in an answer. Operations on several tables or items answer with a list. */
function unitsOf(consumed: unknown): number {
  const all = [consumed].flat() as ({ CapacityUnits?: number } | undefined)[];
  return all.reduce((total, one) => total + (one?.CapacityUnits ?? 0), 0);
}

function readUnitsOf(input: object, output: object): number {
  const { RequestItems, ConsistentRead = false } = input as {
    RequestItems?: Record<string, { Keys: readonly unknown[]; ConsistentRead?: boolean }>;
    ConsistentRead?: boolean;
  };
  const { Item, Items, Responses } = output as {
    Item?: unknown;
    Items?: readonly unknown[];
    Responses?: Record<string, readonly unknown[]>;
  };
  if (Item) return readUnits(bytes(Item), ConsistentRead);
  if (Items)
    return readUnits(
      Items.reduce<number>((total, item) => total + bytes(item), 0),
      ConsistentRead,
    );
  // A batch is charged item by item, and a key without an item like the smallest one.
  return Object.entries(RequestItems ?? {}).reduce((total, [table, { Keys, ConsistentRead: consistent = false }]) => {
    const found = Responses?.[table] ?? [];
    const units = Keys.map((_, index) => readUnits(bytes(found[index]), consistent));
    return total + units.reduce((sum, one) => sum + one, 0);
  }, 0);
}

function readUnits(size: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(size / BYTES_PER_READ_UNIT)) * (consistent ? 1 : 0.5);
}

/** Roughly an item's stored size: names and strings as UTF-8, numbers at two digits per byte. */
function bytes(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  const inner = Array.isArray(value)
    ? value.map((one) => bytes(one) + 1)
    : Object.entries(value).map(([name, one]) => Buffer.byteLength(name) + bytes(one) + 1);
  return inner.reduce((sum, one) => sum + one, 3);
}

function failedWriteUnits(input: object): number {
  const { TransactItems, Item } = input as { TransactItems?: readonly object[]; Item?: unknown };
  if (!TransactItems) return writeUnits(Item);
  const items = TransactItems.map((one) => (one as { Put?: { Item?: unknown } }).Put?.Item);
  return items.reduce<number>((total, item) => total + 2 * writeUnits(item), 0);
}

/** The units of a write. If it does not have the whole item, only the minimum is known. */
function writeUnits(item: unknown): number {
  return Math.max(1, Math.ceil(bytes(item) / BYTES_PER_WRITE_UNIT));
}
