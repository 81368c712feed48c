import { describe, expect } from 'vitest';
import { type DeployedClient, test } from '../support/deployed-chat.ts';

/** The seqs of a conversation's entries that reached a client, live, in a reply or in a page. */
function reached(client: DeployedClient, conversationId: string): number[] {
  return client.socket.frames
    .flatMap(({ data }) =>
      data?.conversationId === conversationId
        ? [data, ...(data.entries ?? []).map((entry: { data: object }) => entry.data)]
        : [],
    )
    .flatMap(({ seq }) => (typeof seq === 'number' ? [seq] : []));
}

describe('removals and bans', () => {
  test('MEMB-3: nothing after the removal reaches the removed user, on two sockets and while all write', async ({
    chat,
  }) => {
    const [owner, bob, tab, unjoined] = await chat.connectAll('owner', 'bob', 'bob', 'bob');
    const { conversationId } = await chat.group(owner, bob);
    const other = await chat.channel(owner, bob, tab);
    for (const client of [owner, bob, tab]) await client.ask('join', { conversationId });

    const flood = [owner, bob, tab].flatMap((client) =>
      Array.from({ length: 5 }, (_, index) =>
        client.command('send-message', { conversationId, content: `text ${index}` }),
      ),
    );
    const removal = await owner.append('remove-member', { conversationId, userId: bob.userId });
    for (let count = 0; count < 3; count += 1) await owner.say(conversationId, 'behind closed doors');
    await Promise.all(flood);
    const told = await Promise.all(
      [bob, tab, unjoined].map((client) =>
        client.next(({ event, data }) => event === 'member-left' && data.userId === bob.userId),
      ),
    );
    await owner.say(other, 'marker');
    await Promise.all([bob, tab].map((client) => client.hears('marker')));

    expect(told.map(({ data }) => data)).toEqual([removal, removal, removal]);
    for (const client of [bob, tab, unjoined]) {
      expect(reached(client, conversationId).filter((seq) => seq > removal.seq)).toEqual([]);
    }
    const { entries } = await owner.ask('history', { conversationId, after: removal.seq });
    expect(entries.filter(({ data }) => data.senderId === bob.userId)).toEqual([]);
    for (const client of [bob, tab]) {
      const on = { conversationId };
      expect(await client.refusal('send-message', { ...on, content: 'x' })).toMatchObject({
        code: 'conversation-not-found',
      });
      expect(await client.refusal('join', on)).toMatchObject({ code: 'conversation-not-found' });
      expect(await client.refusal('history', on)).toMatchObject({ code: 'conversation-not-found' });
    }
    expect((await bob.ask('list-conversations', {})).items.map((item) => item.conversationId)).toEqual([other]);
  });

  test('MEMB-0, MEMB-2: a user who is added again may read everything, and the marks are not lower', async ({
    chat,
  }) => {
    const [owner, bob] = await chat.connectAll('owner', 'bob');
    const { conversationId } = await chat.group(owner, bob);
    const on = { conversationId, userId: bob.userId };
    await owner.say(conversationId, 'one');

    const left = await bob.append('remove-member', on);
    const unchanged = await owner.ask('remove-member', on);
    await owner.say(conversationId, 'while away');
    const back = await owner.append('add-member', on);
    const joined = await bob.ask('join', { conversationId });

    expect(left).toMatchObject({ userId: bob.userId, role: 'member', by: bob.userId });
    expect(unchanged).toEqual({ ...on, role: 'member', by: owner.userId, unchanged: true });
    expect(joined.entries.map(({ data }) => data.seq)).toEqual([1, 2, 3, 4]);
    expect(joined.marks.find(({ userId }) => userId === bob.userId)).toMatchObject({ readSeq: back.seq });
    expect(await owner.refusal('remove-member', { ...on, userId: chat.id('stranger') })).toMatchObject({
      code: 'user-not-found',
    });
  });

  test('MEMB-2: a user who is removed from a channel may join again, one who is banned may not', async ({ chat }) => {
    const [owner, bob, carol] = await chat.connectAll('owner', 'bob', 'carol');
    const conversationId = await chat.channel(owner, bob, carol);
    const on = { conversationId, userId: bob.userId };

    await owner.append('remove-member', on);
    expect(await bob.refusal('history', { conversationId })).toMatchObject({ code: 'not-joined' });
    expect(await bob.ask('join', { conversationId })).toMatchObject({ role: 'member' });
    const ban = await owner.append('update-member', { ...on, banned: true });
    await owner.say(conversationId, 'without bob');
    await carol.hears('without bob');

    expect(await carol.next('member-updated')).toMatchObject({ data: ban });
    expect(await bob.next('member-updated')).toMatchObject({ data: ban });
    expect(reached(bob, conversationId).filter((seq) => seq > ban.seq)).toEqual([]);
    for (const refusal of [
      await bob.refusal('join', { conversationId }),
      await bob.refusal('history', { conversationId }),
      await bob.refusal('send-message', { conversationId, content: 'x' }),
      await bob.refusal('typing', { conversationId, isTyping: true }),
      await bob.refusal('mark', { conversationId, readSeq: 1 }),
    ]) {
      expect(refusal).toMatchObject({ code: 'forbidden' });
    }
    await owner.append('update-member', { ...on, banned: false });
    expect(await bob.refusal('history', { conversationId })).toMatchObject({ code: 'not-joined' });
    expect(await bob.ask('join', { conversationId })).toMatchObject({ role: 'member' });
  });

  test('MEMB-0: list-members shows banned users only to those who may ban', async ({ chat }) => {
    const [owner, bob, carol] = await chat.connectAll('owner', 'bob', 'carol');
    const { conversationId } = await chat.group(owner, bob, carol);
    const on = { conversationId, userId: bob.userId };
    await owner.append('update-member', { ...on, banned: true });
    const listed = async (client: DeployedClient) => {
      const { items } = await client.ask('list-members', { conversationId });
      return items.map(({ userId, banned }) => [userId, banned]);
    };

    expect(await listed(owner)).toEqual([
      [bob.userId, true],
      [carol.userId, undefined],
      [owner.userId, undefined],
    ]);
    expect(await listed(carol)).toEqual([
      [carol.userId, undefined],
      [owner.userId, undefined],
    ]);
    expect(await owner.refusal('add-member', on)).toMatchObject({ code: 'conflict' });
    expect(await owner.ask('remove-member', on)).toMatchObject({ unchanged: true });
    expect(await owner.ask('update-member', { ...on, banned: true })).toMatchObject({ unchanged: true });
  });
});
