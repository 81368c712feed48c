/** Texts by key. Where the browser gives no storage, or none that is left, they last as long as the page. */
export interface SafeStorage {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): readonly string[];
}

/** What outlives the tab. */
export const localStore = safe(() => localStorage);
/** What outlives a reload of this tab. */
export const tabStore = safe(() => sessionStorage);

/** `open` is called anew every time: the very getter of a storage may throw, and may stop to. */
function safe(open: () => Storage): SafeStorage {
  const memory = new Map<string, string>();
  function attempt<T>(task: (storage: Storage) => T, otherwise: T): T {
    try {
      return task(open());
    } catch {
      return otherwise;
    }
  }
  return {
    get: (key) => memory.get(key) ?? attempt((storage) => storage.getItem(key), null) ?? undefined,
    set(key, value) {
      const kept = attempt((storage) => {
        storage.setItem(key, value);
        return true;
      }, false);
      if (kept) memory.delete(key);
      else memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      attempt((storage) => storage.removeItem(key), undefined);
    },
    keys: () => [...new Set([...memory.keys(), ...attempt((storage) => Object.keys(storage), [])])],
  };
}
