import { type ChatError, ownError } from '../errors.ts';
import type { Clock } from './edges.ts';

/** Nothing waits for storage longer than this. */
const WAIT_MAX_MS = 1_000;

/** What a `SteadyStorage` works with, and whom it tells. */
export interface SteadyStorageOptions<S> {
  readonly storage: S;
  readonly clock: Clock;
  /** Storage does not do its work: it throws, does not answer, or is full. Perhaps many times. */
  onFailure(error: ChatError): void;
}

/**
 * Storage that may not be there: it throws, never answers, is full, or comes back. Nobody waits for it longer than a
 * second, and no call to it rejects: what it does not keep is in memory anyway.
 */
export class SteadyStorage<S> {
  readonly #options: SteadyStorageOptions<S>;
  #writing: Promise<void> = Promise.resolve();
  /** Calls that were given up and have no answer yet: until they have, nobody waits for another. */
  #unanswered = 0;

  constructor(options: SteadyStorageOptions<S>) {
    this.#options = options;
  }

  /** What the task gives; undefined, if it does not answer in time. `onLate` then gets it when it does answer. */
  async load<T>(task: (storage: S) => Promise<T>, onLate: (loaded: T) => void): Promise<T | undefined> {
    const loading = this.#try(task);
    const loaded = await this.#inTime(loading);
    if (loaded !== LATE) return loaded;
    void loading.then((late) => late !== undefined && onLate(late));
    return undefined;
  }

  /**
   * Writes one after another, so that a removal never overtakes what it removes. Resolves when it is done, or given up.
   */
  write(task: (storage: S) => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      await this.#inTime(this.#try(task));
    });
    return this.#writing;
  }

  /** Gives what the task gives; undefined if it fails. An application's storage may throw at once, too. */
  async #try<T>(task: (storage: S) => Promise<T>): Promise<T | undefined> {
    try {
      return await task(this.#options.storage);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #inTime<T>(task: Promise<T>): Promise<T | typeof LATE> {
    return new Promise((resolve) => {
      let isLate = false;
      const giveUp = () => {
        isLate = true;
        this.#unanswered += 1;
        this.#fail('it does not answer');
        resolve(LATE);
      };
      const stop = this.#options.clock.setTimeout(giveUp, WAIT_MAX_MS);
      void task.then(resolve).finally(() => {
        stop();
        if (isLate) this.#unanswered -= 1;
      });
      if (this.#unanswered > 0) resolve(LATE);
    });
  }

  #fail(cause: unknown): void {
    this.#options.onFailure(ownError('storage-unavailable', cause));
  }
}

const LATE = Symbol('late');
