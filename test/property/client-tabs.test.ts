import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { FakeBrowser, type FakeBrowserOptions, FakeTab } from '../support/fake-browser.ts';
import { NO_FAULTS } from '../support/fake-chat-connection.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { HandClock, settle } from '../support/fake-time.ts';
import { seededRandom } from '../support/time.ts';
import { runs } from './runs.ts';

const ROOM = 'g:room';
const FAULTS = { dropCommand: 0.05, dropReply: 0.15, dropPush: 0.1, repeatPush: 0.1, batch: 0.2, refuse: 0.05 };

/** A tab with a client in it, and what the user wrote there. */
class Page {
  readonly name: string;
  readonly tab: FakeTab;
  readonly client: ReturnType<typeof createClient>;
  readonly typed: string[] = [];

  constructor(name: string, world: World, { join }: { join: boolean }) {
    const { browser, random, server } = world;
    let ids = 0;
    this.name = name;
    this.tab = new FakeTab(browser);
    this.client = createClient({
      url: 'wss://chat.example/prod',
      userId: 'ann',
      token: async () => fakeToken('ann'),
      openSocket: this.tab.sockets(server.openSocket),
      clock: this.tab.clock,
      lifecycle: this.tab.lifecycle,
      locks: this.tab.locks,
      outbox: this.tab.storage,
      random,
      newId: () => `${name}-${++ids}`,
      heartbeatMs: 15_000,
      hiddenHeartbeatMs: 15_000,
      maxCatchUp: 8,
    });
    if (join) this.room.join().catch(() => {});
  }

  get room() {
    return this.client.conversations.get(ROOM);
  }

  get awake(): boolean {
    return !this.tab.dead && !this.tab.frozen;
  }

  connect(): void {
    this.client.connect().catch(() => {});
  }

  write(): void {
    const content = `${this.name} ${this.typed.length}`;
    this.typed.push(content);
    this.room.send(content).catch(() => {});
  }
}

class World {
  readonly clock = new HandClock();
  readonly random: () => number;
  readonly server: FakeChatServer;
  readonly browser: FakeBrowser;
  readonly pages: Page[] = [];
  readonly discarded = new Set<string>();

  constructor(seed: number, locks: FakeBrowserOptions['locks'] = 'sound') {
    this.random = seededRandom(seed);
    const { clock, random } = this;
    // So few entries are searched without `after` that every one that is too late makes a message twice.
    this.server = new FakeChatServer({ clock, random, tail: 2, behindMax: 30, pageMax: 9 });
    this.server.create(ROOM, ['ann', 'bob']);
    this.browser = new FakeBrowser({ clock, random, delayMs: 60, locks });
  }

  open(join: boolean): Page {
    const page = new Page(`p${this.pages.length}`, this, { join });
    this.pages.push(page);
    page.connect();
    return page;
  }

  /** More entries than are searched without `after`. */
  bobSays(count = 6): void {
    for (let i = 0; i < count; i += 1) this.server.as('bob', 'send-message', { conversationId: ROOM, content: 'bob' });
  }

  /** The network ends some of the sockets, whoever has them. */
  cut(): void {
    for (const connection of [...this.server.connections]) if (this.random() < 0.5) connection.cut();
  }

  /** The texts of what the user wrote, in the order of the log. */
  get logged(): string[] {
    return this.server
      .messagesFor(ROOM, 'ann')
      .flatMap(({ content, senderId }) => (senderId === 'ann' ? [content ?? ''] : []));
  }

  /** Exactly once, in the order of its tab, and nothing lost that was ever stored. */
  check(): void {
    const { logged } = this;
    expect([...new Set(logged)]).toEqual(logged);
    for (const { typed } of this.pages) {
      // What was discarded may have been on its way from another tab: it comes at most once, and no matter where.
      const kept = typed.filter((content) => !this.discarded.has(content));
      const arrived = logged.filter((content) => kept.includes(content));
      expect(arrived).toEqual(kept.filter((content) => arrived.includes(content)));
      const due = kept.filter((content) => this.browser.everStored.has(content));
      expect(due.filter((content) => !arrived.includes(content))).toEqual([]);
    }
  }

  /** Nothing waits any more, and each message is shown once. */
  checkViews(): void {
    expect([...this.browser.rows.values()]).toEqual([]);
    for (const { room, tab } of this.pages) {
      if (tab.dead) continue;
      const own = room.messages.filter(({ senderId }) => senderId === 'ann');
      expect(own.map(({ status }) => status)).not.toContain('pending');
      const shown = own.map(({ content }) => content);
      expect([...new Set(shown)]).toEqual(shown);
    }
  }
}

type Ending = 'closed' | 'asleep';

interface Case {
  readonly ending: Ending;
  /** The page that writes follows the conversation, or has never opened it. */
  readonly joins: boolean;
  /** The other page is there from the beginning, or opened afterwards. */
  readonly other: 'there' | 'later';
}

/**
 * One page writes two messages offline, goes online, and comes to its end after so many steps; the other lives. Gives
 * false if the page came to no end, having sent everything before.
 */
async function endAfter(steps: number, { ending, joins, other }: Case): Promise<boolean> {
  const world = new World(7);
  const { clock } = world;
  world.bobSays(12);
  const first = world.open(joins);
  let second = other === 'there' ? world.open(joins) : undefined;
  await clock.advance(2_000);
  // With the conversation read to its end, where the network goes; or before it was ever read.
  for (const page of world.pages) page.tab.lifecycle.emit('offline');
  first.write();
  first.write();
  await clock.advance(1_000);
  let left = steps;
  let ended = false;
  first.tab.onStep = () => {
    left -= 1;
    if (left > 0 || ended) return;
    ended = true;
    if (ending === 'closed') first.tab.kill();
    else first.tab.freeze();
  };
  first.tab.lifecycle.emit('online');
  await clock.advance(8_000);
  first.tab.onStep = () => {};
  world.bobSays();
  second?.tab.lifecycle.emit('online');
  second ??= world.open(joins);
  second.tab.lifecycle.emit('visible');
  await clock.advance(20_000);
  world.check();
  expect(world.logged).toEqual(['p0 0', 'p0 1']);
  world.bobSays();
  first.tab.thaw(steps % 2 === 0);
  await clock.advance(60_000);
  expect(world.logged).toEqual(['p0 0', 'p0 1']);
  world.checkViews();
  return ended;
}

describe('two tabs (SEND-3, SEND-4, RETRY-1)', () => {
  const cases = (['closed', 'asleep'] as const).flatMap((ending) =>
    [true, false].flatMap((joins) => (['there', 'later'] as const).map((other): Case => ({ ending, joins, other }))),
  );
  it.each(cases)(
    'what a page wrote that is $ending after any step is sent by the other, once and in order ($joins, $other)',
    async (each) => {
      let steps = 1;
      while (await endAfter(steps, each)) steps += 1;
      // Each try ended at another step, from the first to the last one.
      expect(steps).toBeGreaterThan(10);
    },
    60_000,
  );

  type Step =
    | {
        do: 'write' | 'discard' | 'look' | 'leave' | 'freeze' | 'thaw' | 'kill' | 'offline' | 'online';
        at: number;
      }
    | { do: 'open'; join: boolean }
    | { do: 'bob' | 'cut' }
    | { do: 'wait'; ms: number };
  const on = (weight: number, ...what: Extract<Step, { at: number }>['do'][]) => ({
    weight,
    arbitrary: fc.record({ do: fc.constantFrom(...what), at: fc.nat(3) }),
  });
  const step: fc.Arbitrary<Step> = fc.oneof(
    on(6, 'write'),
    on(1, 'discard'),
    on(6, 'look', 'leave', 'freeze', 'thaw'),
    on(2, 'kill'),
    on(4, 'offline', 'online'),
    { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), join: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('bob' as const, 'cut' as const) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4_000 }) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 120 }) }) },
  );

  const LIFE = { look: 'visible', leave: 'hidden', offline: 'offline', online: 'online' } as const;

  function act(world: World, page: Page, action: Extract<Step, { at: number }>['do']): void {
    if (action === 'thaw') page.tab.thaw(world.random() < 0.5);
    else if (action === 'kill') page.tab.kill();
    else if (page.awake) {
      if (action === 'write') page.write();
      else if (action === 'discard') discard(world, page);
      else if (action === 'freeze') page.tab.freeze();
      else page.tab.lifecycle.emit(LIFE[action]);
    }
    // One lives at all times.
    if (!world.pages.some(({ awake }) => awake)) world.open(true);
  }

  function discard(world: World, { room }: Page): void {
    const pending = room.messages.find(({ status }) => status === 'pending');
    if (pending?.clientMessageId === undefined) return;
    world.discarded.add(pending.content ?? '');
    room.discard(pending.clientMessageId);
  }

  async function take(world: World, each: Step): Promise<void> {
    if (each.do === 'wait') return world.clock.advance(each.ms);
    if ('at' in each) {
      const living = world.pages.filter(({ tab }) => !tab.dead);
      act(world, living[each.at % living.length] as Page, each.do);
    } else if (each.do === 'open') world.open(each.join);
    else if (each.do === 'bob') world.bobSays();
    else world.cut();
    await settle();
  }

  // That each message is in the log once hangs on no lock.
  it.each(['sound', 'broken', 'silent'] as const)(
    'whatever happens to them, with %s locks: each message is in the log once, in its tab’s order, and none is lost while one lives',
    async (locks) => {
      const histories = fc.record({
        seed: fc.integer(),
        steps: fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
      });
      await fc.assert(
        fc.asyncProperty(histories, async ({ seed, steps }) => {
          const world = new World(seed, locks);
          world.bobSays(5);
          world.open(true);
          world.open(seed % 2 === 0);
          await world.clock.advance(1_000);
          world.server.faults = { ...FAULTS, delayMs: 400 };
          for (const each of steps) await take(world, each);
          world.server.faults = { ...NO_FAULTS };
          // Those that sleep go on sleeping: the others send what they wrote.
          for (const page of world.pages) if (page.awake) page.tab.lifecycle.emit('online');
          await world.clock.advance(200_000);
          world.check();
          world.bobSays();
          for (const page of world.pages) {
            page.tab.thaw();
            if (page.awake) page.tab.lifecycle.emit('online');
          }
          await world.clock.advance(120_000);
          world.check();
          world.checkViews();
        }),
        {
          ...runs(Number(process.env.CLIENT_RUNS ?? 25)),
          endOnFailure: false,
        },
      );
    },
    400_000,
  );
});
