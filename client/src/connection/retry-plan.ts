import type { Clock } from '../platform/edges.ts';
import { backoffMs } from './backoff.ts';

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

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** A good connection: the next loss starts the backoff anew. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** The wait after one more failure; at least as long as the server asks for. */
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
