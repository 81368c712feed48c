import type { Clock } from '../platform/edges.ts';
import { backoffMs } from './backoff.ts';

/** A link that lived this long was a good one: the backoff starts anew, and it earns one quick attempt. */
const GOOD_AFTER_MS = 3_000;
/** Quick attempts in stock: so many links may die young one after another. */
const QUICK_MAX = 3;
/** A quick attempt comes within this. */
const QUICK_WAIT_MS = 1_000;

/**
 * CONN-6: when to try again. Full jitter after every loss, never before the server allows it. All times in
 * milliseconds.
 */
export class RetryPlan {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #retryAt = 0;
  /** The server asked not to be tried before. */
  #notBefore = 0;
  #quick = QUICK_MAX;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The client is closed: what failed before is of no interest any more. */
  succeeded(): void {
    this.#failures = 0;
    this.#quick = QUICK_MAX;
  }

  /**
   * The wait after a link that worked and lived so long: within a second. Links that die young have that a few times;
   * then they count as failures, so that a server which takes every connection and drops it is not run down. It would
   * spread no less than the second between 1 s and 2 s that a first failure waits.
   */
  afterLoss(livedMs: number): number {
    if (livedMs >= GOOD_AFTER_MS) this.#failures = 0;
    this.#quick = Math.min(QUICK_MAX, this.#quick + livedMs / GOOD_AFTER_MS);
    if (this.#quick < 1) return this.afterFailure(0);
    this.#quick -= 1;
    this.#notBefore = 0;
    return Math.round(this.#random() * QUICK_WAIT_MS);
  }

  /** The wait after one more failure, or after `closing`; at least as long as the server asks for. */
  afterFailure(askedMs: number): number {
    this.#failures += 1;
    this.#notBefore = this.#clock.now() + askedMs;
    return Math.max(askedMs, backoffMs(this.#failures, this.#random));
  }

  /** The wait when there is no network: as rarely as CONN-6 allows. */
  whileOffline(): number {
    return backoffMs(Number.MAX_SAFE_INTEGER, this.#random);
  }

  /** The wait when what made the waits longer is over: as after a first failure. */
  sooner(): number {
    this.#failures = 1;
    return Math.max(this.#notBefore - this.#clock.now(), backoffMs(1, this.#random));
  }

  /** The next attempt comes after so long. */
  planned(ms: number): void {
    this.#retryAt = this.#clock.now() + ms;
  }

  /** Whether so long from now is earlier than what is planned. */
  isEarlier(ms: number): boolean {
    return ms < this.#retryAt - this.#clock.now();
  }
}
