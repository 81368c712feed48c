import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('editing and deleting', () => {
  test('EDIT-1, LOG-3: an edit is an entry, which is also its reply, and pages show the new text', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const { seq } = await alice.say(conversationId, 'frist');

    const reply = await alice.ask('edit-message', { conversationId, seq, content: 'first' });
    const pushed = await bob.next('message-updated');
    const { entries } = await bob.ask('history', { conversationId });

    expect(reply).toMatchObject({ seq: 2, n: 1, targetSeq: seq, content: 'first', updatedBy: alice.userId });
    expect(pushed.data).toEqual(reply);
    expect(entries[0]?.data).toMatchObject({ seq, content: 'first', rev: 2, editedAt: expect.any(String), n: 1 });
    expect(alice.pushed('message-updated')).toEqual([]);
  });

  test('RETRY-1: an edit that changes nothing appends nothing', async ({ chat }) => {
    const alice = await chat.connect('alice');
    const conversationId = await chat.channel(alice);
    const { seq } = await alice.say(conversationId, 'same');
    const target = { conversationId, seq };

    const same = await alice.ask('edit-message', { ...target, content: 'same' });
    const deleted = await alice.ask('delete-message', target);
    const again = await alice.ask('delete-message', target);

    expect(same).toEqual({ conversationId, targetSeq: seq, content: 'same', updatedBy: alice.userId, unchanged: true });
    expect(deleted).toMatchObject({ seq: 2, targetSeq: seq, deletedBy: alice.userId });
    expect(again).toEqual({ conversationId, targetSeq: seq, deletedBy: alice.userId, unchanged: true });
    expect((await alice.ask('history', { conversationId })).head).toBe(2);
  });

  test('EDIT-1: a tombstone keeps its place and accepts no more changes', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const message = { conversationId, content: 'gone', clientMessageId: 'm1', mentions: [bob.userId] };
    const { seq, createdAt } = await alice.ask('send-message', message);
    const target = { conversationId, seq };
    await bob.ask('add-reaction', { ...target, emoji: '👍' });
    await alice.ask('delete-message', target);

    for (const action of ['add-reaction', 'remove-reaction'] as const) {
      expect(await bob.refusal(action, { ...target, emoji: '👍' })).toMatchObject({ code: 'conflict' });
    }
    expect(await alice.refusal('edit-message', { ...target, content: 'x' })).toMatchObject({ code: 'conflict' });
    const { entries } = await bob.ask('history', { conversationId, limit: 100 });
    expect(entries[0]?.data).toEqual({
      ...{ conversationId, seq, senderId: alice.userId, type: 'text', clientMessageId: 'm1', createdAt },
      ...{ n: 1, rev: 3, deletedAt: expect.any(String), reactions: [] },
    });
  });

  test('EDIT-1: only authors may edit; what is not a message is not found', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const { seq } = await bob.say(conversationId, "bob's");
    const { seq: editSeq } = await bob.append('edit-message', { conversationId, seq, content: 'still his' });

    const edit = { conversationId, content: 'mine now' };
    expect(await alice.refusal('edit-message', { ...edit, seq })).toMatchObject({ code: 'forbidden' });
    for (const none of [editSeq, 99]) {
      expect(await alice.refusal('edit-message', { ...edit, seq: none })).toMatchObject({ code: 'message-not-found' });
      expect(await alice.refusal('delete-message', { conversationId, seq: none })).toMatchObject({
        code: 'message-not-found',
      });
    }
  });

  test('EDIT-2: only the newest edit keeps its text; after a deletion none of it is in any table', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const secret = randomUUID();
    const { seq } = await alice.say(conversationId, `one ${secret}`);
    await alice.ask('edit-message', { conversationId, seq, content: `two ${secret}` });
    await alice.ask('edit-message', { conversationId, seq, content: `three ${secret}` });

    expect(await chat.stores.itemsWith(`one ${secret}`)).toEqual([]);
    expect(await chat.stores.itemsWith(`two ${secret}`)).toEqual([]);
    expect(await chat.stores.itemsWith(`three ${secret}`)).toHaveLength(2);
    await alice.ask('delete-message', { conversationId, seq });
    await bob.holds(conversationId, 4);

    expect(await chat.stores.itemsWith(secret)).toEqual([]);
    const { entries } = await bob.ask('history', { conversationId });
    const edits = entries.filter(({ event }) => event === 'message-updated');
    expect(edits.map(({ data }) => data.content)).toEqual([undefined, undefined]);
    expect(JSON.stringify(await bob.ask('list-conversations', {}))).not.toContain(secret);
  });
});
