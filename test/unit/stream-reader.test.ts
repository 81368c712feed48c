import { describe, expect, test } from 'vitest';
import { CONNECTION_RECORDS, PUBLISHED_RECORDS, type StreamFilter } from '../../infra/constructs/stream-filters.ts';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { comesAgain } from '../support/batches.ts';
import type { StoredChange } from '../support/memory-stores.ts';
import { aConnection, aConversation, aMember, aMessage, aPresence, aSubscription } from '../support/stored.ts';
import { StreamReader } from '../support/stream-reader.ts';
import { type Commit, passes, toRecord } from '../support/stream-records.ts';

const conversationId = 'a';
const message = aMessage({ conversationId, seq: 1 });
const [active, left] = [aMember({ conversationId }), aMember({ conversationId, state: 'left' })];
const connection = aConnection();
const subscription = aSubscription(connection, conversationRoom(conversationId));

function commit(change: StoredChange, id = 1): Commit {
  return { change, sequenceNumber: String(id), at: 0 };
}
function entries(count: number): Commit[] {
  return Array.from({ length: count }, (_, index) => {
    const next = aMessage({ conversationId, seq: index + 1 });
    return commit({ item: 'entry', old: undefined, next }, index + 1);
  });
}

describe('the stack’s filters, as the tests’ chat applies them', () => {
  test.each<[string, boolean, readonly StreamFilter[], StoredChange]>([
    ['a new entry', true, PUBLISHED_RECORDS, { item: 'entry', old: undefined, next: message }],
    ['a rewritten entry', false, PUBLISHED_RECORDS, { item: 'entry', old: message, next: message }],
    ['a new member', true, PUBLISHED_RECORDS, { item: 'member', old: undefined, next: active }],
    ['a member who comes back', true, PUBLISHED_RECORDS, { item: 'member', old: left, next: active }],
    ['a mark', false, PUBLISHED_RECORDS, { item: 'member', old: active, next: { ...active, readSeq: 1 } }],
    ['a member who leaves', false, PUBLISHED_RECORDS, { item: 'member', old: active, next: left }],
    [
      'a conversation',
      false,
      PUBLISHED_RECORDS,
      { item: 'conversation', old: undefined, next: aConversation({ conversationId }) },
    ],
    ['a connection that ended', true, CONNECTION_RECORDS, { item: 'connection', old: connection, next: undefined }],
    ['a connection that began', false, CONNECTION_RECORDS, { item: 'connection', old: undefined, next: connection }],
    ['a connection that changed', false, CONNECTION_RECORDS, { item: 'connection', old: connection, next: connection }],
    [
      'a subscription that began',
      true,
      CONNECTION_RECORDS,
      { item: 'subscription', old: undefined, next: subscription },
    ],
    [
      'a subscription that ended',
      true,
      CONNECTION_RECORDS,
      { item: 'subscription', old: subscription, next: undefined },
    ],
    ['presence', false, CONNECTION_RECORDS, { item: 'presence', old: undefined, next: aPresence() }],
  ])('%s passes: %s', (_, expected, filters, change) => {
    expect(passes(filters, toRecord(commit(change)))).toBe(expected);
  });

  test('may not have a rule that the chat cannot apply', () => {
    const record = toRecord(commit({ item: 'member', old: undefined, next: active }));
    expect(() => passes([{ eventName: [{ suffix: 'T' }] }], record)).toThrow('no such rule');
  });
});

describe('a stream of the tests’ chat', () => {
  test('comes in batches, and again from the first record that failed on', async () => {
    const batches: string[][] = [];
    let failing: readonly string[] = ['5', '4'];
    const reader = new StreamReader(PUBLISHED_RECORDS, async ({ Records }) => {
      const ids = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
      batches.push(ids);
      return comesAgain(...failing.filter((id) => ids.includes(id)));
    });
    await reader.read(entries(6), 3);
    expect(reader.isBehind).toBe(true);
    failing = [];
    await reader.read([], 3);
    expect(batches).toEqual([
      ['1', '2', '3'],
      ['4', '5', '6'],
      ['4', '5', '6'],
    ]);
    expect(reader.isBehind).toBe(false);
  });

  test('takes no failure that names none of the batch', async () => {
    const reader = new StreamReader(PUBLISHED_RECORDS, async () => comesAgain('another'));
    await expect(reader.read(entries(1), 3)).rejects.toThrow('none of the batch');
  });
});
