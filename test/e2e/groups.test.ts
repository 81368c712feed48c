import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('groups and direct conversations', () => {
  test('CONV-1: the members of a new group are told in their user rooms, and a retry gets the same group', async ({
    chat,
  }) => {
    const [alice, bob, carol] = await chat.connectAll('alice', 'bob', 'carol');
    const group = { kind: 'group' as const, name: 'Four', members: [bob.userId], clientRequestId: 'g1' };

    const created = await alice.ask('create-conversation', group);
    const pushed = await bob.next('conversation-created');
    const again = await alice.ask('create-conversation', group);
    const another = await alice.ask('create-conversation', { ...group, clientRequestId: 'g2' });
    const carols = await carol.ask('create-conversation', group);

    expect(created).toMatchObject({ kind: 'group', name: 'Four', createdBy: alice.userId });
    expect(created.conversationId).toContain(':');
    expect(pushed.data).toEqual(created);
    expect(again).toEqual({ ...created, unchanged: true });
    expect(new Set([created, another, carols].map(({ conversationId }) => conversationId)).size).toBe(3);
    expect(alice.pushed('conversation-created')).toEqual([]);
  });

  test('CONV-1: both users of a direct conversation get the same one, even if both create it at once', async ({
    chat,
  }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');

    const [ofAlice, ofBob] = await Promise.all([
      alice.ask('create-conversation', { kind: 'direct', members: [bob.userId] }),
      bob.ask('create-conversation', { kind: 'direct', members: [alice.userId] }),
    ]);
    const { conversationId } = ofAlice;
    for (const client of [alice, bob])
      expect(await client.ask('join', { conversationId })).toMatchObject({ role: 'member' });
    await alice.say(conversationId, 'just us');
    await bob.hears('just us');

    expect(ofBob.conversationId).toBe(conversationId);
    expect(ofBob.epoch).toBe(ofAlice.epoch);
    expect(ofAlice).toMatchObject({ kind: 'direct', userIds: [alice.userId, bob.userId].toSorted() });
    expect([ofAlice, ofBob].filter(({ unchanged }) => unchanged)).toHaveLength(1);
  });

  test('CONV-1: a direct conversation has exactly one other user, and refuses member commands', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const { conversationId } = await alice.ask('create-conversation', { kind: 'direct', members: [bob.userId] });
    const on = { conversationId, userId: bob.userId };

    expect(await alice.refusal('create-conversation', { kind: 'direct', members: [] })).toMatchObject({
      code: 'validation-failed',
    });
    expect(await alice.refusal('create-conversation', { kind: 'direct', members: [alice.userId] })).toMatchObject({
      code: 'validation-failed',
    });
    expect(await alice.refusal('add-member', { ...on, userId: chat.id('carol') })).toMatchObject({ code: 'conflict' });
    expect(await alice.refusal('remove-member', on)).toMatchObject({ code: 'conflict' });
    expect(await alice.refusal('remove-member', { ...on, userId: alice.userId })).toMatchObject({ code: 'conflict' });
    expect(await alice.refusal('update-member', { ...on, banned: true })).toMatchObject({ code: 'conflict' });
    expect(await alice.refusal('update-conversation', { conversationId, name: 'x' })).toMatchObject({
      code: 'forbidden',
    });
  });

  test('MEMB-0, MEMB-1: an added user is told, may read everything, and starts with nothing unread', async ({
    chat,
  }) => {
    const [alice, bob, tab] = await chat.connectAll('alice', 'bob', 'bob');
    const { conversationId } = await chat.group(alice);
    await alice.ask('join', { conversationId });
    await alice.say(conversationId, 'before bob');

    const added = await alice.append('add-member', { conversationId, userId: bob.userId });
    const told = await Promise.all([bob, tab].map((client) => client.next('conversation-created')));
    const joined = await bob.ask('join', { conversationId });
    const { items } = await bob.ask('list-conversations', {});

    expect(added).toMatchObject({ seq: 2, n: 1, userId: bob.userId, role: 'member', by: alice.userId });
    expect(told.map(({ data }) => data.conversationId)).toEqual([conversationId, conversationId]);
    expect(joined.entries.map(({ event }) => event)).toEqual(['receive-message', 'member-joined']);
    expect(items).toMatchObject([{ conversationId, role: 'member', head: 2, n: 1, unread: 0 }]);
    // MEMB-1: nothing else comes from a conversation that this connection has not joined.
    await alice.say(conversationId, 'to the room');
    await bob.hears('to the room');
    expect(tab.pushed('receive-message', 'member-joined')).toEqual([]);
  });

  test('MEMB-0: adding twice changes nothing, and nobody is added to a channel', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const { conversationId } = await chat.group(alice, bob);
    const add = { conversationId, userId: bob.userId };

    const again = await alice.ask('add-member', { ...add, role: 'admin' });
    const channel = await chat.channel(alice);

    expect(again).toEqual({ ...add, role: 'member', by: alice.userId, unchanged: true });
    expect(await alice.refusal('add-member', { ...add, conversationId: channel })).toMatchObject({ code: 'conflict' });
    expect((await alice.ask('history', { conversationId })).head).toBe(0);
  });

  test('MEMB-0: a member added while offline sees the conversation in the list later', async ({ chat }) => {
    const alice = await chat.connect('alice');
    const { conversationId } = await alice.ask('create-conversation', { kind: 'group', members: [chat.id('bob')] });
    await alice.say(conversationId, 'come in');

    const bob = await chat.connect('bob');
    const { items } = await bob.ask('list-conversations', {});

    expect(items).toMatchObject([{ conversationId, unread: 1, lastMessage: { content: 'come in' } }]);
  });
});
