import type { Off } from './edges.ts';

/** Listeners by event. One that throws, now or later, disturbs neither the others nor the client: `onThrow` is told. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(payload: never) => unknown>>();
  readonly #onThrow: (error: unknown, event: keyof Events) => void;

  constructor(onThrow: (error: unknown, event: keyof Events) => void) {
    this.#onThrow = onThrow;
  }

  /** Calls `listener` with every event of this name; gives the undo. */
  on<K extends keyof Events>(event: K, listener: (payload: Events[K]) => void): Off {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // Wrapped, so that the same function given twice is two subscriptions with an undo each.
    const entry = (payload: Events[K]): unknown => listener(payload);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /** Whether anybody listens. */
  has(event: keyof Events): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0;
  }

  /** Calls the listeners, in the order in which they came. Throws nothing. */
  emit<K extends keyof Events>(event: K, payload: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])] as ((payload: Events[K]) => unknown)[]) {
      const failed = (error: unknown) => this.#onThrow(error, event);
      try {
        // An asynchronous listener fails by its promise, which nobody holds.
        const result = listener(payload);
        if (result instanceof Promise) result.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}
