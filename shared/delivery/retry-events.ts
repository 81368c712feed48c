import type { BusEvent } from '../domain/bus-events.ts';
import type { Post } from './post-all.ts';
import { BUS_MAX_BYTES, entryBytes } from './publish-to-bus.ts';

type RetryEvent = Extract<BusEvent, { readonly type: 'delivery-retry' }>;

/** What a broadcast that could not post everything hands on. */
export interface Retry {
  readonly attempt: number;
  /** When the first broadcast began (ms since the epoch). */
  readonly startedAt: number;
}

/** For the attempt's digits, which are counted with another number. */
const MARGIN_BYTES = 64;

/**
 * One event for each run of connections that are owed the same texts, split so that the bus takes each: its JSON holds
 * a text, which is JSON itself, escaped once more, so it may be twice as large as the event that the text came from.
 * Texts that do not fit into one event go into several; what then overtakes is put in order by seq (LOG-5).
 */
export function retryEvents(owed: readonly Post[], retry: Retry, maxBytes = BUS_MAX_BYTES): RetryEvent[] {
  // By a number for each text: most posts share theirs, and a large room's would be megabytes to compare.
  const numbers = new Map<string, number>();
  const numberOf = (text: string) => numbers.get(text) ?? numbers.set(text, numbers.size).size - 1;
  const groups = Map.groupBy(owed, ({ texts }) => texts.map(numberOf).join());
  return [...groups.values()].flatMap((group) => {
    const texts = (group[0] as Post).texts;
    // At most half for texts, so that each event has room for many connections.
    const parts = runs(texts, maxBytes / 2, jsonBytes);
    return parts.flatMap((part) => {
      const room = maxBytes - MARGIN_BYTES - entryBytes(event(part, [], retry));
      return runs(group.map(target), room, jsonBytes).map((connections) => event(part, connections, retry));
    });
  });
}

function event(texts: readonly string[], connections: readonly ReturnType<typeof target>[], retry: Retry): RetryEvent {
  const { attempt, startedAt } = retry;
  return { type: 'delivery-retry', detail: { attempt, startedAt, texts: [...texts], connections: [...connections] } };
}

function target({ connectionId, connectedAt, expiresAt }: Post) {
  return { connectionId, connectedAt, expiresAt };
}

/** Runs of items that stay within `maxBytes`, at least one item each. */
function runs<T>(items: readonly T[], maxBytes: number, size: (item: T) => number): T[][] {
  const result: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const more = size(item);
    bytes += more;
    if (bytes > maxBytes) {
      result.push([]);
      bytes = more;
    }
    (result.at(-1) as T[]).push(item);
  }
  return result;
}

/** With the comma that may follow. */
function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}
