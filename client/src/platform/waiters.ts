/** Those who wait for one thing to happen; all of them hear of it together, and in the order in which they came. */
export class Waiters<T> {
  #waiting: { resolve(value: T): void; reject(error: unknown): void }[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** Settles with the next `resolve` or `reject`. */
  wait(): Promise<T> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Tells those who wait by now. */
  resolve(value: T): void {
    for (const { resolve } of this.#take()) resolve(value);
  }

  /** Tells those who wait by now that it will not happen. */
  reject(error: unknown): void {
    for (const { reject } of this.#take()) reject(error);
  }

  /** Lets those who wait by now go over to another list: whoever comes later waits for the next time. */
  take(): Waiters<T> {
    const taken = new Waiters<T>();
    taken.#waiting = this.#take();
    return taken;
  }

  #take() {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
