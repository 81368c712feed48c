/**
 * A list of listeners.
 * @template T
 * @returns {{ on: (listener: (value: T) => void) => () => void, emit: (value: T) => void }} `on` gives back its undo
 */
export function createEmitter() {
  const listeners = new Set();
  return {
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(value) {
      for (const listener of [...listeners]) listener(value);
    },
  };
}
