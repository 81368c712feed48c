import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('a conversation between users', () => {
  test('SEND-2, SEND-5: a message is acknowledged with its seq and pushed to the room', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);

    const sent = await alice.say(conversationId, 'Hello!');
    const received = await bob.hears('Hello!');

    expect(sent).toMatchObject({ conversationId, seq: 1, n: 1, rev: 1, senderId: alice.userId, content: 'Hello!' });
    expect(received).toEqual({ event: 'receive-message', data: sent });
  });

  test('SEND-5: nobody outside the room gets a message', async ({ chat }) => {
    const [alice, bob, carol] = await chat.connectAll('alice', 'bob', 'carol');
    const room = await chat.channel(alice, bob);
    const elsewhere = await chat.channel(carol, bob);

    await alice.say(room, 'for the room');
    await bob.hears('for the room');
    await bob.say(elsewhere, 'for the other room');
    await carol.hears('for the other room');
    await carol.say(elsewhere, 'an answer');
    await bob.hears('an answer');

    expect(carol.pushed('receive-message')).toHaveLength(1);
    expect(alice.pushed('receive-message')).toHaveLength(0);
  });

  test('LOG-1: both write in turn and see the same order', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);

    for (let turn = 0; turn < 3; turn += 1) {
      await alice.say(conversationId, `question ${turn}`);
      await bob.hears(`question ${turn}`);
      await bob.say(conversationId, `answer ${turn}`);
      await alice.hears(`answer ${turn}`);
    }
    const { entries } = await alice.ask('history', { conversationId });

    expect(entries.map(({ data }) => [data.seq, data.content])).toEqual([
      ...[
        [1, 'question 0'],
        [2, 'answer 0'],
        [3, 'question 1'],
      ],
      ...[
        [4, 'answer 1'],
        [5, 'question 2'],
        [6, 'answer 2'],
      ],
    ]);
  });

  test('TEXT-1: text stays text, in the form that was sent, markup included', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);

    const sent = await alice.say(conversationId, '<b>e\u0301</b>\r\n👩‍👩‍👧 "quoted" \\ \u202e');
    const { data } = await bob.next('receive-message');

    expect(sent.content).toBe('<b>e\u0301</b>\n👩‍👩‍👧 "quoted" \\ \u202e');
    expect(data.content).toBe(sent.content);
  });
});

describe('a user with two tabs', () => {
  test("SEND-5: the other tab gets the user's own message, the sending one only its reply", async ({ chat }) => {
    const [tab, other, bob] = await chat.connectAll('alice', 'alice', 'bob');
    const conversationId = await chat.channel(tab, other, bob);

    const sent = await tab.ask('send-message', { conversationId, content: 'mine', clientMessageId: 'm1' });
    const pushed = await other.hears('mine');
    await bob.say(conversationId, 'marker');
    await tab.hears('marker');

    expect(pushed.data).toMatchObject({ seq: sent.seq, senderId: tab.userId, clientMessageId: 'm1' });
    expect(tab.pushed('receive-message')).toHaveLength(1);
  });

  test('LEAVE-1: leaving in one tab ends delivery only there, and the membership stays', async ({ chat }) => {
    const [tab, other, bob] = await chat.connectAll('alice', 'alice', 'bob');
    const conversationId = await chat.channel(tab, other, bob);

    expect(await tab.ask('leave', { conversationId })).toEqual({ conversationId, success: true });
    await bob.say(conversationId, 'to one tab');
    await other.hears('to one tab');
    const head = await tab.say(conversationId, 'still a member');
    await other.hears('still a member');

    expect(head.seq).toBe(2);
    expect(tab.pushed('receive-message')).toHaveLength(0);
    expect(await tab.ask('leave', { conversationId })).toEqual({ conversationId, success: true });
    expect(await tab.ask('leave', { conversationId: chat.id('never-was') })).toMatchObject({ success: true });
  });
});
