import { beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import type { ClientOptions, Locks } from '../../client/src/index.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import { FakeBrowser, FakeTab } from '../support/fake-browser.ts';
import { NO_FAULTS } from '../support/fake-chat-connection.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { HandClock, settle } from '../support/fake-time.ts';

const ROOM = 'g:room';

let clock: HandClock;
let server: FakeChatServer;
let browser: FakeBrowser;
let ids: number;

beforeEach(() => {
  clock = new HandClock();
  server = new FakeChatServer({ clock, random: () => 0.5, tail: 2 });
  server.create(ROOM, ['ann', 'bob']);
  browser = new FakeBrowser({ clock, random: () => 0.5 });
  ids = 0;
});

/** A page of this browser; offline it has written what it is told to, and stored it. */
async function open({ join = false, offline = [] as string[], userId = 'ann', ...options }: Opening = {}) {
  const tab = new FakeTab(browser);
  if (offline.length > 0) tab.lifecycle.emit('offline');
  const client = createClient({
    url: 'wss://chat.example/prod',
    userId,
    token: () => fakeToken(userId),
    openSocket: tab.sockets(server.openSocket),
    clock: tab.clock,
    lifecycle: tab.lifecycle,
    locks: tab.locks,
    outbox: tab.storage,
    random: () => 0.5,
    newId: () => `id-${++ids}`,
    ...options,
  });
  client.connect().catch(() => {});
  const room = client.conversations.get(ROOM);
  if (join) room.join().catch(() => {});
  await clock.advance(300);
  const sending = offline.map((content) => room.send(content));
  await clock.advance(300);
  return { tab, client, room, sending };
}
type Opening = Partial<ClientOptions> & { join?: boolean; offline?: string[] };
type Page = Awaited<ReturnType<typeof open>>;

/** A page with it never connects. */
async function noToken(): Promise<string> {
  throw new Error('signed out');
}

/** The user turns from one page to another. */
function turn(from: Page, to: Page): void {
  from.tab.lifecycle.emit('hidden');
  to.tab.lifecycle.emit('visible');
}
function shown({ room }: Page) {
  return room.messages
    .filter(({ senderId }) => senderId === 'ann')
    .map(({ content, status }) => `${content}: ${status}`);
}
function logged() {
  return server.messagesFor(ROOM, 'ann').flatMap(({ content, senderId }) => (senderId === 'ann' ? [content] : []));
}
function bobSays(count: number): void {
  for (let i = 0; i < count; i += 1) server.as('bob', 'send-message', { conversationId: ROOM, content: 'bob' });
}
/** The server refuses what says this. */
function refuse(text: string): void {
  const { execute } = server;
  server.execute = (action, fields, ...rest) => {
    if (fields.content === text) throw new Refusal('forbidden', 'you are muted');
    return execute.call(server, action, fields, ...rest);
  };
}

describe('a message that another tab wrote', () => {
  it('shows as pending where the user looks, is sent there, and settles where it was written (SEND-5)', async () => {
    const first = await open({ join: true, offline: ['one', 'two'] });
    const second = await open({ join: true });
    expect([shown(first), shown(second)]).toEqual([['one: pending', 'two: pending'], []]);
    second.tab.lifecycle.emit('offline');
    turn(first, second);
    await clock.advance(200);
    expect(shown(second)).toEqual(['one: pending', 'two: pending']);
    second.tab.lifecycle.emit('online');
    await clock.advance(3_000);
    expect([logged(), shown(second)]).toEqual([
      ['one', 'two'],
      ['one: sent', 'two: sent'],
    ]);
    // Until its log tells, the first shows what it wrote as it knew it.
    expect(shown(first)).toEqual(['one: pending', 'two: pending']);
    first.tab.lifecycle.emit('online');
    await clock.advance(3_000);
    expect((await Promise.all(first.sending)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect([logged(), shown(first), browser.rows.size]).toEqual([['one', 'two'], ['one: sent', 'two: sent'], 0]);
  });

  it('is not touched while its tab is in view, however long it waits there', async () => {
    const first = await open({ offline: ['one'], token: noToken });
    const second = await open();
    await clock.advance(100_000);
    expect([logged(), shown(second), shown(first)]).toEqual([[], [], ['one: pending']]);
  });

  it('goes back to its tab when the user does: nothing shows twice, and what is written there comes after it', async () => {
    const first = await open({ offline: ['one'] });
    const second = await open();
    second.tab.lifecycle.emit('offline');
    turn(first, second);
    await clock.advance(200);
    expect(shown(second)).toEqual(['one: pending']);
    // Both are in view from here on.
    first.tab.lifecycle.emit('visible');
    await clock.advance(200);
    first.room.send('two').catch(() => {});
    await clock.advance(200);
    expect([shown(first), shown(second)]).toEqual([['one: pending', 'two: pending'], []]);
    for (const { tab } of [second, first]) tab.lifecycle.emit('online');
    await clock.advance(3_000);
    expect(logged()).toEqual(['one', 'two']);
  });

  it('that is refused is failed where the user looks, and discarded there it is nowhere', async () => {
    refuse('bad');
    const first = await open({ offline: ['bad', 'good'] });
    const second = await open();
    const failures: string[] = [];
    second.room.on('failed', ({ error }) => failures.push(error.code));
    turn(first, second);
    await clock.advance(2_000);
    expect([failures, shown(second), logged()]).toEqual([['forbidden'], ['bad: failed'], ['good']]);
    second.room.discard(second.room.messages[0]?.clientMessageId ?? '');
    await clock.advance(200);
    turn(second, first);
    first.tab.lifecycle.emit('online');
    await clock.advance(3_000);
    expect([shown(first), shown(second), logged(), browser.rows.size]).toEqual([[], [], ['good'], 0]);
  });

  it('that was refused by another tab is failed in its own again, when the user returns', async () => {
    refuse('bad');
    const first = await open({ offline: ['bad'] });
    const second = await open();
    turn(first, second);
    await clock.advance(2_000);
    turn(second, first);
    first.tab.lifecycle.emit('online');
    await clock.advance(3_000);
    await expect(first.sending[0]).rejects.toMatchObject({ code: 'forbidden' });
    expect([shown(first), shown(second)]).toEqual([['bad: failed'], []]);
  });

  it('that failed in a tab which is closed then can be sent by the next one', async () => {
    refuse('bad');
    const first = await open();
    first.room.send('bad').catch(() => {});
    await clock.advance(1_000);
    first.tab.kill();
    const second = await open();
    expect(shown(second)).toEqual(['bad: failed']);
    server.execute = FakeChatServer.prototype.execute;
    second.room.retry(second.room.messages[0]?.clientMessageId ?? '').catch(() => {});
    await clock.advance(1_000);
    expect([logged(), browser.rows.size]).toEqual([['bad'], 0]);
  });

  it('whose answer comes after the user turned away is out of storage all the same', async () => {
    const first = await open({ offline: ['one'] });
    const second = await open();
    server.faults = { ...NO_FAULTS, delayMs: 1_000 };
    turn(first, second);
    while (logged().length === 0) await clock.advance(50);
    second.tab.lifecycle.emit('hidden');
    first.tab.kill();
    await clock.advance(3_000);
    expect([shown(second), logged(), browser.rows.size]).toEqual([[], ['one'], 0]);
  });

  it('SEND-4: was sent by a tab that is gone with its answer: the place in the log that it stored counts', async () => {
    const first = await open({ offline: ['one'] });
    const second = await open();
    turn(first, second);
    server.faults = { ...NO_FAULTS, dropReply: 1 };
    // Its place is asked for before: that answer must come.
    const { execute } = server;
    server.execute = (action, ...rest) => {
      server.faults.dropReply = action === 'send-message' ? 1 : 0;
      return execute.call(server, action, ...rest);
    };
    while (logged().length === 0) await clock.advance(20);
    second.tab.kill();
    server.execute = execute;
    server.faults = { ...NO_FAULTS };
    bobSays(10);
    first.tab.lifecycle.emit('visible');
    first.tab.lifecycle.emit('online');
    await clock.advance(3_000);
    expect([logged(), browser.rows.size]).toEqual([['one'], 0]);
  });

  it('is not sent by another user of the same browser, nor by a client that is closed', async () => {
    const first = await open({ offline: ['one'] });
    const closed = await open();
    closed.client.close();
    const bob = await open({ userId: 'bob' });
    first.tab.kill();
    for (const { tab } of [closed, bob]) tab.lifecycle.emit('visible');
    await clock.advance(100_000);
    expect([logged(), bob.room.messages, browser.rows.size]).toEqual([[], [], 1]);
    closed.client.connect().catch(() => {});
    await clock.advance(3_000);
    expect(logged()).toEqual(['one']);
  });

  it('of a client that was closed is sent by another tab, and not again when that client connects', async () => {
    const first = await open({ offline: ['one'] });
    first.client.close();
    const second = await open();
    await clock.advance(1_000);
    expect(logged()).toEqual(['one']);
    bobSays(10);
    first.tab.lifecycle.emit('online');
    first.client.connect().catch(() => {});
    await clock.advance(5_000);
    expect([logged(), shown(first), shown(second)]).toEqual([['one'], [], []]);
  });
});

describe('without locks, or with broken ones', () => {
  const never: Locks = { request: () => new Promise(() => {}) };
  const rejects: Locks = { request: () => Promise.reject(new Error('no')) };
  const throws: Locks = {
    request: () => {
      throw new Error('no');
    },
  };

  it.each([
    ['never answer', never],
    ['reject', rejects],
    ['throw', throws],
  ])('locks that %s hold nothing up for more than a second, and what is stored is sent', async (_, locks) => {
    const first = await open({ offline: ['one'] });
    first.tab.kill();
    const second = await open({ locks });
    const sending = second.room.send('two');
    await clock.advance(1_000);
    expect(logged()).toEqual(['one', 'two']);
    expect(await sending).toMatchObject({ seq: 2 });
    second.room.send('three').catch(() => {});
    await clock.advance(200);
    expect(logged()).toEqual(['one', 'two', 'three']);
  });

  it('a tab takes over what is stored when it starts, and at no other time', async () => {
    const first = await open({ locks: undefined, offline: ['one'] } as unknown as Opening);
    const second = await open({ locks: undefined } as unknown as Opening);
    await clock.advance(1_000);
    expect(logged()).toEqual(['one']);
    const third = await open({ offline: ['three'], token: noToken });
    turn(third, second);
    await clock.advance(100_000);
    expect([logged(), shown(first)]).toEqual([['one'], []]);
  });

  it('with storage that fails each tab keeps its own messages in memory', async () => {
    const fails = () => Promise.reject(new Error('no'));
    const outbox = { load: fails, put: fails, remove: fails };
    const first = await open({ outbox, offline: ['one'] });
    const second = await open({ outbox });
    turn(first, second);
    await clock.advance(1_000);
    second.room.send('two').catch(() => {});
    await clock.advance(1_000);
    expect(logged()).toEqual(['two']);
    first.tab.lifecycle.emit('online');
    await clock.advance(3_000);
    expect(logged()).toEqual(['two', 'one']);
  });
});

describe('locks: the tests’ own are as the platform’s', () => {
  const platform = (navigator as { locks?: Locks }).locks as Locks;
  it.each<[string, () => Locks]>([
    ['fake', () => new FakeTab(browser).locks],
    ['Node', () => platform],
  ])('%s', async (_, make) => {
    const heard: string[] = [];
    const [one, two] = [make(), make()];
    const ask = async (who: string, locks: Locks, how: { ifAvailable?: boolean; steal?: boolean }) => {
      let release = () => {};
      const over = locks.request('parley:contract', how, (lock) => {
        heard.push(`${who} ${lock?.name ?? 'null'}`);
        if (!lock) return undefined;
        return new Promise((end) => {
          release = end;
        });
      });
      const done = over.then(
        () => heard.push(`${who} over`),
        ({ name }: Error) => heard.push(`${who} ${name}`),
      );
      await clock.advance(100);
      await settle(5);
      return { release: () => release(), done };
    };
    await ask('a', one, { ifAvailable: true });
    await ask('b', two, { ifAvailable: true });
    const thief = await ask('c', two, { steal: true });
    expect(heard).toEqual(
      ['a parley:contract', 'b null', 'b over', 'a AbortError', 'c parley:contract'].sort(byHearing(heard)),
    );
    thief.release();
    await thief.done;
    const last = await ask('d', one, { ifAvailable: true });
    expect(heard.slice(5)).toEqual(['c over', 'd parley:contract']);
    last.release();
    await last.done;
  });
});

/** Whether the loser or the thief hears first is left open. */
function byHearing(heard: readonly string[]) {
  return (a: string, b: string) => heard.indexOf(a) - heard.indexOf(b);
}
