import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('receipts', () => {
  test('READ-1: a mark moves, is sent to the room and to one’s own devices, and never goes back', async ({ chat }) => {
    const [alice, bob, tab, unjoined] = await chat.connectAll('alice', 'bob', 'bob', 'bob');
    const conversationId = await chat.channel(alice, bob, tab);
    for (const text of ['one', 'two', 'three']) await alice.say(conversationId, text);
    const mark = (fields: { readSeq?: number; deliveredSeq?: number }) =>
      bob.ask('mark', { conversationId, ...fields });

    expect(await mark({ deliveredSeq: 3 })).toEqual({ conversationId, readSeq: 0, deliveredSeq: 3, unread: 3 });
    expect(await mark({ readSeq: 2 })).toEqual({ conversationId, readSeq: 2, deliveredSeq: 3, unread: 1 });
    expect(await mark({ readSeq: 1, deliveredSeq: 1 })).toEqual({
      conversationId,
      readSeq: 2,
      deliveredSeq: 3,
      unread: 1,
    });
    expect(await mark({ readSeq: 500 })).toEqual({ conversationId, readSeq: 3, deliveredSeq: 3, unread: 0 });

    const marks = [
      [0, 3],
      [2, 3],
      [3, 3],
    ].map(([readSeq, deliveredSeq]) => ({
      ...{ conversationId, userId: bob.userId, readSeq, deliveredSeq },
    }));
    for (const client of [alice, tab, unjoined]) {
      await client.until(() => client.pushed('receipt').length === 3);
      expect(client.pushed('receipt').map(({ data }) => data)).toEqual(marks);
    }
    expect(bob.pushed('receipt')).toEqual([]);
    const { marks: shown } = await alice.ask('join', { conversationId });
    expect(shown.find(({ userId }) => userId === bob.userId)).toEqual({
      userId: bob.userId,
      readSeq: 3,
      deliveredSeq: 3,
    });
  });

  test('READ-1: delivered is never below read', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    await alice.say(conversationId, 'one');

    expect(await bob.ask('mark', { conversationId, readSeq: 1 })).toMatchObject({ readSeq: 1, deliveredSeq: 1 });
    expect(await alice.ask('mark', { conversationId, readSeq: 0 })).toMatchObject({
      readSeq: 0,
      deliveredSeq: 0,
      unread: 1,
    });
  });

  test('READ-1: unread counts messages, tombstones included, and no other entries', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const { seq } = await alice.say(conversationId, 'one');
    await alice.append('edit-message', { conversationId, seq, content: 'edited' });
    await alice.append('add-reaction', { conversationId, seq, emoji: '👍' });
    await alice.say(conversationId, 'two');
    const last = await alice.say(conversationId, `${'🙂'.repeat(99)}ab`);
    const listed = async () => (await bob.ask('list-conversations', {})).items[0];

    const before = await listed();
    await alice.append('delete-message', { conversationId, seq: last.seq });
    const deleted = await listed();
    const marked = await bob.ask('mark', { conversationId, readSeq: 4 });

    expect(before).toMatchObject({ head: 5, n: 3, unread: 3, role: 'member', kind: 'channel' });
    expect(before?.lastMessage).toMatchObject({ seq: 5, senderId: alice.userId, content: `${'🙂'.repeat(99)}a` });
    expect(deleted).toMatchObject({ head: 6, n: 3, unread: 3, lastMessage: { seq: 5, deletedAt: expect.any(String) } });
    expect(deleted?.lastMessage?.content).toBeUndefined();
    expect(marked).toMatchObject({ unread: 1 });
    expect((await listed())?.unread).toBe(1);
  });
});
