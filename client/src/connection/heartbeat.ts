import { PING_POSITIONS_MAX } from '../../../shared/protocol/limits.ts';
import type { Clock } from '../platform/edges.ts';
import type { Link } from './link.ts';

/** What a `Heartbeat` works with, and whom it tells. */
export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Until the next beat, in milliseconds. */
  intervalMs(): number;
  /** Where every joined conversation's copy ends. */
  positions(): { conversationId: string; seq: number }[];
  onBehind(behind: { conversationId: string; head: number }): void;
  /** It pings. */
  onBeat(): void;
}

/** Beats of many clients that lost their sockets together drift apart. */
const SPREAD = 0.1;
/** How often it looks whether the machine slept; and what a look is late by, if it did. */
const LOOK_MS = 1_000;
const SLEPT_MS = 5_000;

/**
 * CONN-4: keeps the link from idling out, finds out whether it still works (no pong drops it), and proves that nothing
 * at the end of a log was missed. More than 50 conversations take more than one ping a beat.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #link: Link | undefined;
  #stopTimer = () => {};
  #beating = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Takes charge of a new link. */
  watch(link: Link): void {
    this.#link = link;
    this.schedule();
  }

  /** The link is gone. */
  stop(): void {
    this.#link = undefined;
    this.#stopTimer();
  }

  /** Plans the next beat anew. */
  schedule(): void {
    this.#stopTimer();
    const link = this.#link;
    if (!link || link.down) return;
    this.#look(this.#options.clock.now() + this.#options.intervalMs() * (1 - SPREAD * this.#options.random()));
  }

  /**
   * Timers stand still while a machine sleeps, and nobody tells of its waking where the page is in view all along: a
   * look that comes late is one after a sleep, in which the network forgot the link.
   */
  #look(dueAt: number): void {
    const { clock } = this.#options;
    const now = clock.now();
    const ms = Math.min(LOOK_MS, dueAt - now);
    this.#stopTimer = clock.setTimeout(() => {
      const slept = clock.now() - now > ms + SLEPT_MS;
      if (slept || clock.now() >= dueAt) void this.beat(slept ? LOOK_MS : 0);
      else this.#look(dueAt);
    }, ms);
  }

  /** Pings now, unless it does so already; `lateMs` as in `Link.request`. Never rejects. */
  async beat(lateMs = 0): Promise<void> {
    const link = this.#link;
    if (!link || link.down || this.#beating) return;
    this.#beating = true;
    this.#options.onBeat();
    try {
      const positions = this.#options.positions();
      do {
        const { data } = await link.request('ping', { positions: positions.splice(0, PING_POSITIONS_MAX) }, lateMs);
        for (const each of data.behind) this.#options.onBehind(each);
      } while (positions.length > 0 && !link.down);
    } catch {
      // A silent link has dropped itself; any other refusal leaves the proof to the next beat.
    } finally {
      this.#beating = false;
      this.schedule();
    }
  }
}
