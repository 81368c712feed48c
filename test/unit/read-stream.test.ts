import { DynamoDBStreamsClient, TrimmedDataAccessException } from '@aws-sdk/client-dynamodb-streams';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import { readStream } from '../../scripts/redrive/read-stream.ts';
import { entryKey } from '../../shared/store/keys.ts';

const part = { streamArn: 'arn', shardId: 'shard', startSequenceNumber: '200', endSequenceNumber: '1000' };

/** A shard that gives these pages of sequence numbers, one after another; `closed` if it ends after them. */
function shard(pages: readonly (readonly number[])[], closed = false) {
  const client = new DynamoDBStreamsClient({ region: 'eu-west-1' });
  const asked: string[] = [];
  client.middlewareStack.add(
    (_, { commandName }) =>
      async ({ input }) => {
        const { ShardIterator = '' } = input as { ShardIterator?: string };
        asked.push(ShardIterator || JSON.stringify(input));
        if (commandName === 'GetShardIteratorCommand') return answer({ ShardIterator: '0' });
        const at = Number(ShardIterator);
        if (at > pages.length + 5) throw new Error('reads on for ever');
        const Records = (pages[at] ?? []).map((n) => ({
          eventName: n === 400 ? 'MODIFY' : 'INSERT',
          dynamodb: { SequenceNumber: String(n), Keys: marshall(entryKey('c', n)) },
        }));
        const last = closed && at >= pages.length - 1;
        return answer({ Records, ...(!last && { NextShardIterator: String(at + 1) }) });
      },
    { step: 'initialize' },
  );
  return { client, asked };
}
function answer(output: object) {
  return { output: { $metadata: {}, ...output }, response: undefined } as never;
}

describe('the records of a part of a stream', () => {
  test('are read over all pages, empty ones too, from the first to the last, both included', async () => {
    const { client, asked } = shard([[200, 300], [], [400], [1000, 1100]]);
    const records = await readStream(client, part);
    expect(records).toEqual([200, 300, 400, 1000].map((n) => ({ isNew: n !== 400, keys: { ...entryKey('c', n) } })));
    expect(JSON.parse(asked[0] ?? '')).toEqual({
      ...{ StreamArn: 'arn', ShardId: 'shard', ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: '200' },
    });
    expect(asked.slice(1)).toEqual(['0', '1', '2', '3']);
  });

  test('end where a higher number shows that the last one has gone, compared as numbers', async () => {
    const records = await readStream(shard([[999], [1001]]).client, part);
    expect(records).toHaveLength(1);
  });

  test('may end with a shard that was split there', async () => {
    expect(await readStream(shard([[200], [1000]], true).client, part)).toHaveLength(2);
  });

  test('are not all there if the shard ends before: that fails, so that the message stays in its queue', async () => {
    await expect(readStream(shard([[200], [300]], true).client, part)).rejects.toThrow('ends before');
  });

  test('fail if they were trimmed or the iterator expired: the next run begins anew', async () => {
    const client = new DynamoDBStreamsClient({ region: 'eu-west-1' });
    const trimmed = new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} });
    client.middlewareStack.add(() => () => Promise.reject(trimmed), { step: 'initialize' });
    await expect(readStream(client, part)).rejects.toBe(trimmed);
  });
});
