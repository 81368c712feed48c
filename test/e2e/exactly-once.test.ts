import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('a message sent twice', () => {
  test('SEND-3: is appended and delivered once, if it is sent over two sockets at the same time', async ({ chat }) => {
    const [tab, other, bob] = await chat.connectAll('alice', 'alice', 'bob');
    const conversationId = await chat.channel(tab, other, bob);
    const message = { conversationId, content: 'once', clientMessageId: 'm1' };

    const replies = await Promise.all([
      ...[tab, other, tab].map((client) => client.ask('send-message', message)),
      ...[other, tab].map((client) => client.ask('send-message', { ...message, after: 0 })),
    ]);
    await tab.say(conversationId, 'marker');
    const copy = await bob.holds(conversationId, 2);

    expect(replies.map(({ seq }) => seq)).toEqual([1, 1, 1, 1, 1]);
    expect(replies.filter(({ duplicate }) => duplicate)).toHaveLength(4);
    expect(copy.messages().map(({ content }) => content)).toEqual(['once', 'marker']);
    expect(bob.pushed('receive-message').filter(({ data }) => data.content === 'once')).toHaveLength(1);
  });

  test('SEND-3: is found later, among the last 25 without a position, beyond them with one', async ({ chat }) => {
    const [alice, bob, carol] = await chat.connectAll('alice', 'bob', 'carol');
    const conversationId = await chat.channel(alice, bob, carol);
    const message = { conversationId, content: 'early', clientMessageId: 'early' };
    const first = await alice.ask('send-message', message);

    await bob.say(conversationId, 'in between');
    const soon = await alice.ask('send-message', message);
    await Promise.all([
      ...Array.from({ length: 15 }, (_, index) => bob.say(conversationId, `bob ${index}`)),
      ...Array.from({ length: 15 }, (_, index) => carol.say(conversationId, `carol ${index}`)),
    ]);
    const late = await alice.ask('send-message', { ...message, after: 0 });

    expect(soon).toEqual({ ...first, duplicate: true });
    expect(late).toEqual({ ...first, duplicate: true });
    expect((await alice.ask('history', { conversationId })).head).toBe(32);
  });

  test('SEND-3: is answered with the message as it is now, edited or deleted', async ({ chat }) => {
    const [alice] = await chat.connectAll('alice');
    const conversationId = await chat.channel(alice);
    const message = { conversationId, content: 'first', clientMessageId: 'm1' };
    const { seq } = await alice.ask('send-message', message);

    await alice.ask('edit-message', { conversationId, seq, content: 'edited' });
    const edited = await alice.ask('send-message', message);
    await alice.ask('delete-message', { conversationId, seq });
    const deleted = await alice.ask('send-message', message);

    expect(edited).toMatchObject({ seq, duplicate: true, content: 'edited', rev: 2 });
    expect(deleted).toMatchObject({ seq, duplicate: true, rev: 3, deletedAt: expect.any(String) });
    expect(deleted.content).toBeUndefined();
  });

  test('SEND-3: the same id from another user, or in another conversation, is another message', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const elsewhere = await chat.channel(alice);
    const message = { conversationId, content: 'same id', clientMessageId: 'm1' };

    await alice.ask('send-message', message);
    const bobs = await bob.ask('send-message', message);
    const other = await alice.ask('send-message', { ...message, conversationId: elsewhere });

    expect(bobs).toMatchObject({ seq: 2, senderId: bob.userId });
    expect(other).toMatchObject({ seq: 1, conversationId: elsewhere });
    expect([bobs.duplicate, other.duplicate]).toEqual([undefined, undefined]);
  });

  test('SEND-4: leaves no gap if the position is beyond the head, or rises from try to try', async ({ chat }) => {
    const [alice] = await chat.connectAll('alice');
    const conversationId = await chat.channel(alice);

    const seqs: number[] = [];
    for (const after of [999_999, 3, 0, 2]) {
      const sent = await alice.ask('send-message', {
        conversationId,
        content: 'x',
        clientMessageId: `m${after}`,
        after,
      });
      seqs.push(sent.seq);
    }
    const again = await alice.ask('send-message', { conversationId, content: 'x', clientMessageId: 'm2', after: 3 });

    expect(seqs).toEqual([1, 2, 3, 4]);
    expect(again).toMatchObject({ seq: 4, duplicate: true });
  });
});
