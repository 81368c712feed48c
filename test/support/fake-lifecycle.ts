import type { Lifecycle, LifecycleEvent } from '../../client/src/platform/edges.ts';

/** A browser's network and visibility, switched by hand. */
export class FakeLifecycle implements Lifecycle {
  online = true;
  visible = true;
  readonly #listeners = new Set<(event: LifecycleEvent) => void>();

  on(listener: (event: LifecycleEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: LifecycleEvent): void {
    if (event === 'online' || event === 'offline') this.online = event === 'online';
    else this.visible = event === 'visible';
    for (const listener of [...this.#listeners]) listener(event);
  }
}
