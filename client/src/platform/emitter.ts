import type { Off } from './edges.ts';

/**
 * Listeners by event. One that throws disturbs neither the others nor the client: its error surfaces as uncaught, where
 * the application's own reporting sees it.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(payload: never) => void>>();

  /** Calls `listener` with every event of this name; gives the undo. */
  on<K extends keyof Events>(event: K, listener: (payload: Events[K]) => void): Off {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // Wrapped, so that the same function given twice is two subscriptions with an undo each.
    const entry = (payload: Events[K]) => listener(payload);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /** Calls the listeners, in the order in which they came. Throws nothing. */
  emit<K extends keyof Events>(event: K, payload: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])] as ((payload: Events[K]) => void)[]) {
      try {
        listener(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
