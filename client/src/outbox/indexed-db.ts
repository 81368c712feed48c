import { memoryOutbox, type OutboxItem, type OutboxStorage } from './storage.ts';

/** The parts of IndexedDB that are used; typed here, as Node has none of it. */
type Handler = ((event: never) => void) | null;
interface Request<T> {
  result: T;
  error: unknown;
  onsuccess: Handler;
  onerror: Handler;
}
interface Store {
  put(item: OutboxItem): Request<unknown>;
  delete(key: string): Request<unknown>;
  getAll(): Request<OutboxItem[]>;
}
interface Database {
  createObjectStore(name: string, options: { keyPath: string }): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite'): { objectStore(name: string): Store };
}
interface OpenRequest extends Request<Database> {
  onupgradeneeded: Handler;
}
/** What the outbox needs of the browser's `indexedDB`. */
export interface IndexedDb {
  /**
   * Opens a database.
   *
   * @example
   * ```ts
   * const request = indexedDB.open('parley', 1);
   * ```
   */
  open(name: string, version: number): OpenRequest;
}

const STORE = 'outbox';

function settled<T>(request: Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * An outbox that survives a reload, in a database of this name. It is opened with its first use; opening that fails is
 * tried again with the next. Browsers have one by default; give it to choose the name.
 *
 * @example
 * ```ts
 * const outbox = indexedDbOutbox('my-app-outbox', indexedDB);
 * createClient({ url: 'wss://chat.example.com', token: () => 'a token', outbox });
 * ```
 */
export function indexedDbOutbox(name: string, factory: IndexedDb): OutboxStorage {
  let opening: Promise<Database> | undefined;
  const open = () => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'clientMessageId' });
    return settled(request);
  };
  const inStore = async <T>(mode: 'readonly' | 'readwrite', run: (store: Store) => Request<T>): Promise<T> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return settled(run((await opening).transaction(STORE, mode).objectStore(STORE)));
  };
  return {
    load: async (userId) =>
      (await inStore('readonly', (store) => store.getAll())).filter((item) => item.userId === userId),
    put: async (item) => void (await inStore('readwrite', (store) => store.put(item))),
    remove: async (clientMessageId) => void (await inStore('readwrite', (store) => store.delete(clientMessageId))),
  };
}

/**
 * IndexedDB where there is one, else memory. One database for each API, so that two deployments never mix.
 *
 * @internal
 */
export function defaultOutbox(url: string): OutboxStorage {
  const { indexedDB } = globalThis as { indexedDB?: IndexedDb };
  return indexedDB ? indexedDbOutbox(`parley:${url}`, indexedDB) : memoryOutbox();
}
