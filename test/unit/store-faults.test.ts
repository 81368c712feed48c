import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { identify, parseConnectionItem, toEntryItem, toMemberItem } from '../../shared/store/items.ts';
import { createStores } from '../../shared/store/stores.ts';
import { aConnection, aConversation, aMember, aMessage } from '../support/stored.ts';

type Answer = Record<string, unknown> | Error;

/** Stores whose table gives these answers in turn, and the requests that the stores made. */
function answering(...answers: readonly Answer[]) {
  const asked: { readonly operation: string; readonly input: Record<string, unknown> }[] = [];
  const client = {
    async send(command: { input: Record<string, unknown>; constructor: { name: string } }) {
      const answer = answers[asked.length];
      asked.push({ operation: command.constructor.name.replace('Command', ''), input: command.input });
      if (answer === undefined) throw new Error('asked too often');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const stores = createStores(client as unknown as DynamoDBDocumentClient, {
    chat: 'chat',
    connections: 'connections',
  });
  return { stores, asked };
}

const base = { message: '', $metadata: {} };
function conflict() {
  return new TransactionConflictException(base);
}
function cancelled(...codes: readonly string[]) {
  return new TransactionCanceledException({ ...base, CancellationReasons: codes.map((Code) => ({ Code })) });
}

const conversationId = 'general';
const entry = aMessage({ conversationId, seq: 1 });
const changes = [{ type: 'put-reaction', userId: 'ann', seq: 1, emoji: '👍' }] as const;
const join = {
  connection: aConnection({ userId: 'ann' }),
  room: conversationRoom(conversationId),
  shard: 0,
  maxRooms: 200,
};

describe('a write that conflicts with a transaction', () => {
  it('is an append that lost to an unknown winner', async () => {
    expect(await answering(conflict()).stores.log.append(entry, [])).toEqual({ committed: false });
    const withChanges = answering(cancelled('TransactionConflict', 'None'));
    expect(await withChanges.stores.log.append(entry, changes)).toEqual({ committed: false });
  });

  it('is a conflict that joining, leaving and unsubscribing report', async () => {
    const answer = cancelled('None', 'TransactionConflict', 'None');
    const place = { room: join.room, shard: 0, userId: 'ann', connectionId: 'k', connectedAt: 0, expiresAt: 1 };
    expect(await answering(answer).stores.connections.join(join)).toBe('conflict');
    expect(await answering(answer).stores.connections.leave(join.connection, join.room, 0)).toBe('conflict');
    expect(await answering(answer).stores.connections.unsubscribe(place)).toBe('conflict');
  });

  it('is repeated if nothing has to be decided again', async () => {
    const member = aMember({ conversationId });
    const marks = { readSeq: 1, readN: 1, deliveredSeq: 1 };
    const raising = answering(conflict(), { Attributes: toMemberItem({ ...member, ...marks }) });
    expect(await raising.stores.conversations.raiseMarks(conversationId, 'ann', marks)).toEqual({
      ...member,
      ...marks,
    });
    const forgetting = answering(conflict(), conflict(), {});
    await forgetting.stores.connections.forget('k');
    expect(forgetting.asked.map(({ operation }) => operation)).toEqual(['Delete', 'Delete', 'Delete']);
    const creating = answering(cancelled('TransactionConflict'), {});
    expect(await creating.stores.conversations.create(aConversation(), [])).toBe(true);
  });

  it('is given up after several tries', async () => {
    const answers = Array.from({ length: 20 }, conflict);
    const { stores, asked } = answering(...answers);
    await expect(stores.connections.forget('k')).rejects.toThrow(TransactionConflictException);
    expect(asked).toHaveLength(8);
    const creating = answering(...Array.from({ length: 20 }, () => cancelled('TransactionConflict')));
    await expect(creating.stores.conversations.create(aConversation(), [])).rejects.toThrow(
      'unable to write; other transactions hold the items',
    );
    expect(creating.asked).toHaveLength(8);
  });
});

describe('a cancelled transaction', () => {
  it('is decided by a failed condition, whatever else failed', async () => {
    const reasons = [
      { Code: 'ConditionalCheckFailed', Item: marshall(toEntryItem(entry)) },
      { Code: 'TransactionConflict' },
    ];
    const error = new TransactionCanceledException({ ...base, CancellationReasons: reasons });
    expect(await answering(error).stores.log.append(entry, changes)).toEqual({ committed: false, winner: entry });
    const notActive = cancelled('TransactionConflict', 'None', 'ConditionalCheckFailed');
    expect(await answering(notActive).stores.connections.join(join)).toBe('not-active');
  });

  it.each(['ThrottlingError', 'ProvisionedThroughputExceeded', 'ValidationError', 'ItemCollectionSizeLimitExceeded'])(
    'is thrown for %s, also together with a conflict',
    async (code) => {
      const error = cancelled('TransactionConflict', code);
      await expect(answering(error).stores.log.append(entry, changes)).rejects.toBe(error);
      await expect(answering(error).stores.connections.join(join)).rejects.toBe(error);
      await expect(answering(error).stores.conversations.create(aConversation(), [])).rejects.toBe(error);
    },
  );

  it('without reasons is thrown', async () => {
    const error = new TransactionCanceledException(base);
    await expect(answering(error).stores.log.append(entry, changes)).rejects.toBe(error);
  });
});

describe('a single write', () => {
  it('that is refused without a reason is lost, winner unknown', async () => {
    const refused = new ConditionalCheckFailedException(base);
    expect(await answering(refused).stores.log.append(entry, [])).toEqual({ committed: false });
  });

  it('that fails otherwise is thrown', async () => {
    const error = new Error('no network');
    await expect(answering(error).stores.log.append(entry, [])).rejects.toBe(error);
  });
});

describe('the tail', () => {
  const page = (...seqs: readonly number[]) => ({
    Items: seqs.map((seq) => toEntryItem(aMessage({ conversationId, seq }))),
  });

  it.each([
    ['has a gap', page(9, 8, 6, 5)],
    ['ends too early', page(9, 8)],
  ])('is read again consistently if it %s', async (_, stale) => {
    const { stores, asked } = answering(stale, page(9, 8, 7, 6));
    const tail = await stores.log.tail(conversationId, 4);
    expect(tail.map(({ seq }) => seq)).toEqual([6, 7, 8, 9]);
    expect(asked.map(({ input }) => input.ConsistentRead)).toEqual([false, true]);
  });

  it('is read once if it is whole', async () => {
    for (const whole of [page(), page(2, 1), page(9, 8, 7, 6)]) {
      const { stores, asked } = answering(whole);
      await stores.log.tail(conversationId, 4);
      expect(asked).toHaveLength(1);
    }
  });
});

describe('what lies after a read mark', () => {
  const page = (...seqs: readonly number[]) => ({
    Items: seqs.map((seq) => toEntryItem(aMessage({ conversationId, seq }))),
  });
  const cut = { ...page(4, 5), LastEvaluatedKey: { pk: 'L#general', sk: '000000000005' } };

  it.each([
    ['lacks the newest', [page(4, 5)]],
    ['lacks one in the middle', [page(4, 6)]],
    ['has nothing yet', [page()]],
    ['ends on a page of an older replica', [cut, page()]],
  ])('is read again consistently if it %s', async (_, stale) => {
    const { stores, asked } = answering(...stale, page(4, 5, 6));
    expect((await stores.log.since(conversationId, 3, 6)).map(({ seq }) => seq)).toEqual([4, 5, 6]);
    expect(asked.map(({ input }) => input.ConsistentRead)).toEqual([...stale.map(() => false), true]);
  });

  it('is read once if it is whole, on two pages too, and never beyond its end', async () => {
    for (const whole of [[page(4, 5, 6)], [cut, page(6)]]) {
      const { stores, asked } = answering(...whole);
      await stores.log.since(conversationId, 3, 6);
      expect(asked).toHaveLength(whole.length);
      const { ExpressionAttributeValues, Limit } = asked[0]?.input ?? {};
      expect(Object.values(ExpressionAttributeValues ?? {})).toEqual(['L#general', '000000000004', '000000000006']);
      expect(Limit).toBe(4);
    }
  });

  it('is refused if entries are missing all the same: fewer would pass for less unread', async () => {
    const { stores } = answering(page(4), page(4, 6));
    await expect(stores.log.since(conversationId, 3, 6)).rejects.toThrow('entries of 4–6 are missing');
  });
});

describe('a batch', () => {
  const item = (userId: string) => toMemberItem(aMember({ conversationId, userId }));
  const keys = ['ann', 'bob'].map((userId) => ({ conversationId, userId }));

  it('asks again for what was not processed', async () => {
    const left = { chat: { Keys: [{ pk: 'C#general', sk: 'M#bob' }] } };
    const { stores, asked } = answering(
      { Responses: { chat: [item('ann')] }, UnprocessedKeys: left },
      { Responses: { chat: [item('bob')] }, UnprocessedKeys: {} },
    );
    const members = await stores.conversations.members(keys);
    expect(members.map(({ userId }) => userId)).toEqual(['ann', 'bob']);
    expect(asked[1]?.input).toEqual({ RequestItems: { chat: { ...left.chat, ConsistentRead: true } } });
  });

  it('never returns a part as if it were the whole', async () => {
    const nothing = { Responses: {}, UnprocessedKeys: { chat: { Keys: [{ pk: 'C#general', sk: 'M#bob' }] } } };
    const { stores } = answering(...Array.from({ length: 20 }, () => nothing));
    await expect(stores.conversations.members(keys)).rejects.toThrow('too busy');
  });
});

describe('an item that does not fit its schema', () => {
  it.each([
    ['no such kind', { kind: 'other' }],
    ['a field of another type', { n: '1' }],
  ])('is refused when it is read: %s', async (_, fields) => {
    const { stores } = answering({ Item: { ...toEntryItem(entry), ...fields } });
    await expect(stores.log.entry(conversationId, 1)).rejects.toThrow();
  });
});

describe('a batch that the table does not give whole', () => {
  const key = { pk: 'C#general', sk: 'M#ann' };
  const unprocessed = { UnprocessedKeys: { chat: { Keys: [key] } } };
  const read = ({ stores }: ReturnType<typeof answering>) =>
    stores.conversations.members([{ conversationId, userId: 'ann' }]);

  it('is asked for what it lacks, again, eight times in all', async () => {
    const member = aMember({ conversationId });
    const late = answering(unprocessed, { Responses: { chat: [toMemberItem(member)] } });
    expect(await read(late)).toEqual([member]);
    expect(late.asked.map(({ input }) => input.RequestItems)).toEqual(
      [0, 1].map(() => ({ chat: { Keys: [key], ConsistentRead: true } })),
    );
    const busy = answering(...Array.from({ length: 20 }, () => unprocessed));
    await expect(read(busy)).rejects.toThrow('unable to read a batch; the table is too busy');
    expect(busy.asked).toHaveLength(8);
  });
});

describe('a bucket', () => {
  const rate = { intervalMs: 1_000, burst: 20 };
  const take = ({ stores }: ReturnType<typeof answering>) =>
    stores.connections.takeToken({ rate: 'join', userId: 'ann' }, rate, 1_000_500);
  const full = () => new ConditionalCheckFailedException({ ...base, Item: marshall({ tat: 1_000_501 }) });

  it('ends, in seconds, when it would be full again', async () => {
    const given = answering({ Attributes: { tat: 1_001_500 } });
    expect(await take(given)).toEqual({ ok: true, tat: 1_001_500 });
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values, ...rest } = given.asked[0]?.input ?? {};
    expect(Object.values(names ?? {})).toContain('expiresAt');
    expect(Object.values(values ?? {})).toContain(1_021);
    expect(rest).toMatchObject({ TableName: 'connections' });
  });

  it('whose row others change each time is given up after eight rounds of two', async () => {
    const { stores, asked } = answering(...Array.from({ length: 40 }, full));
    await expect(take({ stores, asked })).rejects.toThrow('unable to take a token; too many are taken at once');
    expect(asked).toHaveLength(16);
  });

  it('whose row is gone in between is asked for anew', async () => {
    const gone = new ConditionalCheckFailedException(base);
    const { stores, asked } = answering(gone, { Attributes: { tat: 1_001_500 } });
    expect(await take({ stores, asked })).toEqual({ ok: true, tat: 1_001_500 });
    expect(asked).toHaveLength(2);
  });
});

describe('a key', () => {
  it.each([
    ['a member', { pk: 'C#general', sk: 'X#ann' }],
    ['an entry', { pk: 'L#general', sk: '7' }],
    ['a bucket', { pk: 'B#ann', sk: 'unknown' }],
  ])('that is not quite that of %s is none', (_, key) => {
    expect(() => identify(key)).toThrow(/^unable to parse a/);
  });

  it('of another kind is refused, and both are named', () => {
    expect(() => parseConnectionItem({ pk: 'C#general', sk: 'META' })).toThrow(
      'expected the item to be of kind connection, it is of conversation',
    );
  });
});

it('a query goes on after the key that it was given', async () => {
  const { stores, asked } = answering({ Items: [] }, { Items: [] });
  await stores.conversations.memberships('ann', { limit: 5, after: 'general' });
  await stores.conversations.memberPage(conversationId, { limit: 5, after: 'ann' });
  const [memberships, members] = asked.map(({ input }) => input.ExclusiveStartKey ?? input.ExpressionAttributeValues);
  expect(JSON.stringify(memberships)).toContain('general');
  expect(JSON.stringify(members)).toContain('M#ann');
});
