import type { PutEventsCommandInput, PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { BUS_MAX_BYTES, createPublisher } from '../../shared/delivery/publish-to-bus.ts';
import type { PublishToBus } from '../../shared/domain/bus-events.ts';
import { BUS_EVENT_TYPES, BUS_SOURCE } from '../../shared/domain/bus-names.ts';

/** An event as the bus hands it to a function. */
export interface DeliveredEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

const MAX_ENTRIES = 10;

/** An event bus, and the rule that hands what becomes frames to `broadcast`. Keeps to the limits of the real one. */
export class FakeBus {
  /** What the rule let through and `broadcast` has not got yet. */
  readonly events: DeliveredEvent[] = [];
  /** Decides that the bus refuses an event, within a call that succeeds. */
  refuses: (event: DeliveredEvent) => boolean = () => false;
  readonly publish: PublishToBus;

  constructor(now: () => number) {
    const send = async ({ input }: { input: PutEventsCommandInput }) => this.#put(input);
    this.publish = createPublisher({ send } as never, 'a-bus', now);
  }

  #put({ Entries = [] }: PutEventsCommandInput): Pick<PutEventsCommandOutput, 'Entries'> {
    const texts = Entries.map(({ Source = '', DetailType = '', Detail = '' }) => [Source, DetailType, Detail]);
    const bytes = texts.flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (Entries.length > MAX_ENTRIES || bytes > BUS_MAX_BYTES) throw new Error('the bus takes no such call');
    return {
      Entries: texts.map(([source = '', type = '', detail = '']) => {
        const event = { source, 'detail-type': type, detail: JSON.parse(detail) };
        if (this.refuses(event)) return { ErrorCode: 'ThrottlingException' };
        if (source === BUS_SOURCE && BUS_EVENT_TYPES.some((name) => name === type)) this.events.push(event);
        return { EventId: 'an-event' };
      }),
    };
  }
}
