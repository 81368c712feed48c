import assert from 'node:assert/strict';
import { CONNECTION_RECORDS, PUBLISHED_RECORDS } from '../../infra/constructs/stream-filters.ts';
import type { BusEvent } from '../../shared/domain/bus-events.ts';
import { BUS_SOURCE } from '../../shared/domain/bus-names.ts';
import type { Room } from '../../shared/domain/connection.ts';
import type { Clock, Random } from '../../shared/domain/ports.ts';
import { type ChatFunctions, invoke } from './chat-functions.ts';
import { type DeliveredEvent, FakeBus } from './fake-bus.ts';
import { FakeQueue, type ReceivedMessage } from './fake-queue.ts';
import type { StoredChange } from './memory-stores.ts';
import { StreamReader } from './stream-reader.ts';
import { type Commit, isOf } from './stream-records.ts';

/** What may go wrong between the commit and the socket. */
export interface Faults {
  /** Whether events and messages come in any order. */
  readonly reorder?: boolean;
  /** The chance, 0 to 1, that an event or a message comes twice. */
  readonly duplicate?: number;
}

type Consumers = Pick<ChatFunctions, 'publish-events' | 'connection-changes' | 'broadcast' | 'settle-presence'>;

/** The most records or messages in one call, as the stack has it. */
const PUBLISH_BATCH_SIZE = 100;
const CHANGES_BATCH_SIZE = 50;
const QUEUE_BATCH_SIZE = 10;
/** How long a failed batch of a stream waits, and how many times `pump` looks again before it finds no quiet. */
const RETRY_MS = 1_000;
const MAX_ROUNDS = 1_000;

/**
 * What follows a commit, through the functions behind the two streams: changes → bus → posts, and changes of
 * connections → clean-up → queue → presence. Nothing happens until `pump` is called.
 */
export class ChatStreams {
  /** What was committed and no function has got yet. */
  readonly changes: Commit[] = [];
  readonly bus: FakeBus;
  readonly presenceQueue: FakeQueue;
  /** Log positions that an operator is to redrive. */
  readonly undeliveredQueue: FakeQueue;
  readonly #clock: HandMoved;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #functions: () => Consumers;
  readonly #chatStream: StreamReader;
  readonly #connectionsStream: StreamReader;
  #commits = 0;

  constructor({ clock, random, faults, functions }: ChatStreamsOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#faults = faults;
    this.#functions = functions;
    this.bus = new FakeBus(clock.now);
    this.presenceQueue = new FakeQueue(clock.now);
    this.undeliveredQueue = new FakeQueue(clock.now);
    this.#chatStream = new StreamReader(PUBLISHED_RECORDS, (event) => invoke(functions()['publish-events'], event));
    this.#connectionsStream = new StreamReader(CONNECTION_RECORDS, (event) =>
      invoke(functions()['connection-changes'], event),
    );
  }

  /** Takes note of a change, within the step that makes it. */
  commit(change: StoredChange): void {
    this.#commits += 1;
    this.changes.push({ change, sequenceNumber: String(this.#commits).padStart(21, '0'), at: this.#clock.now() });
  }

  /** Delivers what is under way and due now. What fails comes again with the next call. */
  async pump(): Promise<void> {
    let again = this.#chatStream.isBehind || this.#connectionsStream.isBehind;
    while (again || this.changes.length > 0 || this.bus.events.length > 0 || this.presenceQueue.hasVisible()) {
      again = false;
      const changes = this.changes.splice(0);
      await this.publish(changes);
      await this.cleanUp(changes);
      for (const event of this.#arriving(this.bus.events.splice(0))) await this.broadcast(event);
      await this.#settle(this.#arriving(this.presenceQueue.receive()));
      assert.deepEqual(this.presenceQueue.givenUp, [], 'looks at presence that failed too often');
    }
  }

  /** Delivers also what waits for a later time, until nothing more follows. */
  async pumpUntilQuiet(): Promise<void> {
    await this.pump();
    for (let round = 0, due = this.#nextDue(); due !== undefined; round += 1, due = this.#nextDue()) {
      assert.ok(round < MAX_ROUNDS, 'something fails for ever');
      this.#clock.advance(Math.max(0, due - this.#clock.now()));
      await this.pump();
    }
  }

  async publish(commits: readonly Commit[]): Promise<void> {
    await this.#chatStream.read(
      commits.filter((commit) => isOf('chat', commit)),
      PUBLISH_BATCH_SIZE,
    );
  }

  async cleanUp(commits: readonly Commit[]): Promise<void> {
    await this.#connectionsStream.read(
      commits.filter((commit) => isOf('connections', commit)),
      CHANGES_BATCH_SIZE,
    );
  }

  async broadcast(event: DeliveredEvent): Promise<void> {
    await invoke(this.#functions().broadcast, event);
  }

  /** Has a user's presence in a room looked at. Throws if that fails. */
  async settle(check: { readonly room: Room; readonly userId: string }): Promise<void> {
    const message = { messageId: 'a-check', body: JSON.stringify(check), attributes: { ApproximateReceiveCount: '1' } };
    const { batchItemFailures } = await invoke(this.#functions()['settle-presence'], { Records: [message] });
    assert.deepEqual(batchItemFailures, []);
  }

  async #settle(messages: readonly ReceivedMessage[]): Promise<void> {
    for (let first = 0; first < messages.length; first += QUEUE_BATCH_SIZE) {
      const batch = messages.slice(first, first + QUEUE_BATCH_SIZE);
      const { batchItemFailures } = await invoke(this.#functions()['settle-presence'], { Records: batch });
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = batch.map(({ messageId }) => messageId).filter((messageId) => !failed.has(messageId));
      this.presenceQueue.delete(done);
    }
  }

  #nextDue(): number | undefined {
    const isBehind = this.#chatStream.isBehind || this.#connectionsStream.isBehind;
    return isBehind ? this.#clock.now() + RETRY_MS : this.presenceQueue.lastDue();
  }

  #arriving<T>(items: readonly T[]): T[] {
    const { reorder = false, duplicate = 0 } = this.#faults;
    const all = items.flatMap((item) => (this.#random() < duplicate ? [item, item] : [item]));
    const ranked = all.map((item) => ({ item, rank: reorder ? this.#random() : 0 }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
  }
}

type HandMoved = Clock & { readonly advance: (ms: number) => void };

interface ChatStreamsOptions {
  readonly clock: HandMoved;
  readonly random: Random;
  readonly faults: Faults;
  /** Asked when the first event is there: the functions put events on this bus and these queues. */
  readonly functions: () => Consumers;
}

/** An event of ours as the bus hands it over, for tests that do not wait for it to be published. */
export function onTheBus({ type, detail }: BusEvent): DeliveredEvent {
  return { source: BUS_SOURCE, 'detail-type': type, detail };
}
