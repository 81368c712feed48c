import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('receipts', () => {
  test('READ-1: a mark moves, is sent to the room and to one’s own devices, and never goes back', async ({ chat }) => {
    const [alice, bob, tab, unjoined] = await chat.connectAll('alice', 'bob', 'bob', 'bob');
    const conversationId = await chat.channel(alice, bob, tab);
    for (const text of ['one', 'two', 'three']) await alice.say(conversationId, text);
    const mark = (fields: { readSeq?: number; deliveredSeq?: number }) =>
      bob.ask('mark', { conversationId, ...fields });

    const told = { conversationId, head: 3 };
    expect(await mark({ deliveredSeq: 3 })).toEqual({ ...told, readSeq: 0, deliveredSeq: 3, unread: 3 });
    expect(await mark({ readSeq: 2 })).toEqual({ ...told, readSeq: 2, deliveredSeq: 3, unread: 1 });
    expect(await mark({ readSeq: 1, deliveredSeq: 1 })).toEqual({ ...told, readSeq: 2, deliveredSeq: 3, unread: 1 });
    expect(await mark({ readSeq: 500 })).toEqual({ ...told, readSeq: 3, deliveredSeq: 3, unread: 0 });

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
      unread: 0,
    });
  });

  test('READ-2: unread counts the messages of others that are not deleted, and no other entries', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const { seq } = await alice.say(conversationId, 'one');
    await alice.append('edit-message', { conversationId, seq, content: 'edited' });
    await alice.append('add-reaction', { conversationId, seq, emoji: '👍' });
    await alice.say(conversationId, 'two');
    await bob.say(conversationId, 'mine');
    const last = await alice.say(conversationId, `${'🙂'.repeat(99)}ab`);
    const listed = async () => (await bob.ask('list-conversations', {})).items[0];

    const before = await listed();
    await alice.append('delete-message', { conversationId, seq: last.seq });
    const deleted = await listed();
    const marked = await bob.ask('mark', { conversationId, readSeq: 4 });

    expect(before).toMatchObject({ head: 6, n: 4, unread: 3, role: 'member', kind: 'channel' });
    expect(before?.lastMessage).toMatchObject({ seq: 6, senderId: alice.userId, content: `${'🙂'.repeat(99)}a` });
    expect(deleted).toMatchObject({ head: 7, n: 4, unread: 2, lastMessage: { seq: 6, deletedAt: expect.any(String) } });
    expect(deleted?.lastMessage?.content).toBeUndefined();
    expect(marked).toMatchObject({ head: 7, unread: 0 });
    expect((await listed())?.unread).toBe(0);
  });

  test('READ-2: three messages that came and were deleted while the user was away are nothing', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    await bob.socket.kill();
    for (const text of ['one', 'two', 'three']) {
      const { seq } = await alice.say(conversationId, text);
      await alice.append('delete-message', { conversationId, seq });
    }
    const back = await chat.connect('bob');

    const { items } = await back.ask('list-conversations', {});
    expect(items).toMatchObject([{ conversationId, head: 6, n: 3, unread: 0 }]);
    expect(items[0]).not.toHaveProperty('unreadAtMost');
    expect(await back.ask('join', { conversationId })).toMatchObject({ head: 6, unread: 0 });
  });

  test('READ-2: unread is exact with 50 entries after the mark, and an upper bound that says so with 51', {
    timeout: 60_000,
  }, async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const first = await alice.say(conversationId, 'one');
    await alice.append('delete-message', { conversationId, seq: first.seq });
    const { seq } = await alice.say(conversationId, 'two');
    for (let done = 0; done < 47; done += 1) {
      await alice.append(done % 2 === 0 ? 'add-reaction' : 'remove-reaction', { conversationId, seq, emoji: '👍' });
    }
    const exact = (await bob.ask('list-conversations', {})).items[0];
    await alice.append('remove-reaction', { conversationId, seq, emoji: '👍' });
    const bound = (await bob.ask('list-conversations', {})).items[0];
    const joined = await bob.ask('join', { conversationId });
    const marked = await bob.ask('mark', { conversationId, readSeq: 1 });

    expect(exact).toMatchObject({ head: 50, unread: 1 });
    expect(exact).not.toHaveProperty('unreadAtMost');
    for (const reply of [bound, joined]) expect(reply).toMatchObject({ head: 51, unread: 2, unreadAtMost: true });
    expect(marked).toMatchObject({ head: 51, unread: 1 });
    expect(marked).not.toHaveProperty('unreadAtMost');
  });
});
