import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

/** Twenty emojis. One of them contains the separator of keys. */
const EMOJIS = [...'😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰😗😙🥲🤗', '#️⃣'];

describe('reactions', () => {
  test('LOG-3: are counted, pushed to the room, and marked for each user as their own or not', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const { seq } = await alice.say(conversationId, 'nice?');
    const thumb = { conversationId, seq, emoji: '👍🏽' };

    const first = await alice.ask('add-reaction', thumb);
    await bob.ask('add-reaction', thumb);
    await bob.ask('add-reaction', { ...thumb, emoji: '#️⃣' });
    const removed = await alice.ask('remove-reaction', thumb);
    await bob.holds(conversationId, 5);
    const seenBy = async (client: typeof alice) => {
      const { entries } = await client.ask('history', { conversationId });
      expect(client.copyOf(conversationId).messages()[0]).toEqual(entries[0]?.data);
      return entries[0]?.data.reactions;
    };

    expect(first).toMatchObject({ seq: 2, n: 1, targetSeq: seq, emoji: '👍🏽', userId: alice.userId, count: 1 });
    expect(removed).toMatchObject({ seq: 5, targetSeq: seq, count: 1 });
    expect(await seenBy(alice)).toEqual([
      { emoji: '👍🏽', count: 1, mine: false },
      { emoji: '#️⃣', count: 1, mine: false },
    ]);
    expect(await seenBy(bob)).toEqual([
      { emoji: '👍🏽', count: 1, mine: true },
      { emoji: '#️⃣', count: 1, mine: true },
    ]);
  });

  test('RETRY-1: reacting twice, or removing a missing reaction, changes nothing', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const { seq } = await alice.say(conversationId, 'nice?');
    const reaction = { conversationId, seq, emoji: '🎉' };
    const state = { conversationId, targetSeq: seq, emoji: '🎉', userId: alice.userId, unchanged: true };

    expect(await alice.ask('remove-reaction', reaction)).toEqual({ ...state, count: 0 });
    await bob.ask('add-reaction', reaction);
    expect(await alice.ask('remove-reaction', reaction)).toEqual({ ...state, count: 1 });
    await alice.ask('add-reaction', reaction);
    expect(await alice.ask('add-reaction', reaction)).toEqual({ ...state, count: 2 });
    expect((await alice.ask('history', { conversationId })).head).toBe(3);
  });

  test('the same reaction from one user over two sockets at once counts once', async ({ chat }) => {
    const [tab, other] = await chat.connectAll('alice', 'alice');
    const conversationId = await chat.channel(tab, other);
    const { seq } = await tab.say(conversationId, 'nice?');
    const reaction = { conversationId, seq, emoji: '🎉' };

    const replies = await Promise.all([tab, other, tab].map((client) => client.ask('add-reaction', reaction)));

    expect(replies).toEqual(replies.map(() => expect.objectContaining({ targetSeq: seq, count: 1 })));
    expect(replies.filter((reply) => 'unchanged' in reply)).toHaveLength(2);
  });

  test('REACT-1: a message may have 20 different emojis, and a 21st is a conflict', async ({ chat }) => {
    const alice = await chat.connect('alice');
    const conversationId = await chat.channel(alice);
    const { seq } = await alice.say(conversationId, 'nice?');

    for (const emoji of EMOJIS) await alice.ask('add-reaction', { conversationId, seq, emoji });

    const one = { conversationId, seq, emoji: '🙃' };
    expect(await alice.refusal('add-reaction', one)).toMatchObject({ code: 'conflict' });
    await alice.ask('remove-reaction', { conversationId, seq, emoji: '😀' });
    expect(await alice.ask('add-reaction', one)).toMatchObject({ count: 1 });
    const none = { ...one, seq: 99 };
    expect(await alice.refusal('add-reaction', none)).toMatchObject({ code: 'message-not-found' });
  });
});
