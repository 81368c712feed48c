/** A store that React reads: it counts its changes and tells of them. */
export class Observable {
  #revision = 0;
  readonly #listeners = new Set<() => void>();

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Calls the listener after every change; returns its undo. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** For the store itself: something is new. */
  changed(): void {
    this.#revision += 1;
    for (const listener of [...this.#listeners]) listener();
  }
}
