import { beforeEach, describe, expect, test } from 'vitest';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { RECEIPT_ROOM_MAX } from '../../shared/protocol/limits.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';

let chat: Chat;
let owner: Client;
let member: Client;
let conversationId: string;

beforeEach(async () => {
  chat = new Chat();
  owner = await chat.connect('olga');
  member = await chat.connect('mia');
  conversationId = await createGroup(chat, owner, member);
});

async function fill(count: number, content = 'x'): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    chat.clock.advance(250);
    await chat.ask(owner, 'send-message', { conversationId, content });
  }
}

function seqs({ entries }: { entries: readonly { data: Record<string, unknown> }[] }) {
  return entries.map(({ data }) => data.seq);
}
function history(fields: object = {}) {
  return chat.ask(member, 'history', { conversationId, ...fields });
}
function from(first: number, last: number) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('history (PAGE-1)', () => {
  test('gives the newest 50, or what follows `after`, or what comes before `before` (both exclusive)', async () => {
    await fill(60);
    const newest = await history();
    expect([seqs(newest), newest.head, newest.hasMore]).toEqual([from(11, 60), 60, true]);
    const after = await history({ after: 55 });
    expect([seqs(after), after.hasMore]).toEqual([from(56, 60), false]);
    const before = await history({ before: 11, limit: 100 });
    expect([seqs(before), before.head, before.hasMore]).toEqual([from(1, 10), 60, false]);
    const some = await history({ after: 10, limit: 5 });
    expect([seqs(some), some.hasMore]).toEqual([from(11, 15), true]);
  });

  test('gives nothing at the ends of a log, beyond them, and from an empty log', async () => {
    expect(await history()).toEqual({ conversationId, entries: [], head: 0, hasMore: false });
    await fill(3);
    for (const fields of [{ after: 3 }, { after: 99 }, { before: 1 }, { before: 0 }]) {
      expect(await history(fields)).toEqual({ conversationId, entries: [], head: 3, hasMore: false });
    }
    expect(seqs(await history({ before: 99 }))).toEqual([1, 2, 3]);
  });

  test('cuts a page to fit one frame, on the side where reading goes on, and never to nothing', async () => {
    await fill(5, '🐙'.repeat(4_000));
    const newest = await history();
    expect([seqs(newest), newest.hasMore]).toEqual([[4, 5], true]);
    const oldest = await history({ after: 0 });
    expect([seqs(oldest), oldest.hasMore]).toEqual([[1, 2], true]);
    const older = await history({ before: 5 });
    expect([seqs(older), older.hasMore]).toEqual([[3, 4], true]);
  });

  test('joining and reading still get one entry each when entries are as large as they can be', async () => {
    const largest = { content: '🐙'.repeat(4_000), clientMessageId: 'm'.repeat(64), mentions: ['olga', 'mia'] };
    await chat.ask(owner, 'send-message', { conversationId, ...largest });
    for (const emoji of '🐀🐁🐂🐃🐄🐅🐆🐇🐈🐉🐊🐋🐌🐍🐎🐏🐐🐑🐒🐓') {
      await chat.ask(owner, 'add-reaction', { conversationId, seq: 1, emoji });
    }
    expect(seqs(await history({ after: 0, limit: 1 }))).toEqual([1]);
    expect(seqs(await chat.ask(member, 'join', { conversationId, after: 0 }))[0]).toBe(1);
  });
});

describe('joining (JOIN-1)', () => {
  test('is tried again after a conflict, eight times with growing waits; then the frame fails', async () => {
    let tried = 0;
    const conflict = () => {
      tried += 1;
      return true;
    };
    const chat = new Chat({ random: () => 0.5, memory: { conflict } });
    const olga = await chat.connect('olga');
    const { conversationId } = await chat.ask(olga, 'create-conversation', { kind: 'group' });
    const started = chat.clock.now();
    expect(await chat.refusal(olga, 'join', { conversationId })).toMatchObject({ code: 'internal', retryable: true });
    expect(tried).toBe(8);
    // Half of 15, 30, 60, 120, 240, 480, 960 and 1,920 ms; a hand clock counts whole milliseconds.
    expect(chat.clock.now() - started).toBe(8 + 15 + 30 + 60 + 120 + 240 + 480 + 960);
  });

  test('gives the conversation, the role, a page, who is online, and the marks', async () => {
    await fill(2);
    await chat.ask(member, 'mark', { conversationId, readSeq: 1, deliveredSeq: 2 });
    await chat.ask(owner, 'set-status', { status: 'busy' });
    const joined = await chat.ask(member, 'join', { conversationId });
    expect(joined).toMatchObject({
      success: true,
      conversation: { conversationId, kind: 'group' },
      role: 'member',
      head: 2,
    });
    expect(joined.online).toEqual([
      { userId: 'mia', status: 'online' },
      { userId: 'olga', status: 'busy' },
    ]);
    expect(joined.marks).toEqual([
      { userId: 'mia', readSeq: 1, deliveredSeq: 2 },
      { userId: 'olga', readSeq: 0, deliveredSeq: 0 },
    ]);
  });

  test('in a room of over 100 connections, `online` has the users of the first 100, and the user who joins', async () => {
    const kinds = { kind: 'channel', conversationId: 'hall' } as const;
    await chat.ask(owner, 'create-conversation', kinds);
    const rooms = [{ room: conversationRoom('hall'), shard: 0 }];
    for (let n = 100; n < 205; n += 1) {
      const ends = { tokenExpiresAt: chat.clock.now() + 1, expiresAt: chat.clock.now() + 1 };
      const times = { connectedAt: chat.clock.now(), ...ends };
      await chat.stores.connections.open({ connectionId: `k${n}`, userId: `guest${n}`, ...times, rooms });
    }
    const { online } = await chat.ask(owner, 'join', { conversationId: 'hall' });
    const guests = Array.from({ length: 99 }, (_, n) => `guest${n + 100}`);
    expect(online.map(({ userId }) => userId)).toEqual(['olga', ...guests]);
  });

  test('joining from a position gives what follows it; joining twice is no error (JOIN-4)', async () => {
    await fill(60);
    const rest = await chat.ask(member, 'join', { conversationId, after: 58 });
    expect([seqs(rest), rest.head, rest.hasMore]).toEqual([[59, 60], 60, false]);
    const first = await chat.ask(member, 'join', { conversationId, after: 0 });
    expect([seqs(first), first.hasMore]).toEqual([from(1, 50), true]);
  });

  test('LOG-6: joining from beyond the head gives the head alone, so that the client drops its copy', async () => {
    await fill(2);
    expect(await chat.ask(member, 'join', { conversationId, after: 9 })).toMatchObject({
      entries: [],
      head: 2,
      hasMore: false,
    });
  });

  test('JOIN-2: what is committed after the page is pushed', async () => {
    const late = await chat.connect('mia');
    const { head } = await chat.ask(late, 'join', { conversationId });
    await quietDown(chat);
    await fill(2);
    await chat.pump();
    expect(chat.gateway.take(late.connectionId).map(({ data }) => (data as { seq: number }).seq)).toEqual([
      head + 1,
      head + 2,
    ]);
  });

  test('long lists of users and marks are cut so that the first entry still fits', async () => {
    await fill(1, '🐙'.repeat(4_000));
    const { state } = chat.stores;
    const [connection, pattern] = [state.connections.get(owner.connectionId), state.member(conversationId, 'olga')];
    const place = connection?.rooms.find(({ room }) => room.kind === 'conversation');
    if (!connection || !pattern || !place) throw new Error('nobody joined');
    for (let index = 0; index < 150; index += 1) {
      const userId = `u${index}${'x'.repeat(120)}`;
      const { connectedAt, expiresAt } = connection;
      state.putSubscription({ ...place, userId, connectionId: `c${index}`, connectedAt, expiresAt });
      state.putMember({ ...pattern, userId });
    }
    const joined = await chat.ask(member, 'join', { conversationId });
    expect(seqs(joined)).toEqual([1]);
    expect(joined.online.length).toBeGreaterThan(10);
    expect(joined.marks.length).toBeLessThan(100);
  });

  test('a connection may join 200 rooms besides its user room, and may rejoin one of them at any time', async () => {
    for (let index = 0; index < 199; index += 1) {
      const id = `c${index}`;
      chat.clock.advance(1_000);
      await chat.ask(member, 'create-conversation', { kind: 'channel', conversationId: id });
      await chat.ask(member, 'join', { conversationId: id });
    }
    await chat.ask(member, 'create-conversation', { kind: 'channel', conversationId: 'too-many' });
    expect(await chat.refusal(member, 'join', { conversationId: 'too-many' })).toMatchObject({
      code: 'validation-failed',
    });
    await chat.ask(member, 'join', { conversationId });
    await chat.ask(member, 'leave', { conversationId });
    await chat.ask(member, 'join', { conversationId: 'too-many' });
  });

  test('JOIN-3: joining a channel makes the user a member who starts at the head, without an entry', async () => {
    await chat.ask(owner, 'create-conversation', { kind: 'channel', conversationId: 'news' });
    await chat.ask(owner, 'send-message', { conversationId: 'news', content: 'x' });
    const joined = await chat.ask(member, 'join', { conversationId: 'news' });
    expect(joined).toMatchObject({ role: 'member', head: 1 });
    expect(chat.stores.state.member('news', 'mia')).toMatchObject({
      state: 'active',
      readSeq: 1,
      readN: 1,
      deliveredSeq: 1,
    });
  });

  test('the conversation in the reply is not older than its head', async () => {
    let rename = async () => undefined as unknown;
    const racing = new Chat({
      memory: {
        before: async ({ operation }) => {
          if (operation === 'join') await rename();
        },
      },
    });
    const user = await racing.connect('olga');
    const { conversationId: id } = await racing.ask(user, 'create-conversation', { kind: 'group', name: 'old' });
    rename = async () => {
      rename = async () => undefined;
      await racing.ask(user, 'update-conversation', { conversationId: id, name: 'new' });
      await racing.ask(user, 'send-message', { conversationId: id, content: '🐙'.repeat(4_000) });
      await racing.ask(user, 'send-message', { conversationId: id, content: '🐙'.repeat(4_000) });
    };
    const joined = await racing.ask(user, 'join', { conversationId: id });
    expect(joined.head).toBe(3);
    expect(joined.conversation.name).toBe('new');
  });
});

describe('marks (READ-1)', () => {
  const mark = (fields: object) => chat.ask(member, 'mark', { conversationId, ...fields });

  test('grow, keep delivered at or above read, are clamped to the head, and count unread messages', async () => {
    await fill(5);
    expect(await mark({ readSeq: 2 })).toEqual({ conversationId, readSeq: 2, deliveredSeq: 2, head: 5, unread: 3 });
    expect(await mark({ deliveredSeq: 4 })).toMatchObject({ readSeq: 2, deliveredSeq: 4, unread: 3 });
    expect(await mark({ readSeq: 3, deliveredSeq: 1 })).toMatchObject({ readSeq: 3, deliveredSeq: 4, unread: 2 });
    expect(await mark({ readSeq: 1 })).toMatchObject({ readSeq: 3, deliveredSeq: 4, unread: 2 });
    expect(await mark({ readSeq: 99 })).toMatchObject({ readSeq: 5, deliveredSeq: 5, unread: 0 });
  });

  test('are 0 in an empty log', async () => {
    expect(await mark({ readSeq: 7 })).toEqual({ conversationId, readSeq: 0, deliveredSeq: 0, head: 0, unread: 0 });
  });

  test('are sent to the room and one’s own devices, but not again if they did not move', async () => {
    await fill(1);
    const phone = await chat.connect('mia');
    await quietDown(chat);
    await mark({ readSeq: 1 });
    await mark({ readSeq: 1 });
    const receipt = { event: 'receipt', data: { conversationId, userId: 'mia', readSeq: 1, deliveredSeq: 1 } };
    for (const client of [owner, phone]) expect(chat.gateway.take(client.connectionId)).toEqual([receipt]);
    expect(chat.gateway.take(member.connectionId)).toEqual([]);
  });

  test.each([
    ['25 connections', 0, 1],
    ['26', 1, 0],
  ])('are sent to a room of %s: %i too many', async (_, tooMany, receipts) => {
    await fill(1);
    for (let index = 0; index < RECEIPT_ROOM_MAX - 2 + tooMany; index += 1) {
      const client = await chat.connect(`user-${index}`);
      await chat.ask(owner, 'add-member', { conversationId, userId: client.userId });
      await chat.ask(client, 'join', { conversationId });
    }
    await quietDown(chat);
    await mark({ readSeq: 1 });
    await chat.pump();
    expect(chat.gateway.take(owner.connectionId)).toHaveLength(receipts);
  });

  test('are not raised for a user who was removed meanwhile', async () => {
    await fill(1);
    const { raiseMarks } = chat.stores.conversations;
    chat.stores.conversations.raiseMarks = async (...args) => {
      await chat.ask(owner, 'remove-member', { conversationId, userId: 'mia' });
      return raiseMarks(...args);
    };
    expect(await chat.refusal(member, 'mark', { conversationId, readSeq: 1 })).toMatchObject({
      code: 'conversation-not-found',
    });
  });
});
