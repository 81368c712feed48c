import type { Clock } from '../platform/edges.ts';
import { backoffMs } from './backoff.ts';

/** Handovers are spread, so that a deployment's clients do not all reconnect two hours later together. */
const SPREAD = 0.05;

/** Says when a second socket is to take over from the first (CONN-5). Times are in milliseconds. */
export class HandoverTimer {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #afterMs: number;
  readonly #run: () => void;
  #failures = 0;
  #stop = () => {};

  /** `run` opens the second socket, `afterMs` after a link came up. */
  constructor(clock: Clock, random: () => number, afterMs: number, run: () => void) {
    this.#clock = clock;
    this.#random = random;
    this.#afterMs = afterMs;
    this.#run = run;
  }

  /** A new link is up: its time begins. */
  start(): void {
    this.#failures = 0;
    this.#schedule(this.#afterMs * (1 - SPREAD * this.#random()));
  }

  /** The second socket did not come up; the first still serves. Tries again after a backoff. */
  failed(): void {
    this.#failures += 1;
    this.#schedule(backoffMs(this.#failures, this.#random));
  }

  /** The link is gone. */
  stop(): void {
    this.#stop();
  }

  #schedule(ms: number): void {
    this.#stop();
    this.#stop = this.#clock.setTimeout(this.#run, ms);
  }
}
