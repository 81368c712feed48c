import { beforeEach, describe, expect, test } from 'vitest';
import { conversationRoom, userRoom } from '../../shared/domain/connection.ts';
import { comesAgain, recordsOf } from '../support/batches.ts';
import type { Chat } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { createFailingChat, type FailingChat } from '../support/failing-chat.ts';
import type { StoredChange } from '../support/memory-stores.ts';
import { aConnection, aSubscription, NOW_MS } from '../support/stored.ts';

let at: FailingChat;
let chat: Chat;

beforeEach(() => {
  at = createFailingChat();
  ({ chat } = at);
});
function stages() {
  return chat.reports.map(({ stage }) => stage);
}

describe('connection-changes', () => {
  const room = conversationRoom('a');
  const rooms = [
    { room: userRoom('mia'), shard: 0 },
    { room, shard: 3 },
  ];
  const connection = aConnection({ userId: 'mia', connectionId: 'socket=', rooms });
  const subscription = aSubscription(connection, room, 3);
  const handle = (Records: readonly unknown[]) => invoke(chat.functions['connection-changes'], { Records });
  const gone: StoredChange = { item: 'connection', old: connection, next: undefined };
  const left: StoredChange = { item: 'subscription', old: subscription, next: undefined };
  const came: StoredChange = { item: 'subscription', old: undefined, next: subscription };

  /** Puts what the connection left behind, without a record of it. */
  function putSubscriptions() {
    for (const held of rooms) chat.stores.state.putSubscription(aSubscription(connection, held.room, held.shard));
    chat.streams.changes.length = 0;
  }
  const due = () => {
    const time = chat.streams.presenceQueue.lastDue();
    return time === undefined ? undefined : time - chat.clock.now();
  };

  test('deletes all subscriptions of a connection that is gone', async () => {
    putSubscriptions();
    expect(await handle(recordsOf(gone))).toEqual(comesAgain());
    expect(chat.stores.state.subscriptions.size).toBe(0);
    expect(chat.streams.presenceQueue.bodies).toEqual([]);
  });

  test('names the record of a connection whose subscriptions could not be deleted, and of no other', async () => {
    putSubscriptions();
    at.failing = 'dropSubscription';
    expect(await handle(recordsOf(came, gone))).toEqual(comesAgain('2'));
    expect(stages()).toContain('drop-subscription');
    expect(chat.streams.presenceQueue.bodies).toHaveLength(1);
  });

  test('PRES-1: asks for a look at presence at once when a user came, after 6 s when a user went', async () => {
    expect(await handle(recordsOf(came))).toEqual(comesAgain());
    expect(chat.streams.presenceQueue.bodies).toEqual([{ room, userId: 'mia' }]);
    expect(due()).toBe(0);
    expect(await handle(recordsOf(left))).toEqual(comesAgain());
    expect(due()).toBe(6_000);
  });

  test('names the record whose look the queue did not take, and reports it', async () => {
    const other = { ...came, next: { ...subscription, userId: 'max' } } as StoredChange;
    chat.streams.presenceQueue.refuses = (body) => (body as { userId: string }).userId === 'mia';
    expect(await handle(recordsOf(came, other))).toEqual(comesAgain('1'));
    expect(stages()).toEqual(['enqueue-presence']);
    expect(chat.streams.presenceQueue.bodies).toEqual([{ room, userId: 'max' }]);
  });

  test.each<[string, StoredChange]>([
    ['came', { item: 'connection', old: undefined, next: connection }],
    ['changed', { item: 'connection', old: connection, next: { ...connection, expiresAt: NOW_MS } }],
    ['has a longer subscription', { item: 'subscription', old: subscription, next: { ...subscription, expiresAt: 1 } }],
  ])('does nothing for a connection that %s', async (_, change) => {
    putSubscriptions();
    expect(await handle(recordsOf(change))).toEqual(comesAgain());
    expect(chat.stores.state.subscriptions.size).toBe(2);
    expect(chat.streams.presenceQueue.bodies).toEqual([]);
  });

  test('passes over a record that it cannot read, and reports it', async () => {
    putSubscriptions();
    expect(await handle([{ eventName: 'REMOVE' }, ...recordsOf(gone)])).toEqual(comesAgain());
    expect(stages()).toEqual(['unreadable-record']);
    expect(chat.stores.state.subscriptions.size).toBe(0);
  });
});
