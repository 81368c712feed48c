import {
  type BroadcastDeps,
  broadcastAgain,
  broadcastEntries,
  broadcastFrames,
} from '../../shared/delivery/broadcast.ts';
import {
  type ConnectionChange,
  handleConnectionChanges,
  type PresenceCheck,
} from '../../shared/delivery/connection-changes.ts';
import { type ChatChange, publishChanges, type Undelivered } from '../../shared/delivery/publish-changes.ts';
import { type BusEvent, busEvents } from '../../shared/domain/bus-events.ts';
import { isActive } from '../../shared/domain/conversation.ts';
import { PRESENCE_ROOM_MAX } from '../../shared/protocol/limits.ts';
import { dropOrphans, settlePresence } from '../../shared/usecases/presence/settle-presence.ts';
import type { StoredChange } from './memory-stores.ts';

/** What may go wrong between the commit and the socket. */
export interface Faults {
  /** Whether events and checks come in any order. */
  readonly reorder?: boolean;
  /** The chance, 0 to 1, that an event comes twice. */
  readonly duplicate?: number;
}

interface Due {
  readonly check: PresenceCheck;
  readonly at: number;
}

/**
 * What follows a commit, as the functions behind the two streams do it: changes → bus → posts, and changes of
 * connections → clean-up → presence. Nothing happens until `pump` is called.
 */
export class ChatStreams {
  readonly changes: StoredChange[] = [];
  readonly events: BusEvent[] = [];
  readonly undelivered: Undelivered[] = [];
  readonly #checks: Due[] = [];
  readonly #deps: Omit<BroadcastDeps, 'publish'>;
  readonly #faults: Faults;
  #records = 0;

  constructor(deps: Omit<BroadcastDeps, 'publish'>, faults: Faults) {
    this.#deps = deps;
    this.#faults = faults;
  }

  /** Delivers everything that is under way and due now. */
  async pump(): Promise<void> {
    while (this.changes.length > 0 || this.events.length > 0 || this.#dueChecks().length > 0) {
      const changes = this.changes.splice(0);
      await this.publish(changes);
      await this.cleanUp(changes);
      for (const event of this.#arriving(this.events.splice(0))) await this.broadcast(event);
      const due = this.#dueChecks();
      for (const one of due) this.#checks.splice(this.#checks.indexOf(one), 1);
      for (const { check } of this.#arriving(due)) await this.settle(check);
    }
  }

  /** When the last waiting check is due, or undefined if none waits. */
  lastDue(): number | undefined {
    return this.#checks.length > 0 ? Math.max(...this.#checks.map(({ at }) => at)) : undefined;
  }

  async publish(changes: readonly StoredChange[]): Promise<void> {
    const chatChanges = changes.flatMap((change) => this.#toChatChange(change) ?? []);
    const again = await publishChanges(
      {
        conversations: this.#deps.stores.conversations,
        publish: this.#take,
        giveUp: async (positions) => void this.undelivered.push(...positions),
        now: this.#deps.clock.now,
        report: this.#deps.report,
      },
      chatChanges,
    );
    if (again.length > 0) throw new Error('the bus of a test accepts everything');
  }

  async cleanUp(changes: readonly StoredChange[]): Promise<void> {
    const enqueue = async (checks: readonly PresenceCheck[]) => {
      const now = this.#deps.clock.now();
      this.#checks.push(...checks.map((check) => ({ check, at: now + check.delaySeconds * 1000 })));
      return [];
    };
    const connectionChanges = changes.flatMap((change) => this.#toConnectionChange(change) ?? []);
    const { connections, clock, report } = this.#deps;
    await handleConnectionChanges({ connections, enqueue, clock, report }, connectionChanges);
  }

  async broadcast(event: BusEvent): Promise<void> {
    const deps = { ...this.#deps, publish: this.#take };
    switch (event.type) {
      case 'entries-appended':
        return broadcastEntries(deps, event.detail);
      case 'frames-to-rooms':
        return broadcastFrames(deps, event.detail);
      case 'delivery-retry':
        return broadcastAgain(deps, event.detail);
    }
  }

  async settle({ room, userId }: PresenceCheck): Promise<void> {
    const frame = await settlePresence(this.#deps, room, userId);
    if (frame) {
      const detail = { rooms: [room], frames: [{ ...frame }], maxConnections: PRESENCE_ROOM_MAX };
      await this.#take([{ type: 'frames-to-rooms', detail }]);
    }
    await dropOrphans(this.#deps, room, userId);
  }

  /** Acts as the bus: every event must pass the schema that its reader uses. */
  readonly #take = async (events: readonly BusEvent[]): Promise<readonly BusEvent[]> => {
    for (const { type, detail } of events) {
      const read = busEvents[type].parse(JSON.parse(JSON.stringify(detail)));
      this.events.push({ type, detail: read } as BusEvent);
    }
    return [];
  };

  #dueChecks(): Due[] {
    return this.#checks.filter(({ at }) => at <= this.#deps.clock.now());
  }

  #arriving<T>(items: readonly T[]): T[] {
    const { random } = this.#deps;
    const { reorder = false, duplicate = 0 } = this.#faults;
    const all = items.flatMap((item) => (random() < duplicate ? [item, item] : [item]));
    const ranked = all.map((item) => ({ item, rank: reorder ? random() : 0 }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
  }

  #toChatChange(change: StoredChange): ChatChange | undefined {
    this.#records += 1;
    const record = { recordId: String(this.#records), createdAt: this.#deps.clock.now() };
    if (change.item === 'entry' && change.next && !change.old) return { ...record, type: 'entry', entry: change.next };
    if (change.item !== 'member' || !isActive(change.next) || isActive(change.old)) return undefined;
    return { ...record, type: 'member-became-active', member: change.next };
  }

  #toConnectionChange({ item, old, next }: StoredChange): ConnectionChange | undefined {
    this.#records += 1;
    const recordId = String(this.#records);
    if (item === 'connection' && old && !next) return { recordId, type: 'connection-gone', connection: old };
    if (item !== 'subscription' || (old && next)) return undefined;
    const { room, userId } = next ?? (old as NonNullable<typeof old>);
    return { recordId, type: next ? 'subscribed' : 'unsubscribed', room, userId };
  }
}
