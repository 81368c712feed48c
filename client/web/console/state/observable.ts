/** A store that React reads. It counts its changes and calls listeners after each. */
export class Observable {
  #revision = 0;
  readonly #listeners = new Set<() => void>();

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Calls the listener after every change. Gives the function that stops it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The store calls this itself after every change. */
  changed(): void {
    this.#revision += 1;
    for (const listener of [...this.#listeners]) listener();
  }
}
