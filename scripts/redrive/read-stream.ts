import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { StoredRecord, StreamPart } from './given-up.ts';

/**
 * Reads a part of a stream. Throws if it is not there as a whole: a `TrimmedDataAccessException` beyond the 24 h that a
 * stream keeps, an `ExpiredIteratorException` after 15 minutes in this loop. The message then stays in its queue.
 */
export async function readStream(client: DynamoDBStreamsClient, part: StreamPart): Promise<readonly StoredRecord[]> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn: part.streamArn,
      ShardId: part.shardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: part.startSequenceNumber,
    }),
  );
  const end = BigInt(part.endSequenceNumber);
  const records: StoredRecord[] = [];
  for (let iterator = ShardIterator; iterator !== undefined; ) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    for (const { dynamodb, eventName } of page.Records ?? []) {
      if (BigInt(dynamodb?.SequenceNumber ?? 0) > end) return records;
      if (dynamodb?.Keys) records.push({ isNew: eventName === 'INSERT', keys: unmarshall(dynamodb.Keys) });
      if (BigInt(dynamodb?.SequenceNumber ?? 0) === end) return records;
    }
    iterator = page.NextShardIterator;
  }
  throw new Error(`unable to read the stream; its shard ends before ${part.endSequenceNumber}`);
}
