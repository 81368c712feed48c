import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { BusEvent, PublishToBus } from '../domain/bus-events.ts';
import { BUS_SOURCE } from '../domain/bus-names.ts';

/** The most entries that one call takes. */
const MAX_ENTRIES = 10;
/** The most bytes of the details in one call; what else the service counts fits into the rest of its limit. */
const MAX_CALL_BYTES = 240 * 1024;

/**
 * Sends events to the bus in as few calls as it takes. A call that succeeds may still refuse some of its entries; those
 * are given back, and so are all entries of a call that failed for good.
 */
export function createPublisher(client: EventBridgeClient, busName: string): PublishToBus {
  return async (events) => {
    const refused: BusEvent[] = [];
    for (const batch of batches(events)) {
      try {
        const { Entries } = await client.send(new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }));
        refused.push(...batch.flatMap(({ event }, index) => (Entries?.[index]?.ErrorCode ? [event] : [])));
      } catch {
        // Retried by the SDK; a call whose answer was lost may have been taken, and is then delivered twice.
        refused.push(...batch.map(({ event }) => event));
      }
    }
    return refused;
  };

  function batches(events: readonly BusEvent[]) {
    const result: { event: BusEvent; entry: PutEventsRequestEntry }[][] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const event of events) {
      const Detail = JSON.stringify(event.detail);
      const entry = { EventBusName: busName, Source: BUS_SOURCE, DetailType: event.type, Detail };
      bytes += Buffer.byteLength(Detail);
      const current = result.at(-1);
      if (current && current.length < MAX_ENTRIES && bytes <= MAX_CALL_BYTES) {
        current.push({ event, entry });
      } else {
        result.push([{ event, entry }]);
        bytes = Buffer.byteLength(Detail);
      }
    }
    return result;
  }
}
