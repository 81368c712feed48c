import type { EventEmitter } from 'node:events';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import type { ChatError, ClientOptions, Conversation } from '../../client/src/index.ts';
import { indexedDbOutbox } from '../../client/src/outbox/indexed-db.ts';
import { memoryOutbox, type OutboxStorage } from '../../client/src/outbox/storage.ts';
import type { IndexedDb } from '../../client/src/platform/indexed-db.ts';
import { randomId } from '../../client/src/platform/system.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import { type Faults, NO_FAULTS } from '../support/fake-chat-connection.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { FakeLifecycle } from '../support/fake-lifecycle.ts';
import { HandClock, settle } from '../support/fake-time.ts';

const ROOM = 'g:room';

let clock: HandClock;
let server: FakeChatServer;
let ids: number;

beforeEach(() => {
  clock = new HandClock();
  server = new FakeChatServer({ clock, random: () => 0.5 });
  server.create(ROOM, ['ann', 'bob']);
  ids = 0;
});

function start(userId: string, options: Partial<ClientOptions> = {}) {
  const lifecycle = new FakeLifecycle();
  const client = createClient({
    url: 'wss://chat.example/prod',
    token: () => fakeToken(userId),
    openSocket: server.openSocket,
    clock,
    lifecycle,
    random: () => 0.5,
    outbox: memoryOutbox(),
    newId: () => `id-${++ids}`,
    ...options,
  });
  client.connect().catch(() => {});
  return { client, lifecycle, room: client.conversations.get(ROOM) };
}

async function joined(userId: string, options: Partial<ClientOptions> = {}, ms = 200) {
  const started = start(userId, options);
  started.room.join().catch(() => {});
  await clock.advance(ms);
  expect(started.room.state).toBe('live');
  return started;
}

function faults(changes: Partial<Faults>) {
  server.faults = { ...NO_FAULTS, ...changes };
}
function said(content: string) {
  return server.as('bob', 'send-message', { conversationId: ROOM, content });
}
function shown(room: Conversation) {
  return room.messages.map(({ content, status }) => `${content}: ${status}`);
}
function logged() {
  return server.messagesFor(ROOM, 'ann').map(({ content }) => content);
}

describe('sending', () => {
  it('a message goes from pending to sent, and keeps its key', async () => {
    const { room } = await joined('ann');
    const sending = room.send('hello');
    expect(shown(room)).toEqual(['hello: pending']);
    const { key } = room.messages[0] ?? {};
    await clock.advance(100);
    expect(await sending).toMatchObject({ seq: 1, content: 'hello' });
    expect(shown(room)).toEqual(['hello: sent']);
    expect(room.messages[0]?.key).toBe(key);
  });

  it('READ-1: a message becomes delivered and read when others mark it', async () => {
    const { room } = await joined('ann');
    const bob = await joined('bob');
    room.send('hello');
    await clock.advance(300);
    expect(shown(room)).toEqual(['hello: sent']);
    await clock.advance(1_000);
    expect(shown(room)).toEqual(['hello: delivered']);
    const marked = bob.room.markRead();
    await clock.advance(1_000);
    await marked;
    expect([shown(room), bob.room.unread, room.unread]).toEqual([['hello: read'], 0, 0]);
  });

  it('SEND-6: has one message in flight at a time, in order', async () => {
    const { room } = await joined('ann');
    faults({ delayMs: 400 });
    let most = 0;
    const { execute } = server;
    let open = 0;
    server.execute = (action, ...rest) => {
      if (action === 'send-message') most = Math.max(most, ++open);
      clock.setTimeout(() => {
        open -= action === 'send-message' ? 1 : 0;
      }, 0);
      return execute.call(server, action, ...rest);
    };
    for (let i = 0; i < 5; i += 1) room.send(`${i}`);
    await clock.advance(250);
    expect(logged()).toEqual(['0']);
    await clock.advance(5_000);
    expect([logged(), most]).toEqual([['0', '1', '2', '3', '4'], 1]);
  });

  it('TEXT-1, EDIT-1: sends an emoji in its fully qualified form, and the mentions of an edit', async () => {
    const { room } = await joined('ann');
    room.send('Hello');
    await clock.advance(250);
    const answered = async <T>(asked: Promise<T>) => {
      await clock.advance(250);
      return asked;
    };
    expect(await answered(room.react(1, '❤'))).toMatchObject({ emoji: '❤️', count: 1 });
    expect(room.messages[0]).toMatchObject({ reactions: [{ emoji: '❤️', count: 1, mine: true }] });
    expect(await answered(room.unreact(1, '❤'))).toMatchObject({ emoji: '❤️', count: 0 });
    const edit = room.edit(1, 'Hello, Bob', { mentions: ['bob', 'bob'] });
    expect(await answered(edit)).toMatchObject({ mentions: ['bob'] });
    expect(room.messages[0]).toMatchObject({ content: 'Hello, Bob', mentions: ['bob'] });
  });

  it.each([
    ['4,001 characters', 'x'.repeat(4_001), 'too-large'],
    ['a control character', 'a\u000Bb', 'validation-failed'],
    ['nothing to see', '\u200B', 'validation-failed'],
    ['half a surrogate pair', 'a\uD83D', 'validation-failed'],
    ['an unknown field', { content: 'hello', colour: 'red' }, 'validation-failed'],
    ['no text', {}, 'validation-failed'],
    ['mentions that are no list', { content: 'hello', mentions: 'bob' }, 'validation-failed'],
  ])('TEXT-1: a message with %s that nobody awaits is shown as failed, with the reason', async (_, draft, code) => {
    const { room } = await joined('ann');
    const failures: string[] = [];
    room.on('failed', ({ error }) => failures.push(error.code));
    const sending = room.send(draft as string);
    expect(room.messages).toMatchObject([{ status: 'failed', error: { code, retryable: false } }]);
    expect(room.messages[0]?.error?.details).toHaveLength(1);
    await expect(room.retry(room.messages[0]?.clientMessageId ?? '')).rejects.toMatchObject({ code });
    await clock.advance(1_000);
    await expect(sending).rejects.toMatchObject({ code });
    expect([failures, logged()]).toEqual([[code, code], []]);
  });

  it('shows a message as failed if the application’s `newId` throws or gives no id, and sends it when told to', async () => {
    const newIds = [
      () => {
        throw new ReferenceError('crypto is not defined');
      },
      () => 'no id!',
    ];
    const { room } = await joined('ann', { newId: () => (newIds.shift() ?? (() => 'fine'))() });
    room.send('one');
    room.send('two');
    room.send('three');
    expect(shown(room)).toEqual(['one: failed', 'two: failed', 'three: pending']);
    room.retry(room.messages[0]?.clientMessageId ?? '');
    await clock.advance(1_000);
    expect(logged()).toEqual(['three', 'one']);
  });

  it('makes ids without `crypto`, as in React Native', async () => {
    vi.stubGlobal('crypto', undefined);
    const ids = Array.from({ length: 100 }, randomId);
    vi.unstubAllGlobals();
    expect(new Set(ids).size).toBe(100);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });

  it('does not bring back a message that was discarded while its place in the log was asked for', async () => {
    const { room } = start('ann');
    await clock.advance(200);
    room.send('hello').catch(() => {});
    room.discard(room.messages[0]?.clientMessageId ?? '');
    await clock.advance(1_000);
    expect([room.messages, logged()]).toEqual([[], []]);
  });

  it('shows a refused message as failed, goes on with the next, and can retry it', async () => {
    const { room } = await joined('ann');
    const failures: string[] = [];
    room.on('failed', ({ clientMessageId, error }) => failures.push(`${clientMessageId} ${error.code}`));
    const { execute } = server;
    const { Refusal } = await import('../../shared/protocol/errors.ts');
    server.execute = (action, fields, ...rest) => {
      if (fields.content === 'muted') throw new Refusal('forbidden', 'you are muted');
      return execute.call(server, action, fields, ...rest);
    };
    const muted = room.send('muted');
    const refused = expect(muted).rejects.toMatchObject({ code: 'forbidden', retryable: false });
    room.send('next');
    await clock.advance(500);
    await refused;
    expect(shown(room)).toEqual(['next: sent', 'muted: failed']);
    expect(room.messages[1]?.error).toMatchObject({ code: 'forbidden' });
    expect(failures).toEqual(['id-1 forbidden']);
    server.execute = execute;
    const again = room.retry('id-1');
    await clock.advance(500);
    expect(await again).toMatchObject({ seq: 2 });
    expect(shown(room)).toEqual(['next: sent', 'muted: sent']);
  });

  it('sends a message once that is tried again while it waits, and tells both who asked', async () => {
    const { room } = await joined('ann');
    const sends = [room.send('hello'), room.retry('id-1')];
    await clock.advance(500);
    expect((await Promise.all(sends)).map(({ seq }) => seq)).toEqual([1, 1]);
    expect(logged()).toEqual(['hello']);
  });

  it('works from memory, and complains of nothing, where there is no IndexedDB', async () => {
    const { client, room } = await joined('ann', { outbox: undefined });
    const errors: unknown[] = [];
    client.on('error', (error) => errors.push(error));
    const sending = room.send('hello');
    await clock.advance(5_000);
    expect([await sending, errors]).toMatchObject([{ content: 'hello' }, []]);
  });

  it('discards a failed message', async () => {
    const { room } = start('ann');
    room.send('never mind').catch(() => {});
    room.discard('id-1');
    await clock.advance(1_000);
    expect([room.messages, logged()]).toEqual([[], []]);
  });

  it('waits as long as rate-limited says (retryAfterMs)', async () => {
    const { room } = await joined('ann');
    faults({ refuse: 1 });
    const sending = room.send('too fast');
    await clock.advance(150);
    faults({});
    await clock.advance(600);
    expect(await sending).toMatchObject({ seq: 1 });
  });

  /** Refuses each send with this code, for so many times; counts the sends, joins and refreshes. */
  function refusing(code: 'internal' | 'not-joined' | 'token-expired', times: number) {
    const counts: Record<string, number> = {};
    const { execute } = server;
    server.execute = (action, ...rest) => {
      counts[action] = (counts[action] ?? 0) + 1;
      if (action === 'send-message' && counts[action] <= times) throw new Refusal(code, 'not now');
      return execute.call(server, action, ...rest);
    };
    return counts;
  }

  it.each([
    [5, 'the message is sent: sent', 6],
    [6, 'the message is sent: failed', 6],
  ])('RETRY-1: tries a send that fails on the server six times (%i failures)', async (times, outcome, sends) => {
    const { room } = await joined('ann');
    const counts = refusing('internal', times);
    room.send('the message is sent').catch(() => {});
    await clock.advance(300_000);
    expect([shown(room), counts['send-message']]).toEqual([[outcome], sends]);
  });

  it.each([
    [1, 'hello: sent', 1],
    [6, 'hello: failed', 5],
  ])('joins again when the server says that it is not joined (%i times)', async (times, outcome, joins) => {
    const { room } = await joined('ann');
    const counts = refusing('not-joined', times);
    room.send('hello').catch(() => {});
    await clock.advance(300_000);
    expect([shown(room), counts.join]).toEqual([[outcome], joins]);
  });

  it('CONN-3: refreshes a token that the server takes for expired, and sends then', async () => {
    const { room } = await joined('ann');
    const counts = refusing('token-expired', 1);
    const sending = room.send('hello');
    await clock.advance(2_000);
    expect(await sending).toMatchObject({ content: 'hello' });
    expect([counts['send-message'], counts['refresh-token']]).toEqual([2, 1]);
  });

  it('RETRY-1, SEND-3: repeats a send whose reply was lost, with the same id', async () => {
    const { room } = await joined('ann', { heartbeatMs: 1e9 });
    faults({ dropReply: 1 });
    const sending = room.send('once');
    await clock.advance(500);
    expect(logged()).toEqual(['once']);
    faults({});
    await clock.advance(15_000);
    expect(await sending).toMatchObject({ seq: 1 });
    expect([logged(), shown(room)]).toEqual([['once'], ['once: sent']]);
  });

  it('SEND-5: after a reconnect, reads the log before it sends the rest of the outbox', async () => {
    const { room } = await joined('ann');
    const sent: unknown[] = [];
    const { execute } = server;
    server.execute = (action, fields, ...rest) => {
      if (action === 'send-message') sent.push(fields.content);
      return execute.call(server, action, fields, ...rest);
    };
    faults({ dropReply: 1 });
    const sends = [room.send('in the log'), room.send('not yet')];
    await clock.advance(100);
    for (const connection of [...server.connections]) connection.cut();
    faults({});
    await clock.advance(3_000);
    expect((await Promise.all(sends)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(sent).toEqual(['in the log', 'not yet']);
  });

  it('SEND-5: what another conversation or user has under the same id takes nothing out of the outbox', async () => {
    server.create('g:other', ['ann', 'bob']);
    server.as('ann', 'send-message', { conversationId: 'g:other', clientMessageId: 'the-same', content: 'there' });
    const { client, room } = await joined('ann', { newId: () => 'the-same' });
    const { execute } = server;
    server.execute = (action, fields, ...rest) => {
      if (fields.content === 'here') throw new Refusal('rate-limited', 'too fast', { retryAfterMs: 5_000 });
      return execute.call(server, action, fields, ...rest);
    };
    const sending = room.send('here');
    const other = client.conversations.get('g:other');
    other.join().catch(() => {});
    server.as('bob', 'send-message', { conversationId: ROOM, clientMessageId: 'the-same', content: 'theirs' });
    await clock.advance(1_000);
    expect([shown(other), shown(room)]).toEqual([['there: sent'], ['theirs: received', 'here: pending']]);
    server.execute = execute;
    await clock.advance(10_000);
    expect(await sending).toMatchObject({ conversationId: ROOM, content: 'here' });
  });

  it('SEND-4: after `behind`, searches the log for its own message from `after` on, and finds it', async () => {
    server = new FakeChatServer({ clock, random: () => 0.5, tail: 2, behindMax: 5 });
    server.create(ROOM, ['ann', 'bob']);
    const outbox = memoryOutbox();
    const first = await joined('ann', { outbox });
    faults({ dropReply: 1 });
    first.room.send('sent, unacknowledged');
    first.room.send('never sent');
    await clock.advance(100);
    first.client.close();
    faults({});
    for (let i = 0; i < 20; i += 1) said(`${i}`);
    // Not joined, so only the search can find the message.
    start('ann', { outbox });
    await clock.advance(3_000);
    expect(logged().filter((content) => content?.includes('sent'))).toEqual(['sent, unacknowledged', 'never sent']);
    expect(await outbox.load('ann')).toEqual([]);
  });
});

describe('the outbox', () => {
  const stores: [string, () => OutboxStorage][] = [
    ['memory', memoryOutbox],
    ['IndexedDB', () => indexedDbOutbox(`test-${Math.random()}`, new IDBFactory() as unknown as IndexedDb)],
  ];

  it.each(stores)('%s: messages typed offline survive a reload and arrive once, in order', async (_name, create) => {
    const outbox = create();
    const before = start('ann', { outbox });
    before.lifecycle.emit('offline');
    await settle(5);
    for (const content of ['one', 'two', 'three']) before.room.send(content).catch(() => {});
    await settle(50);
    before.client.close();
    const after = start('ann', { outbox });
    for (let i = 0; i < 50; i += 1) await settle();
    expect(shown(after.room)).toEqual(['one: pending', 'two: pending', 'three: pending']);
    for (let i = 0; i < 20; i += 1) await clock.advance(100);
    expect(logged()).toEqual(['one', 'two', 'three']);
    await settle(50);
    expect(await outbox.load('ann')).toEqual([]);
  });

  it('two tabs that hold the same message make it one message in the log, in both tabs', async () => {
    const outbox = memoryOutbox();
    const tab = start('ann', { outbox });
    tab.lifecycle.emit('offline');
    for (const content of ['one', 'two']) tab.room.send(content).catch(() => {});
    await settle(5);
    const other = start('ann', { outbox, newId: () => 'other' });
    tab.lifecycle.emit('online');
    for (const { room } of [tab, other]) room.join().catch(() => {});
    await clock.advance(10_000);
    expect(logged()).toEqual(['one', 'two']);
    for (const { room } of [tab, other]) expect(shown(room)).toEqual(['one: sent', 'two: sent']);
  });

  it('keeps the order in which messages were written, whatever the clock said then', async () => {
    const stored = memoryOutbox();
    await stored.put({
      clientMessageId: 'first',
      conversationId: ROOM,
      userId: 'ann',
      order: clock.now() + 3_600_000,
      createdAt: new Date(clock.now() + 3_600_000).toISOString(),
      fields: { content: 'first' },
    });
    const { room } = start('ann', { outbox: stored });
    room.send('second');
    room.send('third');
    expect(shown(room)).toEqual(['second: pending', 'third: pending']);
    await clock.advance(1_000);
    room.send('fourth');
    await clock.advance(1_000);
    expect(logged()).toEqual(['first', 'second', 'third', 'fourth']);
  });

  it('is not sent by another user of the same browser', async () => {
    const outbox = memoryOutbox();
    const ann = start('ann', { outbox });
    ann.lifecycle.emit('offline');
    ann.room.send('from ann').catch(() => {});
    await settle(5);
    ann.client.close();
    const bob = await joined('bob', { outbox });
    await clock.advance(5_000);
    expect([bob.room.messages, logged()]).toEqual([[], []]);
  });

  const never = () => new Promise<never>(() => {});
  const fails = () => Promise.reject(new Error('no'));
  const throws = () => {
    throw new Error('forbidden');
  };
  it.each<[string, OutboxStorage]>([
    ['rejects', { load: fails, put: fails, remove: fails }],
    ['throws', { load: throws, put: throws, remove: throws }],
    ['never answers', { load: never, put: never, remove: never }],
    ['is full', { load: async () => [], put: fails, remove: async () => {} }],
  ])('storage that %s: works from memory, says so once, and waits for it a second at most', async (_, outbox) => {
    const { client, room } = start('ann', { outbox });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    room.send('one');
    room.send('two');
    await clock.advance(1_200);
    expect([logged(), shown(room)]).toEqual([['one', 'two'], []]);
    room.send('three');
    await clock.advance(10_000);
    expect([logged(), errors]).toEqual([['one', 'two', 'three'], ['storage-unavailable']]);
  });

  it('takes in what storage says late, but not what was sent meanwhile', async () => {
    const stored = memoryOutbox();
    const before = start('ann', { outbox: stored });
    before.lifecycle.emit('offline');
    before.room.send('from before');
    await clock.advance(100);
    before.client.close();
    const slow: OutboxStorage = {
      ...stored,
      load: (userId) => new Promise((resolve) => clock.setTimeout(() => resolve(stored.load(userId)), 5_000)),
    };
    const { room } = start('ann', { outbox: slow });
    room.send('now');
    await clock.advance(2_000);
    expect(logged()).toEqual(['now']);
    await clock.advance(5_000);
    expect([logged(), room.messages]).toEqual([['now', 'from before'], []]);
  });

  it('SEND-4: does not send again what storage says late, and what the log held long before', async () => {
    const stored = memoryOutbox();
    const before = await joined('ann', { outbox: stored });
    faults({ dropReply: 1 });
    before.room.send('sent, but never heard of');
    await clock.advance(100);
    before.client.close();
    faults({});
    for (let i = 0; i < 40; i += 1) said(`${i}`);
    const slow: OutboxStorage = {
      ...stored,
      load: (userId) => new Promise((resolve) => clock.setTimeout(() => resolve(stored.load(userId)), 5_000)),
    };
    const { room } = await joined('ann', { outbox: slow }, 1_200);
    expect(room.messages).toHaveLength(41);
    await clock.advance(10_000);
    expect([logged().length, await stored.load('ann')]).toEqual([41, []]);
  });

  it('IndexedDB whose connection the browser closes in between keeps what is written after it', async () => {
    const factory = new IDBFactory();
    const databases: { close(): void }[] = [];
    const open = factory.open.bind(factory);
    factory.open = (name: string, version?: number) => {
      const request = open(name, version);
      request.addEventListener('success', () => databases.push(request.result));
      return request;
    };
    const outbox = indexedDbOutbox('test', factory as IndexedDb);
    const item = (clientMessageId: string) => {
      const common = { conversationId: ROOM, userId: 'ann', createdAt: '', fields: { content: 'x' } };
      return { ...common, clientMessageId, order: 1 };
    };
    await outbox.put(item('one'));
    databases[0]?.close();
    await outbox.put(item('two'));
    await outbox.put(item('three'));
    const kept = await indexedDbOutbox('test', factory as IndexedDb).load('ann');
    expect(kept.map(({ clientMessageId }) => clientMessageId).sort()).toEqual(['one', 'three', 'two']);
  });

  it('IndexedDB lets go of its database when somebody wants to delete it', async () => {
    const factory = new IDBFactory();
    await indexedDbOutbox('test', factory as IndexedDb).load('ann');
    await new Promise((resolve, reject) => {
      const request = factory.deleteDatabase('test');
      request.onsuccess = resolve;
      request.onblocked = () => reject(new Error('blocked'));
    });
  });

  /** The database as the version before made it, and kept open by a page that does not let go. */
  async function openedByOlderPage(factory: InstanceType<typeof IDBFactory>): Promise<{ close(): void }> {
    return new Promise((resolve) => {
      const request = factory.open('test', 1);
      request.onupgradeneeded = () => {
        const store = request.result.createObjectStore('outbox', { keyPath: 'clientMessageId' });
        const common = { conversationId: ROOM, userId: 'ann', createdAt: '', fields: { content: 'old' } };
        store.put({ ...common, clientMessageId: 'old', order: 1 });
      };
      request.onsuccess = () => resolve(request.result);
    });
  }

  it('IndexedDB of the version before keeps what is in it', async () => {
    const factory = new IDBFactory();
    (await openedByOlderPage(factory)).close();
    const kept = await indexedDbOutbox('test', factory as IndexedDb).load('ann');
    expect(kept.map(({ clientMessageId }) => clientMessageId)).toEqual(['old']);
  });

  it('IndexedDB that an older page holds up: works from memory, and takes in what is there once it is let go', async () => {
    const factory = new IDBFactory();
    const older = await openedByOlderPage(factory);
    const { client, room } = start('ann', { outbox: indexedDbOutbox('test', factory as IndexedDb) });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    room.send('new');
    await clock.advance(1_200);
    expect([logged(), errors]).toEqual([['new'], ['storage-unavailable']]);
    older.close();
    // Browsers take a moment to see that it is closed.
    await vi.waitFor(async () => {
      await clock.advance(100);
      expect(logged()).toEqual(['new', 'old']);
    });
  });

  it('IndexedDB of a newer version is used as it is', async () => {
    const factory = new IDBFactory();
    const outbox = indexedDbOutbox('test', factory as IndexedDb);
    expect(await outbox.load('ann')).toEqual([]);
    const newer = await new Promise<{ close(): void }>((resolve) => {
      const request = factory.open('test', 3);
      request.onsuccess = () => resolve(request.result);
    });
    await outbox.put({
      clientMessageId: 'one',
      conversationId: ROOM,
      userId: 'ann',
      order: 1,
      createdAt: '',
      fields: { content: 'x' },
    });
    newer.close();
    expect(await outbox.load('ann')).toHaveLength(1);
  });

  it('a browser that forbids even to ask for IndexedDB: works from memory, and says so', async () => {
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, get: throws });
    const { client, room } = start('ann', { outbox: undefined as never });
    Reflect.deleteProperty(globalThis, 'indexedDB');
    const errors: string[] = [];
    client.on('error', ({ message }) => errors.push(message));
    room.send('hello');
    await clock.advance(1_000);
    const message = 'unable to store messages on this device; they are kept in memory: Error: forbidden';
    expect([logged(), errors]).toEqual([['hello'], [message]]);
  });
});

describe('a conversation', () => {
  it('asks the server for what its methods say, and refuses what nobody reads in their words', async () => {
    const { room } = await joined('ann');
    said('hello');
    await clock.advance(1_000);
    const asked: unknown[] = [];
    server.execute = (action, { conversationId, ...fields }) => {
      asked.push([action, conversationId, fields]);
      throw new Refusal('forbidden', 'not now');
    };
    const calls = [
      () => room.history({ before: 9, limit: 3 }),
      () => room.edit(1, 'x', { mentions: ['bob', 'bob'] }),
      () => room.delete(1),
      () => room.react(1, '👍'),
      () => room.unreact(1, '👍'),
      () => room.members({ limit: 2, cursor: 'c' }),
      () => room.addMember('cid', 'admin'),
      () => room.addMember('cid'),
      () => room.removeMember('cid'),
      () => room.updateMember('cid', { banned: true }),
      () => room.update({ name: 'Tea' }),
      () => room.markRead(1),
      () => room.markDelivered(1),
    ];
    for (const call of calls) {
      const refused = expect(call()).rejects.toMatchObject({ code: 'forbidden' });
      await clock.advance(3_000);
      await refused;
    }
    room.sendTyping();
    await clock.advance(100);
    expect(asked).toEqual([
      ['history', ROOM, { before: 9, limit: 3 }],
      ['edit-message', ROOM, { seq: 1, content: 'x', mentions: ['bob'] }],
      ['delete-message', ROOM, { seq: 1 }],
      ['add-reaction', ROOM, { seq: 1, emoji: '👍' }],
      ['remove-reaction', ROOM, { seq: 1, emoji: '👍' }],
      ['list-members', ROOM, { limit: 2, cursor: 'c' }],
      ['add-member', ROOM, { userId: 'cid', role: 'admin' }],
      ['add-member', ROOM, { userId: 'cid' }],
      ['remove-member', ROOM, { userId: 'cid' }],
      ['update-member', ROOM, { userId: 'cid', banned: true }],
      ['update-conversation', ROOM, { name: 'Tea' }],
      ['mark', ROOM, { readSeq: 1, deliveredSeq: 1 }],
      ['mark', ROOM, { readSeq: 1, deliveredSeq: 1 }],
      ['typing', ROOM, { isTyping: true }],
    ]);
    const odd = { colour: 1 } as object;
    const doing = async (call: Promise<unknown>) =>
      call.then(
        () => 'nothing was refused',
        ({ message }: ChatError) => message,
      );
    expect(
      await Promise.all([
        doing(room.history(odd)),
        doing(room.edit(1, '')),
        doing(room.react(1, 'x')),
        doing(room.unreact(1, 'x')),
        doing(room.members(odd)),
        doing(room.updateMember('cid', odd)),
        doing(room.update(odd)),
        doing(room.delete(1, odd)),
      ]),
    ).toEqual([
      'unable to read the log; colour: unknown field',
      expect.stringMatching(/^unable to edit the message; content /),
      'unable to add the reaction; emoji must be one RGI emoji',
      'unable to remove the reaction; emoji must be one RGI emoji',
      'unable to list the members; colour: unknown field',
      'unable to update the member; colour: unknown field',
      'unable to update the conversation; colour: unknown field',
      'unable to go on; colour: unknown field',
    ]);
    for (const call of [() => room.send('x', odd), () => room.retry('x', odd)])
      expect(call).toThrow('unable to send the message; colour: unknown field');
    await expect(room.retry('nobody-has-this')).rejects.toMatchObject({
      code: 'message-not-found',
      message: 'unable to send the message again; it is not in the outbox',
    });
  });

  it('history gives the messages among its entries, and the rest of the page', async () => {
    const { room } = await joined('ann');
    said('one');
    server.as('bob', 'edit-message', { conversationId: ROOM, seq: 1, content: 'uno' });
    said('two');
    const reading = room.history();
    await clock.advance(300);
    const { entries, messages, head, hasMore } = await reading;
    expect([entries.map(({ data }) => data.seq), head, hasMore]).toEqual([[1, 2, 3], 3, false]);
    expect(messages.map(({ seq }) => seq)).toEqual([1, 3]);
  });

  it('LOG-6: drops its copy and joins from scratch when the epoch changes', async () => {
    const { room } = await joined('ann');
    const resets: string[] = [];
    room.on('reset', ({ reason }) => resets.push(reason));
    for (const content of ['a', 'b', 'c']) said(content);
    await clock.advance(2_000);
    const marking = room.markRead();
    await clock.advance(2_000);
    await marking;
    const mine = () => room.marks.find(({ userId }) => userId === 'ann');
    expect(mine()).toMatchObject({ readSeq: 3 });
    server.restore(ROOM, 1);
    const membership = server.log(ROOM).members.get('ann');
    if (membership) membership.readSeq = 1;
    said('after the restore');
    for (const connection of [...server.connections]) connection.cut();
    await clock.advance(3_000);
    expect([room.messages.map(({ content }) => content), resets]).toEqual([['a', 'after the restore'], ['epoch']]);
    // The marks of the log before say nothing of the one that was restored.
    expect(mine()).toMatchObject({ readSeq: 1 });
  });

  it('starts again from the newest page when it is too far behind', async () => {
    const { room } = await joined('ann', { maxCatchUp: 10 });
    const resets: string[] = [];
    room.on('reset', ({ reason }) => resets.push(reason));
    for (const connection of [...server.connections]) connection.cut();
    for (let i = 0; i < 80; i += 1) said(`${i}`);
    await clock.advance(3_000);
    expect([room.messages.length, room.hasOlder, room.messages.at(-1)?.content, resets]).toEqual([
      50,
      true,
      '79',
      ['too-far-behind'],
    ]);
    const loading = room.loadOlder();
    await clock.advance(100);
    expect(await loading).toEqual({ added: 30, hasOlder: false });
  });

  it('CONN-4: notices with the next ping that the last push was lost', async () => {
    const { room } = await joined('ann');
    faults({ dropPush: 1 });
    said('lost');
    faults({});
    await clock.advance(10_000);
    expect(room.messages).toEqual([]);
    await clock.advance(60_000);
    expect(shown(room)).toEqual(['lost: received']);
  });

  it('LOG-5: waits 1.5 s to 2.5 s for missing entries, then reads them', async () => {
    const { room } = await joined('ann');
    faults({ dropPush: 1 });
    said('one');
    faults({});
    said('two');
    await clock.advance(1_900);
    expect(room.messages).toEqual([]);
    await clock.advance(300);
    expect(shown(room)).toEqual(['one: received', 'two: received']);
  });

  it('LEAVE-1: keeps at most four joins open at a time', async () => {
    const { client } = start('ann');
    await clock.advance(200);
    let open = 0;
    let most = 0;
    const { execute } = server;
    server.execute = (action, ...rest) => {
      if (action === 'join') {
        most = Math.max(most, ++open);
        clock.setTimeout(() => {
          open -= 1;
        }, 9);
      }
      return execute.call(server, action, ...rest);
    };
    const rooms = Array.from({ length: 12 }, (_, index) => server.create(`g:${index}`, ['ann']).info.conversationId);
    for (const id of rooms)
      client.conversations
        .get(id)
        .join()
        .catch(() => {});
    await clock.advance(1_000);
    expect(most).toBe(4);
    expect(rooms.every((id) => client.conversations.get(id).state === 'live')).toBe(true);
  });

  it('ends when a join is refused, and can be joined again', async () => {
    const { client } = start('ann');
    const secret = client.conversations.get('g:secret');
    const refused = expect(secret.join()).rejects.toMatchObject({ code: 'conversation-not-found' });
    await clock.advance(200);
    await refused;
    expect([secret.state, secret.error?.code]).toEqual(['ended', 'conversation-not-found']);
    server.create('g:secret', ['ann']);
    const again = secret.join();
    await clock.advance(200);
    expect((await again).state).toBe('live');
  });

  it('takes the conversation’s name from the log, and not from an entry that its own description is newer than', async () => {
    const { client, room } = await joined('ann');
    const happened = async (seq: number, name: string) => {
      const data = { conversationId: ROOM, seq, at: '2026-11-25T10:00:00.000Z', n: 0, changes: { name }, by: 'bob' };
      for (const each of server.connections) each.push({ event: 'conversation-updated', data });
      await clock.advance(50);
      return room.info?.name;
    };
    expect([await happened(1, 'Tea'), await happened(2, 'Coffee')]).toEqual(['Tea', 'Coffee']);
    const others: unknown[] = [];
    room.on('presence', (change) => others.push(change));
    const lastSeenAt = '2026-11-25T09:00:00.000Z';
    const presence = { userId: 'bob', version: 99, lastSeenAt };
    for (const each of server.connections)
      each.push({ event: 'user:offline', data: { conversationId: ROOM, ...presence } });
    await clock.advance(50);
    expect(others).toEqual([{ userId: 'bob', status: 'offline', lastSeenAt }]);
    expect(await room.loadOlder()).toEqual({ added: 0, hasOlder: false });
    await expect(client.conversations.get('g:other').loadOlder()).rejects.toMatchObject({
      ...{ code: 'not-joined', message: 'unable to load older messages; join the conversation first' },
    });
  });

  it('leaving tells the server, and what the others typed is forgotten', async () => {
    const { room } = await joined('ann');
    server.as('bob', 'typing', { conversationId: ROOM, isTyping: true });
    await clock.advance(50);
    expect(room.typing).toEqual(['bob']);
    const asked: unknown[] = [];
    const { execute } = server;
    server.execute = (action, fields, ...rest) => {
      asked.push([action, fields]);
      return execute.call(server, action, fields, ...rest);
    };
    const left = room.leave();
    await clock.advance(200);
    await left;
    expect([asked, room.state, room.typing]).toEqual([[['leave', { conversationId: ROOM }]], 'idle', []]);
  });

  it('knows until when the user is muted: from the join, and then from the log', async () => {
    const until = '2026-11-25T10:00:00.000Z';
    const { execute } = server;
    server.execute = (action, ...rest) => {
      const frame = execute.call(server, action, ...rest);
      return action === 'join' ? { ...frame, data: { ...frame.data, mutedUntil: until } } : frame;
    };
    const { room } = await joined('ann');
    expect(room.mutedUntil).toBe(until);
    const data = { conversationId: ROOM, at: until, n: 0, userId: 'ann', by: 'bob' };
    const changes = [{ mutedUntil: null }, { mutedUntil: '2026-11-25T11:00:00.000Z' }, { role: 'admin' }];
    const seen: (string | undefined)[] = [];
    for (const [index, change] of changes.entries()) {
      for (const each of server.connections)
        each.push({ event: 'member-updated', data: { ...data, ...change, seq: index + 1 } });
      await clock.advance(50);
      seen.push(room.mutedUntil);
    }
    expect(seen).toEqual([undefined, '2026-11-25T11:00:00.000Z', '2026-11-25T11:00:00.000Z']);
    expect(room.role).toBe('admin');
  });

  it('MEMB-1: ends when the user is removed', async () => {
    const { client, room } = await joined('ann');
    const removed: string[] = [];
    client.on('conversation-removed', ({ conversationId }) => removed.push(conversationId));
    server.as('bob', 'remove-member', { conversationId: ROOM, userId: 'ann' });
    await clock.advance(200);
    expect([room.state, removed]).toEqual(['ended', [ROOM]]);
  });

  it('MEMB-1: takes a late word of an earlier removal as history, also while the answer to its join is on the way', async () => {
    await said('one');
    const data = { conversationId: ROOM, seq: 1, at: new Date(clock.now()).toISOString(), n: 0, userId: 'ann' };
    const late = { event: 'member-left', data: { ...data, role: 'member', by: 'bob' } } as const;
    const tell = () => {
      for (const connection of server.connections) connection.push(late);
    };
    const { client, room } = start('ann');
    const removed: string[] = [];
    client.on('conversation-removed', ({ conversationId }) => removed.push(conversationId));
    room.join().catch(() => {});
    while (room.state !== 'joining' || server.connections.size === 0) await clock.advance(1);
    tell();
    await clock.advance(200);
    expect([room.state, removed]).toEqual(['live', []]);
    tell();
    await clock.advance(200);
    expect([room.state, removed]).toEqual(['live', []]);
  });

  it('TYPE-1: a typing indicator ends after 6 s or with a message; `typing` is sent every 4 s', async () => {
    const ann = await joined('ann');
    const bob = await joined('bob');
    const signs: (readonly string[])[] = [];
    ann.room.on('typing', ({ userIds }) => signs.push(userIds));
    bob.room.sendTyping();
    bob.room.sendTyping();
    await clock.advance(100);
    expect(ann.room.typing).toEqual(['bob']);
    await clock.advance(3_000);
    bob.room.sendTyping();
    await clock.advance(3_000);
    expect(ann.room.typing).toEqual([]);
    bob.room.sendTyping();
    await clock.advance(100);
    bob.room.send('there');
    await clock.advance(100);
    expect(signs).toEqual([['bob'], [], ['bob'], []]);
  });

  it('PRES-1: drops presence that is older than what it has', async () => {
    const { room } = await joined('ann');
    const [connection] = server.connections;
    const presence = (event: string, version: number) => {
      const rest = event === 'user:online' ? { status: 'busy' } : { lastSeenAt: '2026-11-22T12:00:00.000Z' };
      connection?.push({ event, data: { conversationId: ROOM, userId: 'bob', version, ...rest } });
    };
    presence('user:online', 5);
    await clock.advance(50);
    presence('user:offline', 4);
    await clock.advance(50);
    expect(room.online).toContainEqual({ userId: 'bob', status: 'busy' });
    presence('user:offline', 6);
    await clock.advance(50);
    expect(room.online.map(({ userId }) => userId)).toEqual(['ann']);
  });

  it('READ-1: combines marks into one, and never sends a lower one', async () => {
    const { room } = await joined('ann');
    for (const content of ['a', 'b', 'c']) said(content);
    await clock.advance(200);
    expect(room.unread).toBe(3);
    const marks: object[] = [];
    const { execute } = server;
    server.execute = (action, fields, ...rest) => {
      if (action === 'mark') marks.push(fields);
      return execute.call(server, action, fields, ...rest);
    };
    const all = Promise.all([room.markRead(1), room.markRead(3), room.markRead(2)]);
    await clock.advance(1_000);
    await all;
    await room.markRead(2);
    expect([marks, room.unread]).toEqual([[{ conversationId: ROOM, readSeq: 3, deliveredSeq: 3 }], 0]);
  });

  it('keeps the same object for a message that did not change', async () => {
    const { room } = await joined('ann');
    said('a');
    await clock.advance(100);
    const [before] = room.messages;
    said('b');
    await clock.advance(100);
    expect(room.messages[0]).toBe(before);
    expect(room.messages).toBe(room.messages);
  });

  it('tells `error` of a listener that throws, at once or later, and goes on with the others', async () => {
    const { client, room } = await joined('ann');
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    const host: EventEmitter = process;
    const kinds = ['uncaughtException', 'unhandledRejection'];
    const before = kinds.map((kind) => host.listeners(kind));
    for (const kind of kinds) host.removeAllListeners(kind).on(kind, note);
    const seen: string[] = [];
    const errors: ChatError[] = [];
    client.on('error', () => {
      throw new Error('even this one');
    });
    client.on('error', (error) => errors.push(error));
    room.on('message', () => {
      throw new Error('mine');
    });
    const later = (): Promise<never> => Promise.reject(new Error('later'));
    room.on('message', later as () => void);
    room.on('message', ({ content }) => seen.push(content ?? ''));
    const consoled = vi.spyOn(console, 'error').mockImplementation(() => {});
    said('a');
    await clock.advance(100);
    const lines = consoled.mock.calls.map(([line, error]) => `${line}: ${error}`);
    consoled.mockRestore();
    kinds.forEach((kind, i) => {
      host.removeAllListeners(kind);
      for (const listener of before[i] ?? []) host.on(kind, listener as () => void);
    });
    expect([seen, uncaught]).toEqual([['a'], []]);
    expect(errors.map(({ code, cause }) => `${code}: ${cause}`)).toEqual([
      'listener-failed: Error: mine',
      'listener-failed: Error: later',
    ]);
    const line = 'a listener of @parley/client threw: Error: even this one';
    expect(lines).toEqual([line, line]);
  });

  it('writes to the console what a listener threw, if nobody listens to `error`', async () => {
    const { room } = await joined('ann');
    const consoled = vi.spyOn(console, 'error').mockImplementation(() => {});
    room.on('message', () => {
      throw new Error('mine');
    });
    said('a');
    await clock.advance(100);
    expect(consoled.mock.calls).toEqual([['a listener of @parley/client threw', new Error('mine')]]);
    consoled.mockRestore();
  });
});
