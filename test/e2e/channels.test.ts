import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('a channel', () => {
  test('CONV-1: is created with the chosen id, its creator as owner, and an empty log', async ({ chat }) => {
    const alice = await chat.connect('alice');
    const conversationId = chat.id('room');

    const created = await alice.ask('create-conversation', {
      kind: 'channel',
      conversationId,
      name: 'Tea  & <i>talk</i>',
    });
    const joined = await alice.ask('join', { conversationId });

    expect(created).toMatchObject({
      conversationId,
      kind: 'channel',
      name: 'Tea  & <i>talk</i>',
      createdBy: alice.userId,
    });
    expect(joined).toMatchObject({ success: true, role: 'owner', head: 0, entries: [], hasMore: false });
    expect(joined.conversation).toEqual(created);
    expect(joined.marks).toEqual([{ userId: alice.userId, readSeq: 0, deliveredSeq: 0 }]);
  });

  test("RETRY-1: creating one's own again changes nothing, somebody else's is a conflict", async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const channel = { kind: 'channel', conversationId: chat.id('room') } as const;
    const created = await alice.ask('create-conversation', channel);

    expect(await alice.ask('create-conversation', { ...channel, name: 'New' })).toEqual({
      ...created,
      unchanged: true,
    });
    expect(await bob.refusal('create-conversation', channel)).toMatchObject({ code: 'conflict', retryable: false });
  });

  test('JOIN-3: joining makes the user a member, without an entry; before that, commands are not-joined', async ({
    chat,
  }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice);
    await alice.say(conversationId, 'before');

    expect(await bob.refusal('send-message', { conversationId, content: 'x' })).toMatchObject({ code: 'not-joined' });
    const joined = await bob.ask('join', { conversationId });

    expect(joined).toMatchObject({ role: 'member', head: 1, hasMore: false });
    expect(joined.entries.map(({ data }) => data.content)).toEqual(['before']);
    expect(await bob.refusal('join', { conversationId: chat.id('none') })).toMatchObject({
      code: 'conversation-not-found',
    });
  });

  test('JOIN-4: joining twice is no error, and entries still come once', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);

    const [first, second] = [await bob.ask('join', { conversationId }), await bob.ask('join', { conversationId })];
    await alice.say(conversationId, 'once');
    await alice.say(conversationId, 'marker');
    await bob.hears('marker');

    expect(second.conversation).toEqual(first.conversation);
    expect(bob.pushed('receive-message').map(({ data }) => data.content)).toEqual(['once', 'marker']);
  });

  test('JOIN-1: a join gives the entries after its position, or the newest 50 without one', async ({ chat }) => {
    const [alice, bob, carol] = await chat.connectAll('alice', 'bob', 'carol');
    const conversationId = await chat.channel(alice, bob, carol);
    const writers = Array.from({ length: 52 }, (_, index) => [alice, bob, carol][index % 3] ?? alice);
    await Promise.all(writers.map((client, index) => client.say(conversationId, `text ${index}`)));
    const seqs = async (after?: number) => {
      const page = await bob.ask('join', { conversationId, ...(after !== undefined && { after }) });
      expect(page.head).toBe(52);
      return [page.entries.at(0)?.data.seq, page.entries.at(-1)?.data.seq, page.entries.length, page.hasMore];
    };

    expect(await seqs()).toEqual([3, 52, 50, true]);
    expect(await seqs(0)).toEqual([1, 50, 50, true]);
    expect(await seqs(48)).toEqual([49, 52, 4, false]);
    expect(await seqs(52)).toEqual([undefined, undefined, 0, false]);
    // LOG-6: a copy that is ahead of the log belongs to another log.
    expect(await seqs(60)).toEqual([undefined, undefined, 0, false]);
  });

  test('JOIN-2: a user who joins while others write misses nothing', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice);

    const writing = Promise.all(Array.from({ length: 15 }, (_, index) => alice.say(conversationId, `text ${index}`)));
    await bob.ask('join', { conversationId, after: 0 });
    await writing;
    const copy = await bob.holds(conversationId, 15);

    expect(copy.applied).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  });
});
