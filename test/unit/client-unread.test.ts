import { beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import type { ClientOptions, Conversation } from '../../client/src/index.ts';
import { memoryOutbox } from '../../client/src/outbox/storage.ts';
import type { Message } from '../../client/src/protocol.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { FakeLifecycle } from '../support/fake-lifecycle.ts';
import { HandClock } from '../support/fake-time.ts';

const ROOM = 'g:room';

let clock: HandClock;
let server: FakeChatServer;
let asked: number;
let ids: number;

/** `pageMax`: the entries in a page, which is all that a joined copy holds at first. */
function serve(pageMax = 50): void {
  server = new FakeChatServer({ clock, random: () => 0.5, pageMax });
  server.create(ROOM, ['ann', 'bob', 'eve']);
  asked = 0;
  const { execute } = server;
  server.execute = (action, fields, ...rest) => {
    if (action === 'mark' && fields.readSeq === 0) asked += 1;
    return execute.call(server, action, fields, ...rest);
  };
}

beforeEach(() => {
  clock = new HandClock();
  ids = 0;
  serve();
});

async function joined(userId: string, options: Partial<ClientOptions> = {}) {
  const client = createClient({
    url: 'wss://chat.example/prod',
    token: () => fakeToken(userId),
    openSocket: server.openSocket,
    clock,
    lifecycle: new FakeLifecycle(),
    random: () => 0.5,
    outbox: memoryOutbox(),
    newId: () => `id-${++ids}`,
    autoDelivered: false,
    ...options,
  });
  client.connect().catch(() => {});
  const room = client.conversations.get(ROOM);
  room.join().catch(() => {});
  await clock.advance(200);
  expect(room.state).toBe('live');
  return { client, room };
}

function say(by = 'bob', count = 1): number {
  let seq = 0;
  for (let sent = 0; sent < count; sent += 1) {
    ({ seq } = server.as(by, 'send-message', { conversationId: ROOM, content: 'x' }) as Message);
  }
  return seq;
}
function erase(seq: number, by = 'bob') {
  return server.as(by, 'delete-message', { conversationId: ROOM, seq });
}
function mark(readSeq: number) {
  return server.as('ann', 'mark', { conversationId: ROOM, readSeq });
}
function count({ unread, unreadAtMost }: Conversation) {
  return unreadAtMost ? `at most ${unread}` : unread;
}
/** What the conversation says after a while. Unless it says that it is an upper bound, it is what a person would count. */
async function settled(room: Conversation) {
  await clock.advance(2_000);
  if (!room.unreadAtMost) expect(room.unread).toBe(server.unreadOf(ROOM, 'ann').exact);
  return count(room);
}

describe('READ-2: unread in the copy of a log', () => {
  it('leaves out what the user wrote, here or on another device', async () => {
    const { room } = await joined('ann');
    const twin = await joined('ann');
    say();
    room.send('here');
    twin.room.send('there');
    expect([await settled(room), await settled(twin.room)]).toEqual([1, 1]);
  });

  it('goes down by a message that was counted and is deleted, not by an edit or a reaction, and is so after a reload', async () => {
    const { room } = await joined('ann');
    const seqs = [say(), say(), say()];
    expect(await settled(room)).toBe(3);
    server.as('bob', 'edit-message', { conversationId: ROOM, seq: seqs[0] as number, content: 'y' });
    server.as('eve', 'add-reaction', { conversationId: ROOM, seq: seqs[0] as number, emoji: '👍' });
    expect(await settled(room)).toBe(3);
    erase(seqs[0] as number);
    expect(await settled(room)).toBe(2);
    for (const seq of seqs.slice(1)) erase(seq);
    expect(await settled(room)).toBe(0);
    expect(count((await joined('ann')).room)).toBe(0);
    expect(asked).toBe(0);
  });

  it('goes down at once by a message that the user deletes as an admin', async () => {
    const { room } = await joined('ann');
    const seq = say();
    await clock.advance(100);
    room.delete(seq).catch(() => {});
    expect(await settled(room)).toBe(0);
  });

  it('knows a list before anything is joined, with its flag, and what was read elsewhere while away', async () => {
    say('bob', 60);
    const { client, room } = await joined('ann');
    expect(count(room)).toBe('at most 60');
    void room.leave();
    await clock.advance(100);
    mark(59);
    void client.conversations.list();
    await clock.advance(100);
    expect([room.state, count(room)]).toEqual(['idle', 1]);
  });

  it('counts down to nothing as the user marks', async () => {
    const { room } = await joined('ann');
    say('bob', 3);
    await clock.advance(100);
    void room.markRead(2);
    expect(await settled(room)).toBe(1);
    void room.markRead();
    expect(await settled(room)).toBe(0);
  });

  it('counts by itself, and exactly, where more than 50 entries lie after the mark and all are held', async () => {
    const { room } = await joined('ann');
    say('bob', 70);
    expect(await settled(room)).toBe(70);
    expect(server.unreadOf(ROOM, 'ann').told).toEqual({ unread: 70, unreadAtMost: true });
  });
});

describe('READ-2: unread where the copy does not reach back to the mark', () => {
  beforeEach(() => serve(5));

  it('is what the server told, moved on by what comes', async () => {
    const old = say('bob', 20);
    const { room } = await joined('ann');
    expect(count(room)).toBe(20);
    erase(say());
    say('ann');
    say('eve');
    erase(old);
    expect([await settled(room), asked]).toEqual([20, 0]);
  });

  it('is an upper bound after a message is deleted that is not held, until the server has told, once for many', async () => {
    say('bob', 20);
    const { room } = await joined('ann');
    for (const seq of [1, 2, 3]) erase(seq);
    await clock.advance(100);
    expect(count(room)).toBe('at most 20');
    expect([await settled(room), asked]).toEqual([17, 1]);
    erase(4);
    expect([await settled(room), asked]).toEqual([16, 2]);
  });

  it('asks nothing where it is an upper bound anyway, and is exact once older pages are loaded', async () => {
    const first = say('bob', 60) - 59;
    const { room } = await joined('ann');
    expect(count(room)).toBe('at most 60');
    erase(first);
    say();
    expect([await settled(room), asked]).toEqual(['at most 61', 0]);
    for (let page = 0; room.hasOlder && page < 20; page += 1) {
      room.loadOlder(50).catch(() => {});
      await clock.advance(100);
    }
    expect([await settled(room), asked]).toEqual([60, 0]);
  });

  it('is asked for when another device has read up to somewhere before the copy', async () => {
    say('bob', 60);
    const { room } = await joined('ann');
    const twin = await joined('ann');
    void twin.room.markRead(30);
    expect([await settled(room), await settled(twin.room)]).toEqual([30, 30]);
    void twin.room.markRead(60);
    expect([await settled(room), asked]).toEqual([0, 1]);
  });

  it('is no more than all that came, if entries overtake the answer', async () => {
    say('bob', 20);
    const { room } = await joined('ann');
    const { execute } = server;
    server.execute = (action, ...rest) => {
      const reply = execute.call(server, action, ...rest);
      if (action === 'mark') say('bob', 2);
      return reply;
    };
    erase(1);
    expect([await settled(room), server.unreadOf(ROOM, 'ann').exact]).toEqual(['at most 21', 21]);
  });
});
