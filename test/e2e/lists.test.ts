import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('lists', () => {
  test('PAGE-1: conversations are listed page by page in order of id, each once', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const made = [await chat.channel(alice), (await chat.group(alice)).conversationId, await chat.channel(alice, bob)];
    made.push((await chat.group(bob, alice)).conversationId);
    made.push((await alice.ask('create-conversation', { kind: 'direct', members: [bob.userId] })).conversationId);

    const ids: string[] = [];
    let pages = 0;
    for (let cursor: string | undefined; pages === 0 || cursor !== undefined; pages += 1) {
      const page = await alice.ask('list-conversations', { limit: 2, ...(cursor !== undefined && { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      ids.push(...page.items.map(({ conversationId }) => conversationId));
      cursor = page.cursor;
    }

    expect(ids).toEqual(made.toSorted());
    expect(pages).toBeGreaterThanOrEqual(3);
    expect((await alice.ask('list-conversations', {})).items.map(({ conversationId }) => conversationId)).toEqual(ids);
  });

  test('PAGE-1: members are listed page by page in order of id, with their marks', async ({ chat }) => {
    const [owner, bob] = await chat.connectAll('owner', 'bob');
    const named = ['a', 'b', 'c', 'd', 'e'].map((name) => chat.id(name));
    const { conversationId } = await owner.ask('create-conversation', {
      kind: 'group',
      members: [...named, bob.userId],
    });
    const { seq } = await owner.say(conversationId, 'hello');
    await bob.ask('mark', { conversationId, deliveredSeq: seq });
    await owner.append('remove-member', { conversationId, userId: named[2] as string });

    const items = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await bob.ask('list-members', { conversationId, limit: 2, ...(cursor !== undefined && { cursor }) });
      items.push(...page.items);
      cursor = page.cursor;
    }

    const expected = [...named.filter((_, index) => index !== 2), bob.userId, owner.userId].toSorted();
    expect(items.map(({ userId }) => userId)).toEqual(expected);
    expect(items.find(({ userId }) => userId === bob.userId)).toMatchObject({
      readSeq: 0,
      deliveredSeq: 1,
      role: 'member',
    });
    expect(items.find(({ userId }) => userId === owner.userId)).toMatchObject({ role: 'owner' });
  });

  test('PAGE-1: a cursor that is damaged, or from another list or user, is refused', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const [one, two] = [(await chat.group(alice, bob)).conversationId, (await chat.group(alice, bob)).conversationId];
    const cursorOf = async (client: typeof alice) =>
      (await client.ask('list-conversations', { limit: 1 })).cursor ?? '';
    const ofMembers = (await alice.ask('list-members', { conversationId: one, limit: 1 })).cursor ?? '';
    const mine = await cursorOf(alice);
    const damaged = `${mine.slice(0, -3)}${mine.endsWith('AAA') ? 'BBB' : 'AAA'}`;

    for (const cursor of [
      await cursorOf(bob),
      ofMembers,
      damaged,
      'abc',
      '',
      Buffer.from('["x","y"]').toString('base64url'),
    ]) {
      const error = await alice.refusal('list-conversations', { cursor });
      expect([cursor, error.code]).toEqual([cursor, 'validation-failed']);
    }
    for (const [conversationId, cursor] of [
      [two, ofMembers],
      [one, mine],
    ] as const) {
      expect(await alice.refusal('list-members', { conversationId, cursor })).toMatchObject({
        code: 'validation-failed',
      });
    }
    expect((await alice.ask('list-conversations', { cursor: mine })).items).toHaveLength(1);
  });

  test('PAGE-1: a limit out of range is refused', async ({ chat }) => {
    const alice = await chat.connect('alice');
    const conversationId = await chat.channel(alice);

    for (const limit of [0, 26, 1.5]) {
      expect(await alice.refusal('list-conversations', { limit })).toMatchObject({ code: 'validation-failed' });
    }
    for (const limit of [0, 101]) {
      expect(await alice.refusal('list-members', { conversationId, limit })).toMatchObject({
        code: 'validation-failed',
      });
      expect(await alice.refusal('history', { conversationId, limit })).toMatchObject({ code: 'validation-failed' });
    }
  });
});
