import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { indexedDbCopies } from '../../client/src/copies/indexed-db.ts';
import { type CopyStorage, memoryCopies, type StoredCopy } from '../../client/src/copies/storage.ts';
import type { ClientOptions, Conversation } from '../../client/src/index.ts';
import { memoryOutbox } from '../../client/src/outbox/storage.ts';
import type { IndexedDb } from '../../client/src/platform/indexed-db.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { FakeLifecycle } from '../support/fake-lifecycle.ts';
import { HandClock, settle } from '../support/fake-time.ts';

const ROOM = 'g:room';

let clock: HandClock;
let server: FakeChatServer;
let copies: CopyStorage;
let ids: number;

beforeEach(() => {
  clock = new HandClock();
  server = new FakeChatServer({ clock, random: () => 0.5 });
  server.create(ROOM, ['ann', 'bob']);
  copies = memoryCopies();
  ids = 0;
});

function start(userId: string, options: Partial<ClientOptions> = {}) {
  const lifecycle = new FakeLifecycle();
  const client = createClient({
    url: 'wss://chat.example/prod',
    token: () => fakeToken(userId),
    userId,
    openSocket: server.openSocket,
    clock,
    lifecycle,
    random: () => 0.5,
    outbox: memoryOutbox(),
    copies,
    newId: () => `id-${++ids}`,
    ...options,
  });
  return { client, lifecycle, room: client.conversations.get(ROOM) };
}

/** A page that is open, connected and in the room. */
async function open(userId: string, options: Partial<ClientOptions> = {}) {
  const started = start(userId, options);
  started.client.connect().catch(() => {});
  started.room.join().catch(() => {});
  await clock.advance(2_000);
  expect(started.room.state).toBe('live');
  return started;
}

/** A page that is loaded without a network. */
async function openOffline(userId: string, options: Partial<ClientOptions> = {}) {
  const started = start(userId, options);
  started.lifecycle.online = false;
  started.client.connect().catch(() => {});
  await settle(20);
  return started;
}

async function close({ client }: { client: { close(): void } }): Promise<void> {
  client.close();
  await settle(20);
}

function said(content: string) {
  return server.as('bob', 'send-message', { conversationId: ROOM, content });
}
function say(from: number, to: number) {
  for (let i = from; i <= to; i += 1) said(`${i}`);
}
function texts(room: Conversation) {
  return room.messages.map(({ content, deletedAt }) => (deletedAt ? 'deleted' : content));
}
async function stored(userId = 'ann') {
  return (await copies.load(userId)).copies;
}
function copyOf(changes: Partial<StoredCopy> = {}): StoredCopy {
  const createdAt = '2026-11-22T12:00:00.000Z';
  return {
    version: 1,
    userId: 'ann',
    conversationId: ROOM,
    epoch: 'e1',
    base: 0,
    position: 0,
    n: 0,
    messages: [],
    info: { conversationId: ROOM, epoch: 'e1', kind: 'group', createdBy: 'ann', createdAt },
    role: 'member',
    marks: [],
    storedAt: 0,
    ...changes,
  };
}

describe('a page that was loaded without a network', () => {
  it('shows what was seen before, and catches up from there', async () => {
    say(1, 3);
    await close(await open('ann'));
    said('meanwhile');
    const { client, lifecycle, room } = await openOffline('ann');
    expect((await client.conversations.stored()).map(({ id }) => id)).toEqual([ROOM]);
    expect([texts(room), room.position, room.hasOlder, room.state]).toEqual([['1', '2', '3'], 3, false, 'idle']);
    expect([room.info?.kind, room.role, room.unread]).toEqual(['group', 'member', 3]);
    const [first] = room.messages;
    const told: (string | undefined)[] = [];
    room.on('message', ({ content }) => told.push(content));
    room.join().catch(() => {});
    lifecycle.emit('online');
    await clock.advance(3_000);
    expect([texts(room), told, room.unread]).toEqual([['1', '2', '3', 'meanwhile'], ['meanwhile'], 4]);
    expect(room.messages[0]).toBe(first);
  });

  it('asks for what follows alone', async () => {
    say(1, 60);
    await close(await open('ann'));
    const asked: unknown[] = [];
    const { execute } = server;
    server.execute = (action, fields, ...rest) => {
      if (action === 'join' || action === 'history') asked.push([action, fields.after]);
      return execute.call(server, action, fields, ...rest);
    };
    const { room } = await open('ann');
    expect([asked, room.messages.length]).toEqual([[['join', 60]], 50]);
    const older = room.loadOlder();
    await clock.advance(100);
    expect([await older, texts(room)[0]]).toEqual([{ added: 10, hasOlder: false }, '1']);
  });

  it('shows edits, deletions and reactions that came meanwhile once it is connected', async () => {
    say(1, 4);
    await close(await open('ann'));
    server.as('bob', 'edit-message', { conversationId: ROOM, seq: 1, content: 'edited' });
    server.as('bob', 'delete-message', { conversationId: ROOM, seq: 2 });
    server.as('bob', 'add-reaction', { conversationId: ROOM, seq: 3, emoji: '👍' });
    const { client, room } = await openOffline('ann');
    expect(texts(room)).toEqual(['1', '2', '3', '4']);
    await close({ client });
    await close(await open('ann'));
    const again = await openOffline('ann');
    expect(texts(again.room)).toEqual(['edited', 'deleted', '3', '4']);
    expect(again.room.messages[2]?.reactions).toEqual([{ emoji: '👍', count: 1, mine: false }]);
    expect(JSON.stringify(await stored())).not.toContain('"content":"2"');
  });

  it('shows one’s own messages with their ticks, and what waits in the outbox after them', async () => {
    const outbox = memoryOutbox();
    const bob = await open('bob', { copies: memoryCopies() });
    const ann = await open('ann', { outbox });
    ann.room.send('hello');
    await clock.advance(1_000);
    void bob.room.markRead();
    await clock.advance(2_000);
    ann.lifecycle.emit('offline');
    ann.room.send('later');
    await close(ann);
    const { room } = await openOffline('ann', { outbox });
    expect(room.messages.map(({ content, status }) => `${content}: ${status}`)).toEqual([
      'hello: read',
      'later: pending',
    ]);
  });

  it('SEND-4: does not send again what the outbox holds and the copy shows', async () => {
    const outbox = memoryOutbox();
    const before = await open('ann', { outbox });
    server.faults = { ...server.faults, dropReply: 1 };
    before.room.send('sent, but never heard of');
    await clock.advance(100);
    await close(before);
    server.faults = { ...server.faults, dropReply: 0 };
    // Another tab without that outbox has read it.
    await close(await open('ann'));
    say(1, 40);
    const { room } = await open('ann', { outbox });
    await clock.advance(3_000);
    expect([room.messages.length, await outbox.load('ann')]).toEqual([41, []]);
    expect(server.log(ROOM).entries).toHaveLength(41);
  });

  it('sends to a conversation that it does not follow without reading its log from the stored position on', async () => {
    server = new FakeChatServer({ clock, random: () => 0.5, behindMax: 10 });
    server.create(ROOM, ['ann', 'bob']);
    said('1');
    await close(await open('ann'));
    say(2, 100);
    const { client, room } = start('ann');
    client.connect().catch(() => {});
    await settle(20);
    expect(texts(room)).toEqual(['1']);
    let pages = 0;
    const { execute } = server;
    server.execute = (action, ...rest) => {
      if (action === 'history') pages += 1;
      return execute.call(server, action, ...rest);
    };
    const sending = room.send('hello');
    await clock.advance(2_000);
    expect([(await sending).seq, pages]).toEqual([101, 1]);
  });

  it('starts again from the newest page if more was said than two answers bring', async () => {
    said('old');
    await close(await open('ann'));
    say(1, 150);
    const near = await open('ann');
    expect(near.room.messages).toHaveLength(151);
    await close(near);
    say(151, 301);
    const resets: string[] = [];
    const far = start('ann');
    far.room.on('reset', ({ reason }) => resets.push(reason));
    far.client.connect().catch(() => {});
    far.room.join().catch(() => {});
    await clock.advance(3_000);
    expect([resets, texts(far.room)[0], far.room.messages.length]).toEqual([['too-far-behind'], '252', 50]);
  });

  it('counts what a list says is unread, joined or not', async () => {
    say(1, 3);
    await close(await open('ann'));
    say(4, 5);
    const { client, room } = start('ann');
    client.connect().catch(() => {});
    const listing = client.conversations.list();
    await clock.advance(2_000);
    await listing;
    expect([room.unread, texts(room)]).toEqual([5, ['1', '2', '3']]);
  });
});

describe('LOG-6', () => {
  it.each([
    ['longer', 4],
    ['shorter', 1],
  ])('on another epoch, with a %s log, drops what was stored and stores the new log', async (_, length) => {
    say(1, 3);
    await close(await open('ann'));
    server.restore(ROOM, 1);
    for (let i = 2; i <= length; i += 1) said(`new ${i}`);
    const resets: string[] = [];
    const { client, room } = start('ann');
    room.on('reset', ({ reason }) => resets.push(reason));
    client.connect().catch(() => {});
    room.join().catch(() => {});
    await clock.advance(3_000);
    const expected = ['1', 'new 2', 'new 3', 'new 4'].slice(0, length);
    expect([texts(room), resets]).toEqual([expected, ['epoch']]);
    await close({ client });
    expect(texts((await openOffline('ann')).room)).toEqual(expected);
  });

  it('drops what was stored if the log of the same epoch is shorter', async () => {
    say(1, 3);
    await close(await open('ann'));
    server.restore(ROOM, 1);
    server.log(ROOM).info.epoch = 'e1';
    await close(await open('ann'));
    expect(texts((await openOffline('ann')).room)).toEqual(['1']);
  });
});

describe('what is stored', () => {
  it('is bounded: the newest 100 messages, and the 50 conversations that were used last', async () => {
    say(1, 120);
    const { client, room } = await open('ann');
    for (let page = 0; page < 2; page += 1) {
      const older = room.loadOlder();
      await clock.advance(1_000);
      await older;
    }
    expect(room.messages).toHaveLength(120);
    const [copy] = await stored();
    expect([copy?.messages.length, copy?.messages[0]?.seq, copy?.base, copy?.position]).toEqual([100, 21, 20, 120]);
    for (let i = 0; i < 50; i += 1) {
      server.create(`g:${i}`, ['ann', 'bob']);
      client.conversations
        .get(`g:${i}`)
        .join()
        .catch(() => {});
      await clock.advance(600);
    }
    const kept = (await stored()).map(({ conversationId }) => conversationId);
    expect([kept.length, kept.includes(ROOM), kept.includes('g:0')]).toEqual([50, false, true]);
    await close({ client });
    const again = await openOffline('ann');
    const newest = (await again.client.conversations.stored()).slice(0, 2).map(({ id }) => id);
    expect(newest).toEqual(['g:49', 'g:48']);
  });

  it('is written once for all that comes within half a second, and never for typing', async () => {
    const puts: number[] = [];
    const counting = {
      ...copies,
      put(all: readonly StoredCopy[], generation: number) {
        puts.push(all.length);
        return copies.put(all, generation);
      },
    };
    const { room } = await open('ann', { copies: counting });
    puts.length = 0;
    for (let i = 0; i < 20; i += 1) {
      room.sendTyping();
      server.as('bob', 'typing', { conversationId: ROOM, isTyping: true });
      await clock.advance(100);
    }
    expect(puts).toEqual([]);
    for (let i = 0; i < 20; i += 1) {
      said(`${i}`);
      await clock.advance(20);
    }
    await clock.advance(500);
    expect(puts).toEqual([1]);
  });

  it('does not pile up before storage that is slow', async () => {
    let puts = 0;
    const slow: CopyStorage = {
      ...copies,
      put(all, generation) {
        puts += 1;
        return new Promise((resolve) => clock.setTimeout(() => resolve(copies.put(all, generation)), 900));
      },
    };
    await open('ann', { copies: slow });
    puts = 0;
    for (let i = 0; i < 90; i += 1) {
      said(`${i}`);
      await clock.advance(100);
    }
    await clock.advance(20_000);
    expect(puts).toBeGreaterThan(4);
    expect(puts).toBeLessThan(9);
    expect((await stored())[0]?.position).toBe(90);
  });

  it.each(['hidden', 'close'])('is written at once when the page may end (%s)', async (how) => {
    const { client, lifecycle } = await open('ann');
    said('last');
    await clock.advance(50);
    if (how === 'hidden') lifecycle.emit('hidden');
    else client.close();
    await settle(20);
    expect(texts((await openOffline('ann')).room)).toEqual(['last']);
  });

  it('after a crash between two writes is behind, and is read on from there', async () => {
    await open('ann');
    said('written');
    await clock.advance(600);
    said('not written');
    await clock.advance(100);
    const { client, lifecycle, room } = await openOffline('ann');
    expect(texts(room)).toEqual(['written']);
    room.join().catch(() => {});
    lifecycle.emit('online');
    await clock.advance(3_000);
    expect(texts(room)).toEqual(['written', 'not written']);
    client.close();
  });

  it('is nothing of another user of the same browser', async () => {
    said('secret');
    await close(await open('ann'));
    const bob = await openOffline('bob');
    expect([await bob.client.conversations.stored(), bob.room.messages]).toEqual([[], []]);
  });
});

describe('what was stored goes', () => {
  it('with the user: removed while the page was closed, in the list and in a join', async () => {
    server.create('g:other', ['ann', 'bob']);
    said('secret');
    const { client } = await open('ann');
    client.conversations
      .get('g:other')
      .join()
      .catch(() => {});
    await clock.advance(1_000);
    await close({ client });
    for (const conversationId of [ROOM, 'g:other'])
      server.as('bob', 'remove-member', { conversationId, userId: 'ann' });
    const again = start('ann');
    again.client.connect().catch(() => {});
    again.room.join().catch(() => {});
    await clock.advance(2_000);
    expect(again.room.state).toBe('ended');
    expect((await stored()).map(({ conversationId }) => conversationId)).toEqual(['g:other']);
    const other = again.client.conversations.get('g:other');
    expect(other.info?.kind).toBe('group');
    again.client.conversations.list().catch(() => {});
    await clock.advance(2_000);
    expect([await stored(), await again.client.conversations.stored()]).toEqual([[], []]);
  });

  it.each([
    ['joined', true],
    ['not joined', false],
  ])('with the user: removed while the page is open and it is %s', async (_, joined) => {
    said('secret');
    await close(await open('ann'));
    const { client, room } = start('ann');
    client.connect().catch(() => {});
    if (joined) room.join().catch(() => {});
    await clock.advance(2_000);
    expect(await stored()).toHaveLength(1);
    server.as('bob', 'remove-member', { conversationId: ROOM, userId: 'ann' });
    await clock.advance(2_000);
    expect(await stored()).toEqual([]);
    await close({ client });
    expect(await stored()).toEqual([]);
  });

  it('with a ban, and nothing is stored again before the user is back', async () => {
    said('secret');
    const { client, lifecycle } = await open('ann');
    const at = new Date(clock.now()).toISOString();
    const data = { conversationId: ROOM, seq: 2, at, n: 1, userId: 'ann', banned: true, by: 'bob' };
    for (const each of server.connections) each.push({ event: 'member-updated', data });
    await clock.advance(1_000);
    expect(await stored()).toEqual([]);
    for (const each of server.connections)
      each.push({ event: 'receipt', data: { conversationId: ROOM, userId: 'bob', readSeq: 1, deliveredSeq: 1 } });
    await clock.advance(1_000);
    lifecycle.emit('hidden');
    await close({ client });
    expect(await stored()).toEqual([]);
  });

  it('MEMB-1: but not for a removal that is history: the user was added again', async () => {
    said('1');
    await close(await open('ann'));
    server.as('bob', 'remove-member', { conversationId: ROOM, userId: 'ann' });
    (server.log(ROOM).members.get('ann') as { active: boolean }).active = true;
    said('2');
    const { client, room } = await open('ann');
    expect([room.state, texts(room)]).toEqual(['live', ['1', '2']]);
    await close({ client });
    expect(texts((await openOffline('ann')).room)).toEqual(['1', '2']);
  });

  it('on signing out, in every tab, and an older tab stores nothing after that', async () => {
    said('secret');
    const tab = await open('ann');
    const other = await open('ann');
    await tab.client.forget();
    expect(await stored()).toEqual([]);
    said('more');
    await clock.advance(1_000);
    for (const each of [tab, other]) {
      each.lifecycle.emit('hidden');
      await close(each);
    }
    expect(await stored()).toEqual([]);
    await close(await open('ann'));
    expect(texts((await openOffline('ann')).room)).toEqual(['secret', 'more']);
  });
});

describe('two tabs', () => {
  it('the one that is further wins, whichever writes last', async () => {
    let wake = () => {};
    const awake = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const late: CopyStorage = {
      ...copies,
      put: (all, generation) => awake.then(() => copies.put(all, generation)),
    };
    said('secret');
    const asleep = await open('ann', { copies: late });
    asleep.lifecycle.emit('offline');
    const ahead = await open('ann');
    server.as('bob', 'delete-message', { conversationId: ROOM, seq: 1 });
    said('2');
    await clock.advance(1_000);
    await close(ahead);
    wake();
    await close(asleep);
    expect(texts((await openOffline('ann')).room)).toEqual(['deleted', '2']);
  });
});

describe('storage that does not do its work', () => {
  const never = () => new Promise<never>(() => {});
  const fails = () => Promise.reject(new Error('no'));
  const throws = () => {
    throw new Error('forbidden');
  };
  it.each<[string, CopyStorage]>([
    ['rejects', { load: fails, put: fails, remove: fails, clear: fails }],
    ['throws', { load: throws, put: throws, remove: throws, clear: throws }],
    ['never answers', { load: never, put: never, remove: never, clear: never }],
    ['is full', { ...memoryCopies(), put: fails }],
  ])('that %s: all goes on without it, within a second, and it is said once', async (_, broken) => {
    say(1, 2);
    const { client, room } = start('ann', { copies: broken, outbox: { load: fails, put: fails, remove: fails } });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    client.connect().catch(() => {});
    room.join().catch(() => {});
    await clock.advance(1_200);
    expect([room.state, texts(room)]).toEqual(['live', ['1', '2']]);
    const listed = client.conversations.stored();
    said('3');
    await clock.advance(5_000);
    const forgotten = client.forget();
    await clock.advance(5_000);
    await forgotten;
    await listed;
    expect([texts(room), errors]).toEqual([['1', '2', '3'], ['storage-unavailable']]);
  });

  it('that answers late: is shown if nothing else is, and left alone if the log was read already', async () => {
    said('1');
    await close(await open('ann'));
    const slow: CopyStorage = {
      ...copies,
      load: (userId) => new Promise((resolve) => clock.setTimeout(() => resolve(copies.load(userId)), 5_000)),
    };
    const offline = await openOffline('ann', { copies: slow });
    await clock.advance(6_000);
    expect(texts(offline.room)).toEqual(['1']);
    await close(offline);
    server.restore(ROOM, 0);
    said('of another epoch');
    // The join is under way when it comes.
    server.faults = { ...server.faults, delayMs: 3_000 };
    const online = start('ann', { copies: slow });
    online.client.connect().catch(() => {});
    online.room.join().catch(() => {});
    await clock.advance(5_500);
    expect([online.client.state, online.room.state, texts(online.room)]).toEqual(['connected', 'joining', []]);
    await clock.advance(20_000);
    expect(texts(online.room)).toEqual(['of another epoch']);
  });

  it('that is full keeps no text that was deleted since', async () => {
    said('secret');
    await close(await open('ann'));
    const full: CopyStorage = { ...copies, put: fails };
    const { client } = await open('ann', { copies: full });
    server.as('bob', 'delete-message', { conversationId: ROOM, seq: 1 });
    await clock.advance(1_000);
    await close({ client });
    expect(await stored()).toEqual([]);
  });

  const message = {
    conversationId: ROOM,
    seq: 1,
    senderId: 'bob',
    type: 'text' as const,
    content: 'x',
    createdAt: '2026-11-22T12:00:00.000Z',
    n: 1,
    rev: 1,
    reactions: [],
  };
  const whole: Partial<StoredCopy> = { position: 1, n: 1, messages: [message] };
  it.each<[string, object | null]>([
    ['nothing', null],
    ['a newer version', { ...whole, version: 2 }],
    ['another user', { ...whole, userId: 'bob' }],
    ['another conversation’s info', { ...whole, info: { ...copyOf().info, conversationId: 'g:other' } }],
    ['no messages', { ...whole, messages: undefined }],
    ['no marks', { ...whole, marks: undefined }],
    ['a mark that is none', { ...whole, marks: [{ userId: 'bob' }] }],
    ['no role', { ...whole, role: undefined }],
    ['a message that is none', { ...whole, messages: [null] }],
    ['a message without reactions', { ...whole, messages: [{ ...message, reactions: undefined }] }],
    ['a message ahead of the position', { ...whole, messages: [{ ...message, seq: 2, rev: 2 }] }],
    ['a position ahead of the messages', { ...whole, position: 2, n: 2 }],
    [
      'a hole between messages',
      { ...whole, position: 3, n: 3, messages: [message, { ...message, seq: 3, rev: 3, n: 3 }] },
    ],
    [
      'messages out of order',
      {
        ...whole,
        position: 2,
        n: 2,
        messages: [
          { ...message, seq: 2, rev: 2 },
          { ...message, n: 2 },
        ],
      },
    ],
  ])('a row with %s is dropped, and the others are shown', async (_, broken) => {
    const other = copyOf({ conversationId: 'g:other', info: { ...copyOf().info, conversationId: 'g:other' } });
    const row = broken && { ...copyOf(), ...broken };
    const odd: CopyStorage = { ...copies, load: async () => ({ copies: [row, other] as StoredCopy[], generation: 0 }) };
    const { client, room } = await openOffline('ann', { copies: odd });
    expect((await client.conversations.stored()).map(({ id }) => id)).toEqual(['g:other']);
    expect(room.messages).toEqual([]);
  });

  it('a row that is whole is shown: the one that the broken ones are made from', async () => {
    await copies.put([copyOf(whole)], 0);
    expect(texts((await openOffline('ann')).room)).toEqual(['x']);
  });
});

describe.each<[string, () => CopyStorage]>([
  ['memory', memoryCopies],
  ['IndexedDB', () => indexedDbCopies('test', new IDBFactory() as unknown as IndexedDb)],
])('CopyStorage in %s', (_, create) => {
  beforeEach(() => {
    copies = create();
  });

  it('gives each user what was put for that user', async () => {
    const of = (userId: string, conversationId: string) => copyOf({ userId, conversationId });
    await copies.put([of('ann', ROOM), of('ann', 'g:other'), of('bob', ROOM)], 0);
    expect(new Set((await stored()).map(({ conversationId }) => conversationId))).toEqual(new Set([ROOM, 'g:other']));
    expect(await stored('bob')).toEqual([of('bob', ROOM)]);
    await copies.remove('ann', [ROOM, 'g:unknown']);
    expect(await stored()).toEqual([of('ann', 'g:other')]);
    expect(await stored('bob')).toHaveLength(1);
  });

  it.each([
    ['further', { position: 4 }, 4],
    ['as far, and newer', { storedAt: 1 }, 3],
    ['behind', { position: 2 }, 3],
    ['behind, of another epoch', { position: 2, epoch: 'e2' }, 2],
  ])('replaces a copy by one that is %s, or not', async (_name, changes, position) => {
    await copies.put([copyOf({ position: 3 })], 0);
    await copies.put([copyOf({ position: 3, ...changes })], 0);
    expect(await stored()).toMatchObject([{ position, ...(position > 3 || 'storedAt' in changes ? changes : {}) }]);
  });

  it('of copies that are put at the same time keeps the one that is further', async () => {
    await Promise.all([4, 2, 5, 3].map((position) => copies.put([copyOf({ position })], 0)));
    expect(await stored()).toMatchObject([{ position: 5 }]);
  });

  it('clears what one user has, in all conversations, and stores nothing of the generation before', async () => {
    await copies.put([copyOf(), copyOf({ userId: 'bob' })], 0);
    await copies.clear('ann');
    expect(await copies.load('ann')).toEqual({ copies: [], generation: 1 });
    await copies.put([copyOf()], 0);
    expect(await stored()).toEqual([]);
    await copies.put([copyOf(), copyOf({ userId: 'bob', position: 1 })], 1);
    expect([(await stored()).length, (await stored('bob'))[0]?.position]).toEqual([1, 0]);
    await copies.clear('ann');
    expect((await copies.load('ann')).generation).toBe(2);
  });
});
