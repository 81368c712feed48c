import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Item } from '../../shared/store/items.ts';

const image = z.record(z.string(), z.unknown());

const streamEvent = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.object({
        SequenceNumber: z.string(),
        /** Seconds since the epoch. */
        ApproximateCreationDateTime: z.number(),
        NewImage: image.optional(),
        OldImage: image.optional(),
      }),
    }),
  ),
});

/** One change of a table, in its own terms. */
export interface StreamRecord {
  readonly recordId: string;
  /** ms since the epoch, to the second. */
  readonly createdAt: number;
  readonly change: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly newItem?: Item;
  readonly oldItem?: Item;
}

/** The records of a stream event, in its order. Throws if it is not a stream event. */
export function streamRecords(event: unknown): readonly StreamRecord[] {
  return streamEvent.parse(event).Records.map(({ eventName, dynamodb }) => ({
    recordId: dynamodb.SequenceNumber,
    createdAt: dynamodb.ApproximateCreationDateTime * 1000,
    change: eventName,
    ...(dynamodb.NewImage && { newItem: plain(dynamodb.NewImage) }),
    ...(dynamodb.OldImage && { oldItem: plain(dynamodb.OldImage) }),
  }));
}

/** What Lambda reads as "these must come again". From a stream, all from the first of them on come again. */
export function failures(recordIds: readonly string[]) {
  return { batchItemFailures: recordIds.map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * Reads each record; one that cannot be read is reported and passed over. It will never be readable, and must not hold
 * up those behind it.
 */
export function readEach<T>(
  records: readonly StreamRecord[],
  read: (record: StreamRecord) => T | undefined,
  unreadable: (recordId: string, error: unknown) => void,
): T[] {
  return records.flatMap((record) => {
    try {
      return read(record) ?? [];
    } catch (error) {
      unreadable(record.recordId, error);
      return [];
    }
  });
}

function plain(item: Record<string, unknown>): Item {
  return unmarshall(item as Record<string, AttributeValue>);
}
