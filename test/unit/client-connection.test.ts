import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClientOptions } from '../../client/src/api/options.ts';
import { createClient } from '../../client/src/client.ts';
import type { StateChange } from '../../client/src/connection/states.ts';
import type { ChatError } from '../../client/src/errors.ts';
import { fakeToken } from '../support/fake-chat-server.ts';
import { FakeLifecycle } from '../support/fake-lifecycle.ts';
import { type FakeSocket, fakeSockets } from '../support/fake-socket.ts';
import { HandClock, settle } from '../support/fake-time.ts';

/** A client whose clock, sockets and network the test moves by hand. */
class Bench {
  readonly clock = new HandClock();
  readonly lifecycle = new FakeLifecycle();
  readonly changes: StateChange[] = [];
  readonly tokens: string[] = [];
  readonly sockets: FakeSocket[];
  readonly client: ReturnType<typeof createClient>;
  tokenFails = false;
  tokenLifeMs = 3_600_000;

  constructor(options: Partial<ClientOptions> = {}) {
    const { sockets, openSocket } = fakeSockets();
    this.sockets = sockets;
    this.client = createClient({
      url: 'wss://chat.example/prod',
      token: async ({ reason }) => {
        this.tokens.push(reason);
        if (this.tokenFails) throw new Error('no token');
        return fakeToken('ann');
      },
      openSocket,
      clock: this.clock,
      lifecycle: this.lifecycle,
      random: () => 0.5,
      ...options,
    });
    this.client.on('state', (change) => this.changes.push(change));
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }

  get last(): StateChange {
    return this.changes.at(-1) as StateChange;
  }

  async connect(): Promise<void> {
    this.client.connect().catch(() => {});
    await settle();
  }

  async open(): Promise<void> {
    this.socket.open();
    await settle();
  }

  pong(userId = 'ann', behind: object[] = []): Promise<void> {
    const at = new Date(this.clock.now()).toISOString();
    const expiresAt = new Date(this.clock.now() + this.tokenLifeMs).toISOString();
    this.socket.answer('ping', 'pong', { at, userId, expiresAt, protocol: 'chat.v1', behind });
    return settle();
  }

  async up(): Promise<this> {
    await this.connect();
    await this.open();
    await this.pong();
    return this;
  }

  async waiting(): Promise<this> {
    await this.up();
    this.socket.end();
    return this;
  }
}

type Row = [from: string, when: string, to: string, reason: string, act: () => Promise<Bench>];

async function connecting() {
  const bench = new Bench();
  await bench.connect();
  return bench;
}
async function opened() {
  const bench = await connecting();
  await bench.open();
  return bench;
}
async function then(bench: Bench | Promise<Bench>, act: (bench: Bench) => unknown): Promise<Bench> {
  const ready = await bench;
  await act(ready);
  await settle();
  return ready;
}
function offline() {
  return then(new Bench().up(), ({ lifecycle }) => lifecycle.emit('offline'));
}
function unauthorized(bench: Bench) {
  return bench.socket.push('error', { code: 'unauthorized', message: 'unable to go on; gone', retryable: false });
}
function closing(reconnect: boolean) {
  return (bench: Bench) => bench.socket.push('closing', { reason: 'deploy', reconnect });
}

const ROWS: Row[] = [
  ['idle', '`connect()`', 'connecting', 'connect', connecting],
  [
    'idle',
    '`connect()` without a network',
    'offline',
    'offline',
    () =>
      then(new Bench(), async (bench) => {
        bench.lifecycle.online = false;
        await bench.connect();
      }),
  ],
  [
    'closed',
    '`connect()`',
    'connecting',
    'connect',
    () =>
      then(new Bench().up(), async (bench) => {
        bench.client.close();
        await bench.connect();
      }),
  ],
  [
    'waiting',
    '`connect()`: at once',
    'connecting',
    'connect',
    () => then(new Bench().waiting(), (bench) => bench.connect()),
  ],
  ['offline', '`connect()`: at once', 'connecting', 'connect', () => then(offline(), (bench) => bench.connect())],
  ['connecting', 'the hello is answered', 'connected', 'opened', () => new Bench().up()],
  [
    'connecting',
    '`token()` fails',
    'waiting',
    'token-failed',
    () =>
      then(new Bench(), async (bench) => {
        bench.tokenFails = true;
        await bench.connect();
      }),
  ],
  [
    'connecting',
    'the socket does not open',
    'waiting',
    'handshake-failed',
    () => then(connecting(), (bench) => bench.socket.end()),
  ],
  [
    'connecting',
    'not done within `connectTimeoutMs`',
    'waiting',
    'timeout',
    () => then(connecting(), ({ clock }) => clock.advance(15_000)),
  ],
  [
    'connecting',
    'the hello is refused',
    'waiting',
    'unauthorized',
    () => then(opened(), ({ socket }) => socket.refuse('ping', 'unauthorized')),
  ],
  [
    'connecting',
    'the socket closes after it opened',
    'waiting',
    'lost',
    () => then(opened(), ({ socket }) => socket.end()),
  ],
  [
    'connecting',
    'the hello is not answered within `replyTimeoutMs`',
    'waiting',
    'unresponsive',
    () => then(opened(), ({ clock }) => clock.advance(10_000)),
  ],
  ['connecting', '`closing` with `reconnect: true`', 'waiting', 'closing', () => then(opened(), closing(true))],
  ['connecting', '`closing` with `reconnect: false`', 'closed', 'refused', () => then(opened(), closing(false))],
  [
    'connecting',
    'the answer names another user',
    'closed',
    'user-changed',
    () => then(opened(), (bench) => bench.pong('bob')),
  ],
  [
    'connecting',
    'the network goes',
    'offline',
    'offline',
    () => then(connecting(), ({ lifecycle }) => lifecycle.emit('offline')),
  ],
  ['connecting', '`close()`', 'closed', 'close', () => then(connecting(), ({ client }) => client.close())],
  ['connected', 'the socket closes', 'waiting', 'lost', () => new Bench().waiting()],
  [
    'connected',
    'no reply, and nothing else, within `replyTimeoutMs`',
    'waiting',
    'unresponsive',
    () =>
      then(new Bench().up(), async ({ client, clock }) => {
        client.conversations.list().catch(() => {});
        await clock.advance(10_000);
      }),
  ],
  [
    'connected',
    'the server does not know the connection, or its token ended',
    'waiting',
    'unauthorized',
    () => then(new Bench().up(), unauthorized),
  ],
  ['connected', '`closing` with `reconnect: true`', 'waiting', 'closing', () => then(new Bench().up(), closing(true))],
  ['connected', '`closing` with `reconnect: false`', 'closed', 'refused', () => then(new Bench().up(), closing(false))],
  [
    'connected',
    'lost while its successor is being opened',
    'connecting',
    'lost',
    () =>
      then(new Bench({ handoverAfterMs: 30_000 }).up(), async (bench) => {
        await bench.clock.advance(30_000);
        expect(bench.sockets).toHaveLength(2);
        bench.sockets[0]?.end();
      }),
  ],
  ['connected', 'the network goes', 'offline', 'offline', offline],
  ['connected', '`close()`', 'closed', 'close', () => then(new Bench().up(), ({ client }) => client.close())],
  [
    'waiting',
    'the time is up',
    'connecting',
    'retry',
    () => then(new Bench().waiting(), ({ clock, last }) => clock.advance(last.retryIn ?? 0)),
  ],
  [
    'waiting',
    'someone looks at the page: a shorter wait',
    'waiting',
    'visible',
    () => then(longWait(), ({ lifecycle }) => lifecycle.emit('visible')),
  ],
  [
    'waiting',
    'the network comes: a shorter wait',
    'waiting',
    'online',
    () => then(longWait(), ({ lifecycle }) => lifecycle.emit('online')),
  ],
  [
    'waiting',
    'the network goes',
    'offline',
    'offline',
    () => then(new Bench().waiting(), ({ lifecycle }) => lifecycle.emit('offline')),
  ],
  ['waiting', '`close()`', 'closed', 'close', () => then(new Bench().waiting(), ({ client }) => client.close())],
  [
    'offline',
    'the network comes',
    'waiting',
    'online',
    () => then(offline(), ({ lifecycle }) => lifecycle.emit('online')),
  ],
  [
    'offline',
    'the time is up',
    'connecting',
    'retry',
    () => then(offline(), ({ clock, last }) => clock.advance(last.retryIn ?? 0)),
  ],
  ['offline', '`close()`', 'closed', 'close', () => then(offline(), ({ client }) => client.close())],
];

/** A client after several failures in a row, so that it waits longer than after the first. */
async function longWait(): Promise<Bench> {
  const bench = await new Bench().waiting();
  for (let i = 0; i < 5; i += 1) {
    await bench.clock.advance(bench.last.retryIn ?? 0);
    bench.socket.end();
    await settle();
  }
  expect(bench.last.retryIn).toBeGreaterThan(10_000);
  return bench;
}

describe('the connection, by the README’s table (CONN-6)', () => {
  it.each(ROWS)('%s, %s → %s (%s)', async (from, _when, to, reason, act) => {
    const bench = await act();
    expect(bench.last).toMatchObject({ previous: from, current: to, reason });
    expect(bench.client.state).toBe(to);
  });

  it('covers every row of the table, and no other', () => {
    const readme = readFileSync(path.resolve(import.meta.dirname, '../../client/README.md'), 'utf8');
    const rows = Array.from(readme.matchAll(/^\| `(\w+)` \| (.+) \| `(\w+)` \| `([\w-]+)` \|$/gm), ([, ...cells]) =>
      cells.join(' · '),
    );
    expect(ROWS.map(([from, when, to, reason]) => [from, when, to, reason].join(' · '))).toEqual(rows);
  });
});

describe('the connection', () => {
  it('waits with full jitter between 1 s and a ceiling that doubles up to 30 s (CONN-6)', async () => {
    const bench = new Bench({ random: () => 1 });
    await bench.connect();
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 7; i += 1) {
      bench.socket.end();
      await settle();
      waits.push(bench.last.retryIn);
      await bench.clock.advance(bench.last.retryIn ?? 0);
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('tries again within a second of a link that worked, also on a network that breaks every few seconds (CONN-6)', async () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const bench = await new Bench({ random }).up();
    const waits: number[] = [];
    for (let cycle = 0; cycle < 60; cycle += 1) {
      await bench.clock.advance(3_000 + random() * 5_000);
      const lostAt = bench.clock.now();
      bench.socket.end();
      // Every third handshake fails, too.
      for (let tries = 0; bench.client.state !== 'connected'; tries += 1) {
        await bench.clock.advance(bench.last.retryIn ?? 0);
        if (tries === 0 && cycle % 3 === 0) bench.socket.end();
        else {
          await bench.open();
          await bench.pong();
        }
        await settle();
      }
      waits.push(bench.clock.now() - lostAt);
    }
    const sorted = waits.sort((a, b) => a - b);
    expect(sorted[30]).toBeLessThanOrEqual(1_000);
    expect(sorted[59]).toBeLessThanOrEqual(3_000);
  });

  it('does not run down a server that drops every connection as soon as it is up (CONN-6)', async () => {
    const bench = await new Bench({ random: () => 0.5 }).up();
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 8; i += 1) {
      bench.socket.end();
      waits.push(bench.last.retryIn);
      await bench.clock.advance(bench.last.retryIn ?? 0);
      await bench.open();
      await bench.pong();
    }
    expect(waits).toEqual([500, 500, 500, 1_500, 2_500, 4_500, 8_500, 15_500]);
  });

  it('spreads its attempts over a second after a link that worked, and over more after `closing` (CONN-6)', async () => {
    const waitOf = async (random: number, end: (bench: Bench) => void) => {
      const bench = await new Bench({ random: () => random }).up();
      end(bench);
      return bench.last.retryIn;
    };
    const lost = (random: number) => waitOf(random, ({ socket }) => socket.end());
    expect([await lost(0), await lost(0.3), await lost(1)]).toEqual([0, 300, 1_000]);
    expect([await waitOf(0, closing(true)), await waitOf(1, closing(true))]).toEqual([1_000, 2_000]);
  });

  it('asks for a new token after a failed handshake, but not after a lost connection (CONN-6)', async () => {
    const bench = await connecting();
    bench.socket.end();
    await bench.clock.advance(2_000);
    await bench.open();
    await bench.pong();
    bench.socket.end();
    await bench.clock.advance(4_000);
    expect(bench.tokens).toEqual(['connect', 'refused', 'connect']);
  });

  it('waits at least as long as the server asks for (CONN-6)', async () => {
    const bench = await new Bench().up();
    bench.socket.push('closing', { reason: 'overload', reconnect: true, retryAfterMs: 45_000 });
    expect(bench.last).toMatchObject({ current: 'waiting', retryIn: 45_000 });
    bench.lifecycle.emit('visible');
    expect(bench.last.retryIn).toBe(45_000);
  });

  it('sends the token as a subprotocol, or in the URL if told to (CONN-1)', async () => {
    const bench = await connecting();
    expect([bench.socket.url, bench.socket.protocols]).toEqual([
      'wss://chat.example/prod',
      ['chat.v1', `bearer.${fakeToken('ann')}`],
    ]);
    const other = new Bench({ tokenIn: 'query' });
    await other.connect();
    expect(other.socket.protocols).toEqual([]);
    expect(new URL(other.socket.url).searchParams.get('token')).toBe(fakeToken('ann'));
  });

  it('refreshes the token on the open socket before it expires by the server’s clock (CONN-3)', async () => {
    const bench = await new Bench({ heartbeatMs: 1e9 }).up();
    await bench.clock.advance(3_600_000 - 120_000 - 1);
    expect(bench.tokens).toEqual(['connect']);
    await bench.clock.advance(1);
    expect(bench.socket.last('refresh-token')).toMatchObject({ token: fakeToken('ann') });
    expect(bench.tokens).toEqual(['connect', 'refresh']);
  });

  it('tries a refused refresh again, and keeps the socket (CONN-3)', async () => {
    const bench = await new Bench({ heartbeatMs: 1e9 }).up();
    await bench.clock.advance(3_480_000);
    bench.socket.refuse('refresh-token', 'unauthorized');
    await bench.clock.advance(2_000);
    expect(bench.socket.sent.filter(({ action }) => action === 'refresh-token')).toHaveLength(2);
    expect(bench.client.state).toBe('connected');
  });

  it('repeats a command that got token-expired, once the token is refreshed (CONN-3)', async () => {
    const bench = await new Bench().up();
    const listing = bench.client.conversations.list();
    await settle();
    bench.socket.refuse('list-conversations', 'token-expired');
    await settle();
    bench.socket.answer('refresh-token', 'token-refreshed', { expiresAt: '2026-11-22T14:00:00.000Z' });
    await settle();
    bench.socket.answer('list-conversations', 'conversations', { items: [] });
    await expect(listing).resolves.toEqual({ items: [] });
  });

  it('pings before ten idle minutes pass, and less often while the page is hidden (CONN-4)', async () => {
    const bench = await new Bench({ random: () => 0 }).up();
    await bench.clock.advance(60_000);
    expect(bench.socket.sent.filter(({ action }) => action === 'ping')).toHaveLength(2);
    await bench.pong();
    bench.lifecycle.emit('hidden');
    await bench.clock.advance(60_000);
    await bench.pong();
    await bench.clock.advance(200_000);
    expect(bench.socket.sent.filter(({ action }) => action === 'ping')).toHaveLength(3);
    await bench.clock.advance(40_000);
    expect(bench.socket.sent.filter(({ action }) => action === 'ping')).toHaveLength(4);
  });

  it('notices a half-open socket because no pong comes', async () => {
    const bench = await new Bench().up();
    bench.lifecycle.emit('visible');
    await bench.clock.advance(9_999);
    expect(bench.client.state).toBe('connected');
    await bench.clock.advance(1);
    expect(bench.last).toMatchObject({ current: 'waiting', reason: 'unresponsive' });
  });

  it('proves its link when the machine wakes up, though nobody tells of it', async () => {
    const clock = new HandClock();
    let slept = 0;
    const asleep = { now: () => clock.now() + slept, setTimeout: clock.setTimeout.bind(clock) };
    const bench = await new Bench({ clock: asleep }).up();
    await clock.advance(20_000);
    slept = 3_600_000;
    await clock.advance(1_000);
    expect(bench.socket.sent.map(({ action }) => action)).toEqual(['ping', 'ping']);
    await clock.advance(9_000);
    expect(bench.last).toMatchObject({ current: 'waiting', reason: 'unresponsive' });
  });

  it.each([
    ['a command', 10_000, (bench: Bench) => void bench.client.setStatus('away')],
    ['the page in view again', 10_000, (bench: Bench) => bench.lifecycle.emit('visible')],
    ['a change of network', 10_000, (bench: Bench) => bench.lifecycle.emit('online')],
    ['nothing at all', 70_000, () => {}],
  ])('notices a half-open socket in time: after %s, within %i ms', async (_, ms, act) => {
    const bench = await new Bench({ random: () => 0 }).up();
    await bench.clock.advance(100);
    act(bench);
    await bench.clock.advance(ms);
    expect(bench.changes.map(({ reason }) => reason)).toContain('unresponsive');
  });

  it('costs no more billed messages than a ping a minute, in view, and one in four minutes out of it (CONN-4)', async () => {
    const bench = await new Bench({ random: () => 0 }).up();
    for (let second = 0; second < 3_600; second += 1) {
      if (second === 1_800) bench.lifecycle.emit('hidden');
      await bench.clock.advance(1_000);
      const { sent } = bench.socket;
      if (sent.at(-1)?.action === 'ping') await bench.pong();
      else if (sent.at(-1)?.action === 'refresh-token')
        bench.socket.answer('refresh-token', 'token-refreshed', {
          expiresAt: new Date(bench.clock.now() + 9e6).toISOString(),
        });
    }
    const pings = bench.socket.sent.filter(({ action }) => action === 'ping').length - 1;
    expect(pings).toBeLessThanOrEqual(30 + 8);
  });

  it('pings to find out whether commands still get through when only pushes come', async () => {
    const bench = await new Bench({ heartbeatMs: 1e9 }).up();
    bench.client.conversations.list().catch(() => {});
    await bench.clock.advance(5_000);
    bench.socket.push('user-typing', { conversationId: 'x', userId: 'bob', isTyping: true });
    await bench.clock.advance(5_000);
    expect(bench.client.state).toBe('connected');
    await bench.clock.advance(10_000);
    expect(bench.last.reason).toBe('unresponsive');
  });

  it('opens a second socket before the first would end, and then closes the first (CONN-5)', async () => {
    const bench = await new Bench({ handoverAfterMs: 60_000, heartbeatMs: 1e9 }).up();
    await bench.clock.advance(60_000);
    const [first, second] = bench.sockets;
    expect([first?.closedByClient, bench.tokens.at(-1)]).toEqual([false, 'handover']);
    const room = bench.client.conversations.get('lobby');
    room.join().catch(() => {});
    await settle();
    expect(first?.last('join')).toBeDefined();
    second?.open();
    await settle();
    await bench.pong();
    expect([first?.closedByClient, second?.last('join').conversationId]).toEqual([false, 'lobby']);
    const at = '2026-11-22T12:00:00.000Z';
    const conversation = { conversationId: 'lobby', epoch: 'e', kind: 'channel', createdBy: 'ann', createdAt: at };
    const page = {
      entries: [],
      head: 0,
      hasMore: false,
      online: [],
      marks: [{ userId: 'ann', readSeq: 0, deliveredSeq: 0 }],
    };
    const joined = { conversationId: 'lobby', success: true, conversation, role: 'member', ...page };
    first?.answer('join', 'joined-conversation', joined);
    second?.answer('join', 'joined-conversation', joined);
    await bench.clock.advance(1_000);
    expect([first?.closedByClient, second?.closedByClient, room.state]).toEqual([true, false, 'live']);
    expect(bench.changes.map(({ current }) => current)).toEqual(['connecting', 'connected']);
  });

  it('retries a failed handover while the first socket is open', async () => {
    const bench = await new Bench({ handoverAfterMs: 60_000, heartbeatMs: 1e9 }).up();
    await bench.clock.advance(60_000);
    bench.socket.end();
    await bench.clock.advance(2_000);
    expect([bench.sockets.length, bench.client.state]).toEqual([3, 'connected']);
  });

  it('repeats a command whose reply was lost with its socket (RETRY-1), until the command times out', async () => {
    const bench = await new Bench().up();
    const listing = bench.client.conversations.list();
    await settle();
    bench.socket.end();
    await bench.clock.advance(2_000);
    await bench.open();
    await bench.pong();
    bench.socket.answer('list-conversations', 'conversations', { items: [] });
    await expect(listing).resolves.toEqual({ items: [] });
    bench.socket.end();
    const late = bench.client.conversations.list();
    const failed = expect(late).rejects.toMatchObject({ code: 'disconnected', retryable: true });
    await bench.clock.advance(30_000);
    await failed;
  });

  it('ignores what is not an event, and texts that are not frames (ENV-3)', async () => {
    const bench = await new Bench().up();
    for (const raw of [
      '{"message":"Internal server error","connectionId":"x"}',
      'no json',
      'null',
      '7',
      '{"event":"x"}',
    ])
      bench.socket.raw(raw);
    expect(bench.client.state).toBe('connected');
  });

  it('tells the application what `token` throws, once; `connect` rejects with it when its time is up', async () => {
    const bench = new Bench();
    const errors: ChatError[] = [];
    bench.client.on('error', (error) => errors.push(error));
    bench.tokenFails = true;
    const connecting = bench.client.connect();
    await bench.clock.advance(14_999);
    expect(bench.tokens.length).toBeGreaterThan(2);
    const told = errors.map(({ code, cause }) => `${code} ${cause}`);
    expect([told, bench.client.state]).toEqual([['token-failed Error: no token'], 'waiting']);
    const outcome = connecting.catch((error) => error);
    await bench.clock.advance(1);
    expect(await outcome).toMatchObject({ code: 'token-failed', retryable: true, cause: new Error('no token') });
    bench.tokenFails = false;
    await bench.up();
    expect(bench.client.state).toBe('connected');
  });

  it('`connect` rejects with `timeout` where nothing answers, and with a signal only when that is aborted', async () => {
    const bench = new Bench();
    const controller = new AbortController();
    const outcomes = [bench.client.connect(), bench.client.connect({ signal: controller.signal })].map((connecting) =>
      connecting.catch(({ code, cause }) => `${code} ${cause}`),
    );
    await bench.clock.advance(20_000);
    controller.abort('enough');
    expect(await Promise.all(outcomes)).toEqual(['timeout undefined', 'aborted enough']);
    expect(bench.client.state).not.toBe('closed');
  });

  it('a token that is no text is a failed one', async () => {
    const bench = new Bench({ token: () => undefined as unknown as string });
    const errors: string[] = [];
    bench.client.on('error', ({ code, message }) => errors.push(`${code}: ${message}`));
    await bench.connect();
    const message = 'unable to connect; token() failed: TypeError: it gave no text';
    expect([bench.sockets, errors]).toEqual([[], [`token-failed: ${message}`]]);
  });

  it('ends the wait of every call on its signal, and sends nothing any more', async () => {
    const bench = await new Bench().waiting();
    const room = bench.client.conversations.get('general');
    const { conversations } = bench.client;
    const ask = (signal: AbortSignal) => [
      conversations.list({}, { signal }),
      conversations.create({ kind: 'channel', conversationId: 'c' }, { signal }),
      bench.client.setStatus('away', { signal }),
      room.join({ signal }),
      room.send('hello', { signal }),
      room.history({}, { signal }),
      room.edit(1, 'x', { signal }),
      room.delete(1, { signal }),
      room.react(1, '👍', { signal }),
      room.unreact(1, '👍', { signal }),
      room.markRead(1, { signal }),
      room.markDelivered(2, { signal }),
      room.members({}, { signal }),
      room.addMember('bob', 'member', { signal }),
      room.removeMember('bob', { signal }),
      room.updateMember('bob', { banned: true }, { signal }),
      room.update({ name: 'x' }, { signal }),
    ];
    const controller = new AbortController();
    const waiting = ask(controller.signal);
    await settle();
    controller.abort(new Error('gone'));
    const codes = async (calls: Promise<unknown>[]) =>
      new Set((await Promise.allSettled(calls)).map((each) => (each as PromiseRejectedResult).reason.code));
    expect(await codes(waiting)).toEqual(new Set(['aborted']));
    expect(await codes(ask(AbortSignal.abort()))).toEqual(new Set(['aborted']));
    // What goes on by itself does: the message and the join; everything else was called off.
    expect(room.messages).toMatchObject([{ content: 'hello', status: 'pending' }]);
    await bench.clock.advance(2_000);
    await bench.open();
    await bench.pong();
    await bench.clock.advance(2_000);
    expect(new Set(bench.socket.sent.map(({ action }) => action))).toEqual(
      new Set(['ping', 'set-status', 'join', 'mark']),
    );
  });

  it('refuses fields that nobody reads, everywhere alike', async () => {
    const bench = await new Bench().up();
    const room = bench.client.conversations.get('general');
    const odd = { limit: 1, colour: 'red' } as object;
    const refusal = { code: 'validation-failed', details: [{ path: 'colour', message: 'unknown field' }] };
    expect(() => new Bench({ colour: 'red' } as object)).toThrow(expect.objectContaining(refusal));
    expect(() => room.send('hello', { colour: 'red' } as object)).toThrow(expect.objectContaining(refusal));
    const signal = { colour: 'red' } as object;
    for (const call of [
      () => bench.client.connect(signal),
      () => bench.client.conversations.list(odd),
      () => room.history(odd),
      () => room.members(odd),
      () => room.delete(1, signal),
      () => room.update({ colour: 'red' } as object),
      () => room.updateMember('bob', { colour: 'red' } as object),
    ])
      await expect(call()).rejects.toMatchObject(refusal);
    expect(bench.socket.sent.map(({ action }) => action)).toEqual(['ping']);
  });

  it('takes an option that is undefined as one that was not given, and misses what must be', async () => {
    const bench = await new Bench({ heartbeatMs: undefined as unknown as number }).up();
    await bench.clock.advance(60_000);
    expect(bench.socket.sent.map(({ action }) => action)).toEqual(['ping', 'ping']);
    expect(() => new Bench({ url: undefined as unknown as string })).toThrow('it takes a url and a token function');
  });

  it('says of a command before `connect` that there was none', async () => {
    const bench = new Bench();
    const listing = bench.client.conversations.list();
    await expect(listing).rejects.toMatchObject({
      code: 'not-connected',
      message: expect.stringContaining('connect()'),
    });
  });

  it('leaves no conversation `joining` when it is closed, and joins it again when it connects again', async () => {
    const bench = await new Bench().up();
    const [early, late] = [bench.client.conversations.get('early'), bench.client.conversations.get('late')];
    early.join().catch(() => {});
    await settle();
    bench.client.close();
    const joining = late.join();
    expect([early.state, late.state]).toEqual(['idle', 'idle']);
    await expect(joining).rejects.toMatchObject({ code: 'closed' });
    await bench.up();
    expect(bench.socket.sent.map(({ conversationId }) => conversationId)).toEqual([undefined, 'early', 'late']);
    expect([early.state, late.state]).toEqual(['joining', 'joining']);
  });

  it('ends nothing but itself when it is closed at once, and nobody waits for what it was asked', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const bench = new Bench();
    void bench.client.connect();
    void bench.client.conversations.get('general').join();
    void bench.client.setStatus('away');
    bench.client.close();
    await settle(3);
    process.off('unhandledRejection', note);
    expect([unhandled, bench.client.state]).toEqual([[], 'closed']);
  });

  it('leaves no timer behind when it is closed', async () => {
    const bench = await new Bench().up();
    bench.client.conversations.list().catch(() => {});
    bench.client.close();
    await settle(3);
    expect(bench.clock.pending).toBe(0);
  });
});
