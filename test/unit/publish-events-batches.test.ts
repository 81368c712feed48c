import { beforeEach, describe, expect, test } from 'vitest';
import { userRoom } from '../../shared/domain/connection.ts';
import { comesAgain, recordsOf } from '../support/batches.ts';
import type { Chat } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { createFailingChat, type FailingChat } from '../support/failing-chat.ts';
import { createGroup } from '../support/groups.ts';
import type { StoredChange } from '../support/memory-stores.ts';
import { entriesOf } from '../support/reference-log.ts';
import { aConversation, aMember, aMessage, NOW_MS } from '../support/stored.ts';
import type { StreamRecord } from '../support/stream-records.ts';

let at: FailingChat;
let chat: Chat;

beforeEach(() => {
  at = createFailingChat();
  ({ chat } = at);
});
function stages() {
  return chat.reports.map(({ stage }) => stage);
}

describe('publish-events', () => {
  const entry = (conversationId: string, seq: number): StoredChange => ({
    ...{ item: 'entry', old: undefined, next: aMessage({ conversationId, seq }) },
  });
  const publish = (Records: readonly unknown[]) => invoke(chat.functions['publish-events'], { Records });
  const seqs = () =>
    chat.streams.bus.events.map(({ detail }) => {
      const { conversationId, entries } = detail as { conversationId: string; entries: { frame: { data: object } }[] };
      return [conversationId, ...entries.map(({ frame }) => (frame.data as { seq: number }).seq)];
    });

  test('puts the entries of a batch on the bus, one event for each conversation', async () => {
    expect(await publish(recordsOf(entry('a', 1), entry('b', 7), entry('a', 2)))).toEqual(comesAgain());
    expect(seqs()).toEqual([
      ['a', 1, 2],
      ['b', 7],
    ]);
  });

  test('names the records that the bus refused, so that these come again, and reports nothing', async () => {
    chat.clock.advance(NOW_MS - chat.clock.now());
    chat.streams.bus.refuses = ({ detail }) => JSON.stringify(detail).includes('"conversationId":"a"');
    expect(await publish(recordsOf(entry('a', 1), entry('b', 7), entry('a', 2)))).toEqual(comesAgain('1', '3'));
    expect(seqs()).toEqual([['b', 7]]);
    expect(chat.streams.undeliveredQueue.bodies).toEqual([]);
  });

  test('gives up after a minute, and names the log positions for a redrive', async () => {
    chat.streams.bus.refuses = () => true;
    const batch = recordsOf(entry('a', 1), entry('a', 2));
    chat.clock.advance(NOW_MS + 60_000 - chat.clock.now());
    expect(await publish(batch)).toEqual(comesAgain('1', '2'));
    chat.clock.advance(1);
    expect(await publish(batch)).toEqual(comesAgain());
    expect(chat.streams.undeliveredQueue.bodies).toEqual([{ conversationId: 'a', from: 1, to: 2 }]);
  });

  test('fails as a whole if what it gives up cannot be named either: the stream tries again', async () => {
    chat.streams.bus.refuses = () => true;
    chat.streams.undeliveredQueue.refuses = () => true;
    chat.clock.advance(NOW_MS + 60_001 - chat.clock.now());
    await expect(publish(recordsOf(entry('a', 1)))).rejects.toThrow();
  });

  test('passes over a record that it cannot read, reports it, and names its position if it is an entry’s', async () => {
    const [first, second, third] = recordsOf(entry('a', 1), entry('a', 2), entry('a', 3)) as [
      StreamRecord,
      StreamRecord,
      StreamRecord,
    ];
    const broken = { ...second, dynamodb: { ...second.dynamodb, NewImage: { ...second.dynamodb.NewImage, n: {} } } };
    expect(await publish([first, broken, {}, third])).toEqual(comesAgain());
    expect(seqs()).toEqual([['a', 1, 3]]);
    expect(stages()).toEqual(['unreadable-record', 'unreadable-record']);
    expect(chat.streams.undeliveredQueue.bodies).toEqual([{ conversationId: 'a', from: 2, to: 2 }]);
  });

  test('fails as a whole if the queue does not take the position of an entry that it cannot read', async () => {
    chat.streams.undeliveredQueue.refuses = () => true;
    const [record] = recordsOf(entry('a', 1)) as [StreamRecord];
    const broken = { ...record, dynamodb: { ...record.dynamodb, NewImage: {} } };
    await expect(publish([broken])).rejects.toThrow();
  });

  test('names no position of what is no entry, or cannot be said to be one', async () => {
    const unreadable = aMember({ conversationId: 'a', state: 'gone' as 'left' });
    const [member] = recordsOf({ item: 'member', old: undefined, next: unreadable });
    const nothing = { ...member, dynamodb: { ...member?.dynamodb, Keys: { pk: { S: 'Y' }, sk: { S: '1' } } } };
    expect(await publish([member, nothing])).toEqual(comesAgain());
    expect(stages()).toEqual(['unreadable-record', 'unreadable-record']);
    expect(chat.streams.undeliveredQueue.bodies).toEqual([]);
  });

  test('publishes what was appended, not what was rewritten', async () => {
    const next = aMessage({ conversationId: 'a', seq: 1 });
    expect(await publish(recordsOf({ item: 'entry', old: next, next: { ...next, rev: 2 } }))).toEqual(comesAgain());
    expect(seqs()).toEqual([]);
  });

  describe('announces a conversation', () => {
    const member = (state: 'active' | 'left' | 'banned') => aMember({ conversationId: 'a', userId: 'mia', state });
    beforeEach(() => chat.stores.state.putConversation(aConversation({ conversationId: 'a' })));
    const rooms = () => chat.streams.bus.events.map(({ detail }) => (detail as { rooms: unknown }).rooms);

    test.each([
      ['is added', undefined, member('active'), true],
      ['comes back', member('left'), member('active'), true],
      ['moves a mark', member('active'), { ...member('active'), readSeq: 3 }, false],
      ['leaves', member('active'), member('left'), false],
      ['is banned after leaving', member('left'), member('banned'), false],
      ['is gone for ever', member('left'), undefined, false],
    ])('or not, to a user who %s', async (_, old, next, announced) => {
      expect(await publish(recordsOf({ item: 'member', old, next }))).toEqual(comesAgain());
      expect(rooms()).toEqual(announced ? [[userRoom('mia')]] : []);
      expect(stages()).toEqual([]);
    });

    test('again, if the conversation could not be read or the bus did not take it', async () => {
      chat.clock.advance(NOW_MS - chat.clock.now());
      const batch = recordsOf({ item: 'member', old: undefined, next: member('active') });
      at.failing = 'conversation';
      expect(await publish(batch)).toEqual(comesAgain('1'));
      at.failing = undefined;
      chat.streams.bus.refuses = () => true;
      expect(await publish(batch)).toEqual(comesAgain('1'));
    });
  });

  test('loses nothing while the bus refuses: each entry comes once the bus takes it, in order', async () => {
    const olga = await chat.connect('olga');
    const mia = await chat.connect('mia');
    const conversationId = await createGroup(chat, olga, mia);
    let tries = 0;
    chat.streams.bus.refuses = () => {
      tries += 1;
      return tries <= 3;
    };
    for (const content of ['one', 'two', 'three']) {
      await chat.ask(olga, 'send-message', { conversationId, content });
      await chat.pump();
    }
    await chat.pump('quiet');
    expect(tries).toBeGreaterThan(3);
    const got = entriesOf(chat.gateway.take(mia.connectionId), conversationId);
    expect(got.map(({ data }) => data.seq)).toEqual([1, 2, 3]);
  });
});
