import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('replies, mentions and forwards', () => {
  test('SEND-7: a reply names a message in the same conversation, which may be a tombstone', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const { seq } = await alice.say(conversationId, 'question');
    const { seq: gone } = await alice.say(conversationId, 'gone');
    const { seq: deletion } = await alice.append('delete-message', { conversationId, seq: gone });

    const send = { conversationId, content: 'answer' };
    expect(await bob.ask('send-message', { ...send, replyTo: seq })).toMatchObject({ replyTo: seq });
    expect(await bob.ask('send-message', { ...send, replyTo: gone })).toMatchObject({ replyTo: gone });
    expect((await alice.next('receive-message')).data.replyTo).toBe(seq);
    for (const replyTo of [deletion, 99]) {
      expect(await bob.refusal('send-message', { ...send, replyTo })).toMatchObject({ code: 'message-not-found' });
    }
  });

  test('SEND-7: mentions of users who are not members are dropped', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);

    const mentions = [chat.id('stranger'), bob.userId, alice.userId];
    const sent = await alice.ask('send-message', { conversationId, content: '@bob', mentions });
    const none = await alice.ask('send-message', {
      conversationId,
      content: '@nobody',
      mentions: [chat.id('stranger')],
    });

    expect(sent.mentions).toEqual([bob.userId, alice.userId]);
    expect((await bob.hears('@bob')).data.mentions).toEqual(sent.mentions);
    expect(none.mentions).toBeUndefined();
  });

  test('SEND-7: a forward copies the text, and names its source if that is a channel', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const [from, to] = [await chat.channel(bob, alice), await chat.channel(alice)];
    const group = await chat.group(alice, bob);
    const { seq } = await bob.say(from, 'worth repeating');
    await alice.say(group.conversationId, 'said in private');

    const ofChannel = await alice.ask('send-message', { conversationId: to, forward: { conversationId: from, seq } });
    const ofGroup = await alice.ask('send-message', {
      ...{ conversationId: to, clientMessageId: 'f1' },
      forward: { conversationId: group.conversationId, seq: 1 },
    });
    await bob.ask('delete-message', { conversationId: from, seq });

    expect(ofChannel).toMatchObject({ senderId: alice.userId, content: 'worth repeating' });
    expect(ofChannel.forwardedFrom).toEqual({ conversationId: from, seq, senderId: bob.userId });
    expect(ofGroup).toMatchObject({ content: 'said in private', forwardedFrom: {} });
    const { entries } = await alice.ask('history', { conversationId: to });
    expect(entries[0]?.data.content).toBe('worth repeating');
  });

  test('SEND-7: what is deleted, is not a message, or may not be read cannot be forwarded', async ({ chat }) => {
    const [alice, mallory] = await chat.connectAll('alice', 'mallory');
    const [from, own] = [await chat.channel(alice), await chat.channel(mallory, alice)];
    const { conversationId: group } = await chat.group(alice);
    await alice.say(group, 'private');
    const { seq } = await alice.say(from, 'gone');
    await alice.ask('delete-message', { conversationId: from, seq });
    const forward = (client: typeof alice, conversationId: string, at: number) =>
      client.refusal('send-message', { conversationId: own, forward: { conversationId, seq: at } });

    expect(await forward(alice, from, seq)).toMatchObject({ code: 'message-not-found' });
    expect(await forward(alice, from, 2)).toMatchObject({ code: 'message-not-found' });
    expect(await forward(mallory, from, seq)).toMatchObject({ code: 'not-joined' });
    expect(await forward(mallory, group, 1)).toEqual(await forward(mallory, 'none-of-these', 1));
    expect((await alice.ask('history', { conversationId: own })).head).toBe(0);
  });
});
