import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { memoryOutbox, type OutboxStorage } from '../../client/src/outbox/storage.ts';
import type { EntryFrame } from '../../client/src/protocol.ts';
import { NO_FAULTS } from '../support/fake-chat-connection.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { FakeLifecycle } from '../support/fake-lifecycle.ts';
import { HandClock, settle } from '../support/fake-time.ts';
import { seededRandom } from '../support/time.ts';

const ROOM = 'g:room';
const FAULTS = {
  dropCommand: 0.05,
  dropReply: 0.1,
  dropPush: 0.15,
  repeatPush: 0.1,
  batch: 0.3,
  refuse: 0.03,
  delayMs: 2_500,
};

type Step =
  | { do: 'send' | 'edit' | 'delete' | 'react' | 'unreact'; who: 'device' | 'twin' | 'other'; pick: number }
  | { do: 'wait'; ms: number }
  | { do: 'read'; who: 'device' | 'twin'; back: number }
  | { do: 'cut' | 'half-open' | 'closing' | 'offline' | 'online' | 'reload' | 'older'; who: 'device' | 'twin' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      who: fc.constantFrom('device', 'twin', 'other'),
      pick: fc.nat(14),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('edit', 'delete', 'react', 'unreact'),
      who: fc.constantFrom('device', 'twin', 'other'),
      pick: fc.nat(14),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('older' as const), who: fc.constantFrom('device', 'twin') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      who: fc.constantFrom('device', 'twin'),
      back: fc.nat(20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('cut', 'half-open', 'closing', 'offline', 'online', 'reload'),
      who: fc.constantFrom('device', 'twin'),
    }),
  },
);

/** A device of the user that is reloaded now and then. Keeps what the user typed on it and what it showed. */
class Device {
  readonly lifecycle = new FakeLifecycle();
  readonly typed: string[] = [];
  readonly #name: string;
  readonly #world: World;
  readonly #storage: OutboxStorage = memoryOutbox();
  #seen: number[] = [];
  client!: ReturnType<typeof createClient>;

  constructor(name: string, world: World) {
    this.#name = name;
    this.#world = world;
    this.start();
  }

  start(): void {
    const { clock, random, server } = this.#world;
    let ids = 0;
    const session = Math.floor(random() * 1e9);
    this.#seen = [];
    this.client = createClient({
      url: 'wss://chat.example/prod',
      token: async () => fakeToken('ann'),
      openSocket: server.openSocket,
      clock,
      random,
      lifecycle: this.lifecycle,
      outbox: this.#storage,
      newId: () => `${this.#name}-${session}-${++ids}`,
      heartbeatMs: 15_000,
      // One device changes sockets all the time, the other has only its pings.
      handoverAfterMs: this.#name === 'device' ? 40_000 : 1e9,
      maxCatchUp: 1_000_000,
    });
    this.room.on('entry', (frame: EntryFrame) => this.#seen.push(frame.data.seq));
    this.client.connect().catch(() => {});
    this.room.join().catch(() => {});
  }

  get room() {
    return this.client.conversations.get(ROOM);
  }

  send(): void {
    const content = `${this.#name} ${this.typed.length}`;
    this.typed.push(content);
    this.room.send(content);
  }

  /** LOG-5: the application was told of every entry in order, without a gap or a repetition. */
  checkSeen(): void {
    const first = this.#seen[0] ?? 0;
    expect(this.#seen).toEqual(this.#seen.map((_, index) => first + index));
  }

  async reload(): Promise<void> {
    this.checkSeen();
    this.client.close();
    await settle();
    this.lifecycle.online = true;
    this.start();
  }

  async check(): Promise<void> {
    const { clock, server } = this.#world;
    this.checkSeen();
    const { exact } = server.unreadOf(ROOM, 'ann');
    const { unread = -1, unreadAtMost } = this.room;
    if (unreadAtMost) expect(unread).toBeGreaterThanOrEqual(exact);
    else expect(unread).toBe(exact);
    while (this.room.hasOlder) {
      const loading = this.room.loadOlder(20);
      await clock.advance(100);
      await loading;
    }
    expect([this.room.unread, this.room.unreadAtMost]).toEqual([exact, false]);
    const expected = server.messagesFor(ROOM, 'ann').map(({ n: _n, rev: _rev, ...message }) => message);
    const shown = this.room.messages.map(({ key: _key, status: _status, error: _error, ...message }) => message);
    expect(shown).toEqual(expected);
    expect(await this.#storage.load('ann')).toEqual([]);
    const arrived = expected.filter(({ clientMessageId }) => clientMessageId?.startsWith(`${this.#name}-`));
    const typed = arrived.map(({ clientMessageId, seq }) => ({ clientMessageId, seq }));
    expect(new Set(typed.map(({ clientMessageId }) => clientMessageId)).size).toBe(this.typed.length);
    const contents = this.#world.appended.filter((content) => content.startsWith(`${this.#name} `));
    expect(contents).toEqual(this.typed);
  }
}

class World {
  readonly clock = new HandClock();
  readonly random: () => number;
  readonly server: FakeChatServer;
  readonly devices: Record<'device' | 'twin', Device>;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    const small = { tail: 5, behindMax: 12, pageMax: 7, unreadExactMax: 15 };
    this.server = new FakeChatServer({ clock: this.clock, random: this.random, ...small });
    this.server.create(ROOM, ['ann', 'bob']);
    this.devices = { device: new Device('device', this), twin: new Device('twin', this) };
  }

  /** The texts of all messages as they were sent, in the order of the log. */
  get appended(): string[] {
    return this.server
      .log(ROOM)
      .entries.flatMap(({ event, data }) => (event === 'receive-message' ? [data.content ?? ''] : []));
  }

  async take(each: Step): Promise<void> {
    if (each.do === 'wait') return this.clock.advance(each.ms);
    if ('pick' in each) return this.#act(each);
    const device = this.devices[each.who];
    switch (each.do) {
      case 'reload':
        return device.reload();
      case 'offline':
      case 'online':
        return device.lifecycle.emit(each.do);
      case 'read':
        device.room.markRead(Math.max(0, device.room.position - each.back));
        return;
      case 'older':
        return void device.room.loadOlder(5).catch(() => {});
      default: {
        const own = [...this.server.connections].filter(({ userId }) => userId === 'ann');
        const connection = own[each.who === 'device' ? 0 : own.length - 1];
        if (each.do === 'cut') connection?.cut();
        if (each.do === 'half-open') connection?.halfOpen();
        if (each.do === 'closing') connection?.push({ event: 'closing', data: { reason: 'deploy', reconnect: true } });
      }
    }
  }

  #act({ do: action, who, pick }: Extract<Step, { pick: number }>): void {
    const messages = this.server.messagesFor(ROOM, 'ann');
    const target = messages[messages.length - 1 - pick];
    const { room } = this.devices[who === 'other' ? 'device' : who];
    const emoji = pick % 2 ? '👍' : '🎉';
    const commands = {
      send: () => this.server.as('bob', 'send-message', { conversationId: ROOM, content: `bob ${messages.length}` }),
      edit: () =>
        target &&
        this.server.as('bob', 'edit-message', { conversationId: ROOM, seq: target.seq, content: `bob's ${pick}` }),
      delete: () => target && this.server.as('bob', 'delete-message', { conversationId: ROOM, seq: target.seq }),
      react: () => target && this.server.as('bob', 'add-reaction', { conversationId: ROOM, seq: target.seq, emoji }),
      unreact: () =>
        target && this.server.as('bob', 'remove-reaction', { conversationId: ROOM, seq: target.seq, emoji }),
    };
    if (who !== 'other') {
      if (action === 'send') this.devices[who].send();
      else if (target) {
        const { seq } = target;
        const own = {
          edit: () => room.edit(seq, `edited ${pick}`),
          delete: () => room.delete(seq),
          react: () => room.react(seq, emoji),
        };
        const run = action === 'unreact' ? () => room.unreact(seq, emoji) : own[action];
        run().catch(() => {});
      }
      return;
    }
    try {
      commands[action]();
    } catch {
      // A refused command is as good a step as any.
    }
  }

  /** Ends all faults and lets time pass, after which every device must have everything. */
  async heal(): Promise<void> {
    this.server.faults = { ...NO_FAULTS };
    for (const device of Object.values(this.devices)) device.lifecycle.emit('online');
    await this.clock.advance(180_000);
  }
}

describe('the view under faults (LOG-1 to LOG-5, SEND-3, SEND-5, SEND-6, RETRY-1)', () => {
  it('ends equal to the log, with every sent message once and in order', async () => {
    const histories = fc.record({
      seed: fc.integer(),
      steps: fc.array(step, { minLength: 5, maxLength: 80, size: 'max' }),
    });
    await fc.assert(
      fc.asyncProperty(histories, async ({ seed, steps }) => {
        const world = new World(seed);
        await world.clock.advance(3_000);
        world.server.faults = { ...FAULTS };
        for (const each of steps) await world.take(each);
        await world.heal();
        for (const device of Object.values(world.devices)) await device.check();
      }),
      { numRuns: Number(process.env.CLIENT_RUNS ?? 60), endOnFailure: false },
    );
  }, 120_000);
});
