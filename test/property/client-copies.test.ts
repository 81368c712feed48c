import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { type CopyStorage, memoryCopies, type StoredCopy } from '../../client/src/copies/storage.ts';
import { memoryOutbox } from '../../client/src/outbox/storage.ts';
import type { EntryFrame, Message } from '../../client/src/protocol.ts';
import { NO_FAULTS } from '../support/fake-chat-connection.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { FakeLifecycle } from '../support/fake-lifecycle.ts';
import { HandClock, settle } from '../support/fake-time.ts';
import { ReferenceLog } from '../support/reference-log.ts';
import { seededRandom } from '../support/time.ts';

const ROOM = 'g:room';
const FAULTS = {
  dropCommand: 0.03,
  dropReply: 0.05,
  dropPush: 0.15,
  repeatPush: 0.1,
  batch: 0.3,
  refuse: 0,
  delayMs: 900,
};

type Name = 'tab' | 'twin';
type Step =
  | { do: 'send' | 'edit' | 'delete' | 'react' | 'unreact'; pick: number }
  | { do: 'wait'; ms: number }
  | { do: 'cut' | 'offline' | 'online' | 'hidden' | 'older' | 'read' | 'reload' | 'crash'; who: Name }
  | { do: 'remove and add' | 'clear' }
  | { do: 'restore'; pick: number };

const who = fc.constantFrom<Name>('tab', 'twin');
const pick = fc.nat(14);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('send' as const), pick }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('edit', 'delete', 'react', 'unreact'), pick }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4_000 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('cut', 'offline', 'online', 'hidden', 'older', 'read'), who }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('reload', 'crash'), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('remove and add', 'clear') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), pick }) },
);

/** A tab that is reloaded now and then. Its storage fails now and then, and is shared with the other tab. */
class Tab {
  readonly #world: World;
  lifecycle = new FakeLifecycle();
  client!: ReturnType<typeof createClient>;
  #alive = { is: true };

  constructor(world: World) {
    this.#world = world;
    this.#start();
  }

  get room() {
    return this.client.conversations.get(ROOM);
  }

  #start(): void {
    const { clock, random, server } = this.#world;
    this.#alive = { is: true };
    this.lifecycle = new FakeLifecycle();
    this.lifecycle.online = false;
    this.client = createClient({
      url: 'wss://chat.example/prod',
      token: async () => fakeToken('ann'),
      userId: 'ann',
      openSocket: server.openSocket,
      clock,
      random,
      lifecycle: this.lifecycle,
      outbox: memoryOutbox(),
      copies: this.#world.storageFor(this.#alive),
      heartbeatMs: 15_000,
      handoverAfterMs: 1e9,
    });
    this.client.connect().catch(() => {});
  }

  /** Ends the page, with its last write or without, and opens it again: first without a network. */
  async reload(how: 'reload' | 'crash'): Promise<void> {
    if (how === 'crash') this.#alive.is = false;
    this.client.close();
    await settle(5);
    this.#alive.is = false;
    this.#start();
    await settle(5);
    await this.#world.checkShown(this);
    this.room.join().catch(() => {});
    this.lifecycle.emit('online');
  }
}

class World {
  readonly clock = new HandClock();
  readonly random: () => number;
  readonly server: FakeChatServer;
  readonly tabs: Record<Name, Tab>;
  readonly stored = memoryCopies();
  /** How likely storage is to fail. */
  failing = 0.1;
  /** The logs before they were restored, by epoch. */
  readonly #past = new Map<string, readonly EntryFrame[]>();

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.server = new FakeChatServer({ clock: this.clock, random: this.random, pageMax: 7 });
    this.server.create(ROOM, ['ann', 'bob']);
    this.tabs = { tab: new Tab(this), twin: new Tab(this) };
  }

  /** The shared storage as one page reaches it: it fails, or never answers, and nothing more when the page is gone. */
  storageFor(alive: { readonly is: boolean }): CopyStorage {
    const through = async <T>(task: () => Promise<T>): Promise<T> => {
      const chance = this.random();
      if (!alive.is || chance < this.failing / 3) return new Promise(() => {});
      if (chance < this.failing) throw new Error('no');
      return task();
    };
    const { stored } = this;
    return {
      load: (userId) => stored.load(userId),
      put: (copies, generation) => through(() => stored.put(structuredClone(copies), generation)),
      remove: (userId, ids) => through(() => stored.remove(userId, ids)),
      clear: (userId) => stored.clear(userId),
    };
  }

  /** The messages of this log up to `position`, each as it is after its entry `rev`, if that is later. */
  reference({ base, epoch, messages, position }: StoredCopy): Message[] {
    const { entries, info } = this.server.log(ROOM);
    const log = info.epoch === epoch ? entries : this.#past.get(epoch);
    expect(log).toBeDefined();
    const at = (seq: number) => {
      const copy = new ReferenceLog('ann');
      for (const frame of (log ?? []).slice(0, seq)) copy.receive(frame);
      return copy;
    };
    const later = new Map(messages.map(({ rev, seq }) => [seq, rev]));
    return at(position)
      .list()
      .filter(({ seq }) => seq > base)
      .map((message) => at(Math.max(position, later.get(message.seq) ?? 0)).messages.get(message.seq) as Message);
  }

  /** What is stored once was true, and it is what is shown before there is a network. */
  async checkStored(): Promise<StoredCopy | undefined> {
    const [copy] = (await this.stored.load('ann')).copies;
    if (copy) expect(copy.messages).toEqual(this.reference(copy));
    return copy;
  }

  async checkShown({ room }: Tab): Promise<void> {
    const shown = [...room.messages];
    const { position } = room;
    const copy = await this.checkStored();
    // The other tab may have written between the load and this look at it.
    if (copy?.position !== position) return;
    expect(shown.map(({ key: _key, status: _status, ...message }) => message)).toEqual(
      copy.messages.map(({ n: _n, rev: _rev, ...message }) => message),
    );
  }

  async take(each: Step): Promise<void> {
    switch (each.do) {
      case 'wait':
        return this.clock.advance(each.ms);
      case 'reload':
      case 'crash':
        return this.tabs[each.who].reload(each.do);
      case 'older':
        return void this.tabs[each.who].room.loadOlder(5).catch(() => {});
      case 'read':
        return void this.tabs[each.who].room.markRead().catch(() => {});
      case 'offline':
      case 'online':
      case 'hidden':
        return this.tabs[each.who].lifecycle.emit(each.do);
      case 'cut':
        return [...this.server.connections][each.who === 'tab' ? 0 : 1]?.cut();
      case 'clear':
        return this.stored.clear('ann');
      case 'remove and add':
        this.server.as('bob', 'remove-member', { conversationId: ROOM, userId: 'ann' });
        (this.server.log(ROOM).members.get('ann') as { active: boolean }).active = true;
        return;
      case 'restore':
        return this.#restore(each.pick);
      default:
        this.#act(each);
    }
  }

  #restore(lost: number): void {
    const { entries, info } = this.server.log(ROOM);
    this.#past.set(info.epoch, [...entries]);
    this.server.restore(ROOM, Math.max(0, entries.length - lost));
    for (const connection of this.server.connections) connection.cut();
  }

  #act({ do: action, pick: index }: Extract<Step, { pick: number }>): void {
    const messages = this.server.messagesFor(ROOM, 'bob');
    const seq = messages[messages.length - 1 - index]?.seq;
    const common = { conversationId: ROOM, seq: seq ?? 0 };
    const emoji = index % 2 ? '👍' : '🎉';
    try {
      if (action === 'send') {
        this.server.as('bob', 'send-message', { conversationId: ROOM, content: `message ${messages.length}` });
        // Reactions of ann's own: `mine` must be kept.
        if (index > 10) this.server.as('ann', 'add-reaction', { ...common, emoji });
      } else if (seq === undefined) return;
      else if (action === 'edit') this.server.as('bob', 'edit-message', { ...common, content: `edited ${index}` });
      else if (action === 'delete') this.server.as('bob', 'delete-message', common);
      else this.server.as('bob', action === 'react' ? 'add-reaction' : 'remove-reaction', { ...common, emoji });
    } catch {
      // A refused command is as good a step as any.
    }
  }

  /** Ends all faults, after which every tab shows the log, and so does a page that is opened without a network. */
  async finish(): Promise<void> {
    this.server.faults = { ...NO_FAULTS };
    this.failing = 0;
    for (const name of ['tab', 'twin'] as const) await this.tabs[name].reload('reload');
    await this.clock.advance(120_000);
    const expected = this.server.messagesFor(ROOM, 'ann');
    for (const { room } of Object.values(this.tabs)) {
      expect(room.state).toBe('live');
      const held = expected.slice(expected.length - room.messages.length);
      const shown = room.messages.map(({ key: _key, status: _status, ...message }) => message);
      expect(shown).toEqual(held.map(({ n: _n, rev: _rev, ...message }) => message));
      expect(room.hasOlder || shown.length === expected.length).toBe(true);
    }
    const copy = await this.checkStored();
    expect(copy?.position).toBe(this.server.log(ROOM).entries.length);
    await this.tabs.tab.reload('reload');
  }
}

describe('copies that are stored (LOG-2 to LOG-6)', () => {
  it('were true once whenever a page is loaded, and equal the log after the catch-up', async () => {
    const histories = fc.record({
      seed: fc.integer(),
      steps: fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
    });
    await fc.assert(
      fc.asyncProperty(histories, async ({ seed, steps }) => {
        const world = new World(seed);
        for (const name of ['tab', 'twin'] as const) await world.tabs[name].reload('reload');
        await world.clock.advance(2_000);
        world.server.faults = { ...FAULTS };
        for (const each of steps) await world.take(each);
        await world.finish();
      }),
      { numRuns: Number(process.env.CLIENT_RUNS ?? 60), endOnFailure: false },
    );
  }, 120_000);
});
