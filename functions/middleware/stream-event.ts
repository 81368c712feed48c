import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Item } from '../../shared/store/items.ts';

const image = z.record(z.string(), z.unknown());

/** Each record is read by itself: one that is not as expected must not take the others of its batch along. */
const streamEvent = z.object({ Records: z.array(z.unknown()) });

const streamRecord = z.object({
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.object({
    SequenceNumber: z.string(),
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: z.number(),
    NewImage: image.optional(),
    OldImage: image.optional(),
  }),
});

/** What even a record that cannot be read mostly has. */
const recordKeys = z.object({ dynamodb: z.object({ Keys: image }) });

/** One change of a table, in its own terms. */
export interface StreamRecord {
  readonly recordId: string;
  /** ms since the epoch, to the second. */
  readonly createdAt: number;
  readonly change: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly newItem?: Item;
  readonly oldItem?: Item;
}

/** What Lambda reads as "these must come again". From a stream, all from the first of them on come again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export function failures(recordIds: readonly string[]): BatchAnswer {
  return { batchItemFailures: recordIds.map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * Reads each record of a stream event, in their order. One that cannot be read is handed to `unreadable` and passed
 * over: it will never be readable, and must not hold up those behind it. Throws if it is not a stream event.
 * @param unreadable gets the keys of the item that the record is about, if at least those can be read.
 */
export function readEach<T>(
  event: unknown,
  read: (record: StreamRecord) => T | undefined,
  unreadable: (error: unknown, keys: Item | undefined) => void,
): T[] {
  return streamEvent.parse(event).Records.flatMap((record) => {
    try {
      return read(parseRecord(record)) ?? [];
    } catch (error) {
      unreadable(error, keysOf(record));
      return [];
    }
  });
}

function parseRecord(record: unknown): StreamRecord {
  const { eventName, dynamodb } = streamRecord.parse(record);
  return {
    recordId: dynamodb.SequenceNumber,
    createdAt: dynamodb.ApproximateCreationDateTime * 1000,
    change: eventName,
    ...(dynamodb.NewImage && { newItem: plain(dynamodb.NewImage) }),
    ...(dynamodb.OldImage && { oldItem: plain(dynamodb.OldImage) }),
  };
}

function keysOf(record: unknown): Item | undefined {
  try {
    return plain(recordKeys.parse(record).dynamodb.Keys);
  } catch {
    return undefined;
  }
}

function plain(item: Record<string, unknown>): Item {
  return unmarshall(item as Record<string, AttributeValue>);
}
