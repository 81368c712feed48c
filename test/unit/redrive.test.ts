import { describe, expect, test } from 'vitest';
import { givenUpPositions, type StoredRecord, type StreamPart } from '../../scripts/redrive/given-up.ts';
import { entryKey, memberKey } from '../../shared/store/keys.ts';

const streamArn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Chat/stream/2026-01-01T00:00:00.000';
/** As Lambda puts it into the queue of a stream's failures. */
const GIVEN_UP_BY_LAMBDA = {
  requestContext: { requestId: 'r', functionArn: 'f', condition: 'MaximumRecordAgeExceeded' },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  version: '1.0',
  DDBStreamBatchInfo: {
    ...{ streamArn, shardId: 'shardId-1', startSequenceNumber: '100', endSequenceNumber: '900', batchSize: 3 },
    approximateArrivalOfFirstRecord: '2026-01-01T00:00:00Z',
    approximateArrivalOfLastRecord: '2026-01-01T00:00:01Z',
  },
};

function nothing(): Promise<never> {
  return Promise.reject(new Error('no stream is needed'));
}
function entry(conversationId: string, seq: number, isNew = true): StoredRecord {
  return { isNew, keys: { ...entryKey(conversationId, seq) } };
}

describe('a redrive publishes', () => {
  const positions = { conversationId: 'general', from: 3, to: 7 };

  test.each([
    ['positions that publish-events gave up on', positions],
    [
      'the event that broadcast failed on',
      { 'detail-type': 'entries-appended', detail: { ...positions, entries: [] } },
    ],
  ])('%s', async (_, message) => {
    expect(await givenUpPositions(JSON.stringify(message), nothing)).toEqual([positions]);
  });

  test('nothing for an event that carries no entries', async () => {
    const typing = { 'detail-type': 'frames-to-rooms', detail: { rooms: [], frames: [] } };
    expect(await givenUpPositions(JSON.stringify(typing), nothing)).toEqual([]);
  });

  test('the entries that a failing publish-events never read, which Lambda names by their place in the stream', async () => {
    const asked: StreamPart[] = [];
    const records = [
      ...[entry('a', 5), entry('b', 1), entry('a', 6), entry('a', 9), entry('a', 2, false)],
      { isNew: true, keys: { ...memberKey('a', 'ann') } },
    ];
    const found = await givenUpPositions(JSON.stringify(GIVEN_UP_BY_LAMBDA), async (part) => {
      asked.push(part);
      return records;
    });
    expect(asked).toEqual([{ streamArn, shardId: 'shardId-1', startSequenceNumber: '100', endSequenceNumber: '900' }]);
    expect(found).toEqual([
      { conversationId: 'a', from: 5, to: 6 },
      { conversationId: 'a', from: 9, to: 9 },
      { conversationId: 'b', from: 1, to: 1 },
    ]);
  });

  test('nothing, and fails, if the stream has the records no more', async () => {
    const trimmed = () => Promise.reject(new Error('TrimmedDataAccessException'));
    await expect(givenUpPositions(JSON.stringify(GIVEN_UP_BY_LAMBDA), trimmed)).rejects.toThrow('Trimmed');
  });
});
