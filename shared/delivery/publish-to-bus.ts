import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { BusEvent, PublishToBus } from '../domain/bus-events.ts';
import { BUS_SOURCE } from '../domain/bus-names.ts';

/** The most entries that one call takes. */
const MAX_ENTRIES = 10;
/** The most bytes of all entries in one call, and so of one entry, as `entryBytes` measures them. */
export const BUS_MAX_BYTES = 256 * 1024;
/** Calls begin for so long. One that hangs is given up by its own time limits, within any function's time. */
const BUDGET_MS = 10_000;

/**
 * Sends events to the bus in as few calls as it takes. A call that succeeds may still refuse some of its entries; those
 * are given back, and so are all entries of a call that failed for good, or did not begin within ten seconds.
 */
export function createPublisher(
  client: Pick<EventBridgeClient, 'send'>,
  busName: string,
  now: () => number = Date.now,
): PublishToBus {
  return async (events) => {
    const deadline = now() + BUDGET_MS;
    const refused: BusEvent[] = [];
    for (const batch of batches(events)) {
      if (now() >= deadline) {
        refused.push(...batch);
        continue;
      }
      try {
        const { Entries } = await client.send(new PutEventsCommand({ Entries: batch.map(toEntry) }));
        refused.push(...batch.filter((_, index) => Entries?.[index]?.ErrorCode));
      } catch {
        // Retried by the SDK; a call whose answer was lost may have been taken, and is then delivered twice.
        refused.push(...batch);
      }
    }
    return refused;
  };

  function toEntry({ type, detail }: BusEvent): PutEventsRequestEntry {
    return { EventBusName: busName, Source: BUS_SOURCE, DetailType: type, Detail: JSON.stringify(detail) };
  }
}

/** The size of an event as the bus counts it: source, type and detail in UTF-8, without the bus's name. */
export function entryBytes({ type, detail }: BusEvent): number {
  return Buffer.byteLength(BUS_SOURCE) + Buffer.byteLength(type) + Buffer.byteLength(JSON.stringify(detail));
}

/** In their order. An event above the limit goes alone, so that only itself is refused. */
function batches(events: readonly BusEvent[]): BusEvent[][] {
  const result: BusEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = entryBytes(event);
    bytes += size;
    const current = result.at(-1);
    if (current && current.length < MAX_ENTRIES && bytes <= BUS_MAX_BYTES) {
      current.push(event);
    } else {
      result.push([event]);
      bytes = size;
    }
  }
  return result;
}
