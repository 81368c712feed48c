import * as z from 'zod';
import type { Undelivered } from '../../shared/delivery/publish-changes.ts';
import { conversationId, seq } from '../../shared/protocol/identifiers.ts';
import { type Item, identify } from '../../shared/store/items.ts';

const positions = z.object({ conversationId, from: seq, to: seq });

/** What `publish-events` gave up on by itself, or the bus event that `broadcast` failed on. */
const named = z.union([positions, z.object({ detail: positions }).transform(({ detail }) => detail)]);

/** What Lambda gave up on because `publish-events` failed as a whole: where the records are in the stream. */
const streamPart = z
  .object({
    DDBStreamBatchInfo: z.object({
      streamArn: z.string(),
      shardId: z.string(),
      startSequenceNumber: z.string(),
      endSequenceNumber: z.string(),
    }),
  })
  .transform(({ DDBStreamBatchInfo }) => DDBStreamBatchInfo);

/** Records of one shard of a stream, both ends inclusive. */
export type StreamPart = z.infer<typeof streamPart>;

/** A record of a stream, as far as a redrive looks at it. */
export interface StoredRecord {
  readonly isNew: boolean;
  readonly keys: Item;
}

/**
 * The log positions that a message of a queue of failures is about. None for an event that carries no entries: it would
 * come too late.
 * @param readStream gives the records of a part of the stream. Rejects if the stream has them no more, after 24 hours.
 */
export async function givenUpPositions(
  body: string,
  readStream: (part: StreamPart) => Promise<readonly StoredRecord[]>,
): Promise<readonly Undelivered[]> {
  const message: unknown = JSON.parse(body);
  const inQueue = named.safeParse(message);
  if (inQueue.success) return [inQueue.data];
  const inStream = streamPart.safeParse(message);
  return inStream.success ? rangesOf(await readStream(inStream.data)) : [];
}

/** One range for each run of neighbours of a conversation, as long as `publish-events` could have made it. */
function rangesOf(records: readonly StoredRecord[]): Undelivered[] {
  const keys = records.flatMap(({ isNew, keys }) => {
    const key = isNew ? identify(keys) : undefined;
    return key?.item === 'entry' ? [key] : [];
  });
  const ranges: { conversationId: string; from: number; to: number }[] = [];
  for (const [id, entries] of Map.groupBy(keys, ({ conversationId }) => conversationId)) {
    for (const seq of entries.map((entry) => entry.seq).sort((a, b) => a - b)) {
      const last = ranges.at(-1);
      if (last?.conversationId === id && seq <= last.to + 1) last.to = seq;
      else ranges.push({ conversationId: id, from: seq, to: seq });
    }
  }
  return ranges;
}
