import { backoffMs } from '../connection/backoff.ts';
import type { Clock } from '../platform/edges.ts';

/** LOG-5: how long what is ahead waits for what is missing, and up to so much more. */
const GAP_WAIT_MS = 1_500;
const GAP_JITTER_MS = 1_000;

/**
 * The time that missing entries have to come by themselves before they are fetched; longer after every fetch in vain.
 */
export class GapTimer {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #fetch: () => void;
  #stop: (() => void) | undefined;
  #tries = 0;

  constructor(clock: Clock, random: () => number, fetch: () => void) {
    this.#clock = clock;
    this.#random = random;
    this.#fetch = fetch;
  }

  /** Begins to wait, unless it waits already. */
  start(): void {
    if (this.#stop) return;
    const again = this.#tries === 0 ? 0 : backoffMs(this.#tries, this.#random);
    const run = () => {
      this.#stop = undefined;
      this.#fetch();
    };
    this.#stop = this.#clock.setTimeout(run, GAP_WAIT_MS + this.#random() * GAP_JITTER_MS + again);
  }

  /** A fetch begins. */
  tried(): void {
    this.#tries += 1;
  }

  /** Nothing is missing, or nothing can be fetched. */
  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#tries = 0;
  }
}
