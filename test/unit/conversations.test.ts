import { beforeEach, describe, expect, test } from 'vitest';
import { jsonBytes } from '../../shared/protocol/frames.ts';
import { FRAME_MAX_BYTES } from '../../shared/protocol/limits.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';

let chat: Chat;
let owner: Client;
let member: Client;

beforeEach(async () => {
  chat = new Chat();
  owner = await chat.connect('olga');
  member = await chat.connect('mia');
});

describe('creating (CONV-1)', () => {
  test('a channel has the chosen id, its creator as owner, and an empty log', async () => {
    const made = await chat.ask(owner, 'create-conversation', {
      kind: 'channel',
      conversationId: 'general',
      name: 'Tea',
    });
    expect(made).toMatchObject({ conversationId: 'general', kind: 'channel', name: 'Tea', createdBy: 'olga' });
    const joined = await chat.ask(owner, 'join', { conversationId: 'general' });
    expect(joined).toMatchObject({ role: 'owner', head: 0, entries: [], hasMore: false });
  });

  test("RETRY-1: creating one's own channel again gives the same one; somebody else's is a conflict", async () => {
    const made = await chat.ask(owner, 'create-conversation', { kind: 'channel', conversationId: 'general' });
    const again = { kind: 'channel', conversationId: 'general', name: 'Other' } as const;
    expect(await chat.ask(owner, 'create-conversation', again)).toEqual({ ...made, unchanged: true });
    expect(await chat.refusal(member, 'create-conversation', again)).toMatchObject({ code: 'conflict' });
  });

  test('a group is the same for the same creator and clientRequestId, and a new one otherwise', async () => {
    const group = (clientRequestId?: string) =>
      ({ kind: 'group', ...(clientRequestId && { clientRequestId }) }) as const;
    const first = await chat.ask(owner, 'create-conversation', group('a'));
    expect(await chat.ask(owner, 'create-conversation', group('a'))).toEqual({ ...first, unchanged: true });
    const others = [
      await chat.ask(owner, 'create-conversation', group('b')),
      await chat.ask(member, 'create-conversation', group('a')),
      await chat.ask(owner, 'create-conversation', group()),
      await chat.ask(owner, 'create-conversation', group()),
    ];
    expect(new Set([first, ...others].map(({ conversationId }) => conversationId)).size).toBe(5);
  });

  test('two users have one direct conversation, whichever of them asks', async () => {
    const made = await chat.ask(owner, 'create-conversation', { kind: 'direct', members: ['mia'] });
    expect(made).toMatchObject({ kind: 'direct', userIds: ['mia', 'olga'] });
    const again = await chat.ask(member, 'create-conversation', { kind: 'direct', members: ['olga'] });
    expect(again).toEqual({ ...made, unchanged: true });
    expect(await chat.ask(member, 'join', { conversationId: made.conversationId })).toMatchObject({ role: 'member' });
  });

  test('no member may be named twice, nor may the creator', async () => {
    for (const fields of [
      { kind: 'group', members: ['mia', 'mia'] },
      { kind: 'group', members: ['mia', 'olga'] },
      { kind: 'direct', members: ['olga'] },
      { kind: 'group', members: Array.from({ length: 51 }, (_, index) => `u${index}`) },
    ] as const) {
      const input = { ...fields, members: [...fields.members] };
      expect(await chat.refusal(owner, 'create-conversation', input)).toMatchObject({ code: 'validation-failed' });
    }
  });

  test('says which field names the creator', async () => {
    const error = await chat.refusal(owner, 'create-conversation', { kind: 'group', members: ['olga'] });
    expect(error).toMatchObject({
      message: 'unable to create the conversation; you are a member anyway',
      details: [{ path: 'members', message: 'must not name yourself' }],
    });
  });

  test('a group may be its creator’s alone; nothing is stored that it does not have', async () => {
    const { conversationId } = await chat.ask(owner, 'create-conversation', { kind: 'group' });
    expect(await chat.ask(owner, 'list-members', { conversationId })).toMatchObject({
      items: [{ userId: 'olga', role: 'owner' }],
    });
    const stored = await chat.stores.conversations.conversation(conversationId);
    for (const field of ['name', 'userIds']) expect(stored).not.toHaveProperty(field);
    expect(stored).toMatchObject({ epoch: expect.stringMatching(/^.{8}$/), initial: { owners: 1, members: 1 } });
    const direct = await chat.ask(owner, 'create-conversation', { kind: 'direct', members: ['mia'] });
    expect(await chat.stores.conversations.conversation(direct.conversationId)).toMatchObject({
      initial: { owners: 0, members: 2 },
    });
  });

  test('MEMB-1: everybody named is told, and so are the creator’s other devices', async () => {
    const phone = await chat.connect('olga');
    await chat.ask(owner, 'create-conversation', { kind: 'group', members: ['mia'] });
    await chat.pump();
    const heard = [owner, phone, member].map(({ connectionId }) =>
      chat.gateway.take(connectionId).map(({ event }) => event),
    );
    expect(heard).toEqual([[], ['conversation-created'], ['conversation-created']]);
  });

  test('MEMB-3: a creator who was removed is not shown what the group is now', async () => {
    const fields = { kind: 'group', members: ['mia'], clientRequestId: 'a' } as const;
    const { conversationId } = await chat.ask(owner, 'create-conversation', { ...fields, members: ['mia'] });
    await chat.ask(owner, 'update-member', { conversationId, userId: 'mia', role: 'owner' });
    await chat.ask(owner, 'remove-member', { conversationId, userId: 'olga' });
    await chat.ask(member, 'update-conversation', { conversationId, name: 'Without Olga' });
    const error = await chat.refusal(owner, 'create-conversation', { ...fields, members: ['mia'] });
    expect(error).toMatchObject({ code: 'conflict' });
  });

  test('JOIN-3: a creator who was banned from a channel is told so', async () => {
    const conversationId = 'general';
    await chat.ask(owner, 'create-conversation', { kind: 'channel', conversationId });
    await chat.ask(member, 'join', { conversationId });
    await chat.ask(owner, 'update-member', { conversationId, userId: 'mia', role: 'owner' });
    await chat.ask(member, 'update-member', { conversationId, userId: 'olga', banned: true });
    expect(await chat.refusal(owner, 'create-conversation', { kind: 'channel', conversationId })).toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('list-conversations', () => {
  test('gives role, head, n, unread and the newest message of each, in order of id', async () => {
    const id = await createGroup(chat, owner, member);
    await chat.ask(owner, 'create-conversation', { kind: 'channel', conversationId: 'a-channel' });
    await chat.ask(member, 'send-message', { conversationId: id, content: '🐙'.repeat(200) });
    await chat.ask(member, 'add-reaction', { conversationId: id, seq: 1, emoji: '👍' });
    const { items, cursor } = await chat.ask(owner, 'list-conversations', {});
    expect(items).toMatchObject([
      { conversationId: 'a-channel', role: 'owner', head: 0, n: 0, unread: 0 },
      {
        conversationId: id,
        role: 'owner',
        head: 2,
        n: 1,
        unread: 1,
        lastMessage: { seq: 1, senderId: 'mia', content: '🐙'.repeat(100) },
      },
    ]);
    expect(items[0]).not.toHaveProperty('lastMessage');
    expect(cursor).toBeUndefined();
  });

  test('shows a tombstone as the newest message, without its text', async () => {
    const id = await createGroup(chat, owner, member);
    await chat.ask(member, 'send-message', { conversationId: id, content: 'x' });
    await chat.ask(member, 'delete-message', { conversationId: id, seq: 1 });
    const { items } = await chat.ask(owner, 'list-conversations', {});
    expect(items[0]?.lastMessage).toMatchObject({ seq: 1, deletedAt: expect.any(String) });
    expect(items[0]?.lastMessage).not.toHaveProperty('content');
  });

  test.each([1, 4, 25])('PAGE-1: pages of %i show every conversation once, even with long texts', async (limit) => {
    const made: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      chat.clock.advance(1_000);
      const fields = { kind: 'group', name: '🐙'.repeat(100), clientRequestId: `r${index}` } as const;
      const { conversationId } = await chat.ask(owner, 'create-conversation', fields);
      await chat.ask(owner, 'send-message', { conversationId, content: '🐙'.repeat(200) });
      made.push(conversationId);
    }
    expect((await chat.ask(owner, 'list-conversations', { limit })).items).toHaveLength(limit);
    expect(await pages((at) => chat.ask(owner, 'list-conversations', { limit, ...at }))).toEqual(made.sort());
  });
});

/** Each character of it doubles in JSON, so that a hundred members with such ids do not fit into one frame. */
function longId(index: number): string {
  return `user-${String(index).padStart(3, '0')}-`.padEnd(255, '"');
}

describe('list-conversations and list-members', () => {
  test('PAGE-1: a page that its frame cannot hold is cut, and the next one goes on from there', async () => {
    const wordy = await chat.connect(longId(0));
    const made: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      chat.clock.advance(1_000);
      const fields = { kind: 'group', name: '🐙'.repeat(100), clientRequestId: `r${index}` } as const;
      const { conversationId } = await chat.ask(wordy, 'create-conversation', fields);
      await chat.ask(wordy, 'send-message', { conversationId, content: '🐙'.repeat(200) });
      made.push(conversationId);
    }
    const { items } = await chat.ask(wordy, 'list-conversations', {});
    expect([items.length > 10, items.length < 25]).toEqual([true, true]);
    expect(await pages((at) => chat.ask(wordy, 'list-conversations', at))).toEqual(made.sort());

    const id = await createGroup(chat, owner);
    const pattern = chat.stores.state.member(id, 'olga');
    if (!pattern) throw new Error('no owner');
    const users = Array.from({ length: 130 }, (_, index) => longId(index));
    for (const userId of users) chat.stores.state.putMember({ ...pattern, userId, role: 'member' });
    const { items: members } = await chat.ask(owner, 'list-members', { conversationId: id });
    expect([members.length > 25, members.length < 100]).toEqual([true, true]);
    expect(await pages((at) => chat.ask(owner, 'list-members', { conversationId: id, ...at }))).toEqual([
      'olga',
      ...users,
    ]);
  });

  test('ENV-1: a page of the longest ids is cut to its frame, and the next one goes on from there', async () => {
    const long = await chat.connect('"'.repeat(255));
    const made: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      chat.clock.advance(1_000);
      const members = [`${'"'.repeat(252)}${100 + index}`];
      const { conversationId } = await chat.ask(long, 'create-conversation', { kind: 'direct', members });
      made.push(conversationId);
    }
    const first = await chat.ask(long, 'list-conversations', {});
    expect(first.items.length).toBeLessThan(25);
    expect(jsonBytes(first)).toBeLessThan(FRAME_MAX_BYTES - 256);
    expect(jsonBytes(first) + 2 * jsonBytes(first.items.at(-1))).toBeGreaterThan(FRAME_MAX_BYTES - 1_024);
    expect(await pages((at) => chat.ask(long, 'list-conversations', at))).toEqual(made.sort());
  });

  test('a page holds 25 unless fewer are asked for', async () => {
    for (let index = 0; index < 27; index += 1) {
      chat.clock.advance(1_000);
      await chat.ask(owner, 'create-conversation', { kind: 'group', clientRequestId: `r${index}` });
    }
    expect((await chat.ask(owner, 'list-conversations', {})).items).toHaveLength(25);
    expect((await chat.ask(owner, 'list-conversations', { limit: 3 })).items).toHaveLength(3);
  });

  test('leaves out what the user has left while the list was read', async () => {
    const id = await createGroup(chat, owner, member);
    const { memberships } = chat.stores.conversations;
    chat.stores.conversations.memberships = async (...args) => {
      const listed = await memberships(...args);
      await chat.ask(owner, 'remove-member', { conversationId: id, userId: 'mia' });
      return listed;
    };
    expect(await chat.ask(member, 'list-conversations', {})).toEqual({ items: [] });
  });
});

describe('list-members', () => {
  test('PAGE-1: passes over users who left, in five reads at most, and shows no more than asked for', async () => {
    const reads: unknown[] = [];
    chat = new Chat({
      memory: { before: async ({ operation, args }) => void (operation === 'memberPage' && reads.push(args[1])) },
    });
    owner = await chat.connect('olga');
    const conversationId = await createGroup(chat, owner);
    const { state } = chat.stores;
    const pattern = state.member(conversationId, 'olga');
    if (!pattern) throw new Error('no owner');
    const put = (userId: string, here: boolean) =>
      state.putMember({ ...pattern, userId, role: 'member', state: here ? 'active' : 'left' });
    for (const userId of ['a1', 'a3', 'b1', 'b2', 'b3']) put(userId, true);
    put('a2', false);
    reads.length = 0;
    const first = await chat.ask(owner, 'list-members', { conversationId, limit: 3 });
    expect(first.items.map(({ userId }) => userId)).toEqual(['a1', 'a3', 'b1']);
    expect(reads).toEqual([{ limit: 3 }, { limit: 1, after: 'a3' }]);

    for (let index = 0; index < 30; index += 1) put(`c${index}`, false);
    reads.length = 0;
    const { cursor } = first;
    const second = await chat.ask(owner, 'list-members', { conversationId, limit: 4, ...(cursor && { cursor }) });
    expect(second.items.map(({ userId }) => userId)).toEqual(['b2', 'b3']);
    expect(reads).toHaveLength(5);
    const third = await chat.ask(owner, 'list-members', { conversationId, cursor: second.cursor ?? '' });
    expect(third).toEqual({ items: [expect.objectContaining({ userId: 'olga' })] });
  });

  test('MEMB-3: gives nothing to a user who was removed while the page was read', async () => {
    let reading = false;
    const after = async ({ operation }: { readonly operation: string }) => {
      if (!reading || operation !== 'memberPage') return;
      reading = false;
      await chat.ask(owner, 'remove-member', { conversationId, userId: 'mia' });
    };
    chat = new Chat({ memory: { after } });
    [owner, member] = [await chat.connect('olga'), await chat.connect('mia')];
    const conversationId = await createGroup(chat, owner, member);
    reading = true;
    expect(await chat.refusal(member, 'list-members', { conversationId })).toMatchObject({
      code: 'conversation-not-found',
    });
  });

  test.each([1, 7, 100])('PAGE-1: pages of %i show every member once, even if some leave meanwhile', async (limit) => {
    const id = await createGroup(chat, owner);
    const users = Array.from(
      { length: 120 },
      (_, index) => `user-${String(index).padStart(3, '0')}-${'x'.repeat(110)}`,
    );
    const { state } = chat.stores;
    const pattern = state.member(id, 'olga');
    if (!pattern) throw new Error('no owner');
    for (const [index, userId] of users.entries()) {
      state.putMember({ ...pattern, userId, role: 'member', state: index % 3 === 0 ? 'left' : 'active' });
    }
    const expected = ['olga', ...users.filter((_, index) => index % 3 > 0)].sort();
    expect(await pages((at) => chat.ask(owner, 'list-members', { conversationId: id, limit, ...at }))).toEqual(
      expected,
    );
  });

  test('a page holds 100 unless fewer are asked for, and never more than was asked for', async () => {
    const id = await createGroup(chat, owner);
    const pattern = chat.stores.state.member(id, 'olga');
    if (!pattern) throw new Error('no owner');
    for (let index = 0; index < 151; index += 1) {
      const state = index % 3 === 0 ? 'left' : 'active';
      chat.stores.state.putMember({ ...pattern, userId: `a${1_000 + index}`, role: 'member', state });
    }
    const list = async (fields: object) =>
      (await chat.ask(owner, 'list-members', { conversationId: id, ...fields })).items;
    expect(await list({ limit: 100 })).toHaveLength(100);
    expect(await list({ limit: 7 })).toHaveLength(7);
    for (let index = 0; index < 150; index += 1) {
      chat.stores.state.putMember({ ...pattern, userId: `a${1_000 + index}`, role: 'member' });
    }
    expect(await list({})).toHaveLength(100);
  });

  test('MEMB-0: shows the banned to admins and owners only', async () => {
    const id = await createGroup(chat, owner, member);
    await chat.ask(owner, 'add-member', { conversationId: id, userId: 'bob' });
    await chat.ask(owner, 'update-member', { conversationId: id, userId: 'bob', banned: true });
    const list = async (by: Client) => (await chat.ask(by, 'list-members', { conversationId: id })).items;
    expect((await list(member)).map(({ userId }) => userId)).toEqual(['mia', 'olga']);
    expect(await list(owner)).toMatchObject([{ userId: 'bob', banned: true }, {}, {}]);
  });

  test('PAGE-1: a cursor of another user or another list, or a damaged one, is refused', async () => {
    const [one, two] = [await createGroup(chat, owner, member), await createGroup(chat, owner, member)];
    const { cursor = '' } = await chat.ask(owner, 'list-members', { conversationId: one, limit: 1 });
    await chat.ask(owner, 'list-members', { conversationId: one, cursor });
    const refused = async (by: Client, fields: { conversationId: string; cursor: string }) =>
      (await chat.refusal(by, 'list-members', fields)).code;
    expect(await refused(member, { conversationId: one, cursor })).toBe('validation-failed');
    expect(await refused(owner, { conversationId: two, cursor })).toBe('validation-failed');
    expect(await refused(owner, { conversationId: one, cursor: cursor.slice(1) })).toBe('validation-failed');
    expect((await chat.refusal(owner, 'list-conversations', { cursor })).code).toBe('validation-failed');
  });
});

/** What all pages show, by id. Waits between pages, so that no rate refuses one. */
async function pages(
  read: (at: {
    cursor?: string;
  }) => Promise<{ items: { userId?: string; conversationId?: string }[]; cursor?: string | undefined }>,
): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  for (let at: { cursor?: string } | undefined = {}; at; ) {
    const { items, cursor } = await read(at);
    ids.push(...items.map(({ userId, conversationId }) => userId ?? conversationId));
    at = cursor === undefined ? undefined : { cursor };
    chat.clock.advance(200);
  }
  await quietDown(chat);
  return ids;
}
