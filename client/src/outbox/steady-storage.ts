import { ownError } from '../errors.ts';
import type { Clock } from '../platform/edges.ts';
import type { OutboxItem, OutboxStorage } from './storage.ts';

/** Nothing waits for storage longer than this. */
const WAIT_MAX_MS = 1_000;

/** What a `SteadyStorage` works with, and whom it tells. */
export interface SteadyStorageOptions {
  readonly storage: OutboxStorage;
  readonly clock: Clock;
  /** Storage does not do its work: it throws, does not answer, or is full. Once. */
  onFailure(error: unknown): void;
}

/**
 * Storage that may not be there: it throws, never answers, is full, or comes back. Nobody waits for it longer than a
 * second, and no call to it rejects: what it does not keep is in memory anyway.
 */
export class SteadyStorage {
  readonly #options: SteadyStorageOptions;
  #failed = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SteadyStorageOptions) {
    this.#options = options;
  }

  /**
   * What is stored for this user: none, if it does not answer in time. `onLate` then gets it when it does answer.
   */
  async load(userId: string, onLate: (items: readonly OutboxItem[]) => void): Promise<readonly OutboxItem[]> {
    const loading = this.#try(() => this.#options.storage.load(userId));
    const items = await this.#inTime(loading);
    if (items === LATE) void loading.then((late) => late && late.length > 0 && onLate(late));
    return items === LATE ? [] : (items ?? []);
  }

  /** Writes one after another, so that a removal never overtakes what it removes. */
  write(task: (storage: OutboxStorage) => Promise<void>): void {
    this.#writing = this.#writing.then(async () => {
      await this.#inTime(this.#try(() => task(this.#options.storage)));
    });
  }

  /** Gives what the task gives; undefined if it fails. An application's storage may throw at once, too. */
  async #try<T>(task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await task();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #inTime<T>(task: Promise<T>): Promise<T | typeof LATE> {
    return new Promise((resolve) => {
      const stop = this.#options.clock.setTimeout(() => {
        this.#fail('it does not answer');
        resolve(LATE);
      }, WAIT_MAX_MS);
      void task.then(resolve).finally(stop);
    });
  }

  #fail(cause: unknown): void {
    if (!this.#failed) this.#options.onFailure(ownError('storage-unavailable', cause));
    this.#failed = true;
  }
}

const LATE = Symbol('late');
