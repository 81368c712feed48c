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
interface Transaction {
  readonly error: unknown;
  oncomplete: Handler;
  onabort: Handler;
  objectStore(name: string): Store;
}
interface Database {
  createObjectStore(name: string, options: { keyPath: string }): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite'): Transaction;
  close(): void;
  onclose?: Handler;
  onversionchange?: Handler;
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
 * tried again with the next, and so is a database that the browser closed in between. Browsers have one by default;
 * give it to choose the name.
 *
 * @example
 * ```ts
 * const outbox = indexedDbOutbox('my-app-outbox', indexedDB);
 * createClient({ url: 'wss://chat.example.com', token: () => 'a token', outbox });
 * ```
 */
export function indexedDbOutbox(name: string, factory: IndexedDb): OutboxStorage {
  let opening: Promise<Database> | undefined;
  const forget = () => {
    opening = undefined;
  };
  const open = async () => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'clientMessageId' });
    const database = await settled(request);
    database.onclose = forget;
    // Whoever wants to delete or change it would wait for this connection.
    database.onversionchange = () => {
      forget();
      database.close();
    };
    return database;
  };
  const inStore = async <T>(mode: 'readonly' | 'readwrite', run: (store: Store) => Request<T>): Promise<T> => {
    const use = async () => {
      opening ??= open();
      const transaction = (await opening).transaction(STORE, mode);
      // A disk that is full fails the transaction after its requests.
      const completed = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
      const [result] = await Promise.all([settled(run(transaction.objectStore(STORE))), completed]);
      return result;
    };
    try {
      return await use();
    } catch {
      // Perhaps the browser closed the connection without a word: once more, on a new one.
      forget();
      return use();
    }
  };
  return {
    load: async (userId) =>
      (await inStore('readonly', (store) => store.getAll())).filter((item) => item.userId === userId),
    put: async (item) => void (await inStore('readwrite', (store) => store.put(item))),
    remove: async (clientMessageId) => void (await inStore('readwrite', (store) => store.delete(clientMessageId))),
  };
}

/**
 * IndexedDB where there is one, else memory. One database for each API, so that two deployments never mix. Where a
 * browser forbids even to ask for it, using it fails, and the client tells.
 *
 * @internal
 */
export function defaultOutbox(url: string): OutboxStorage {
  try {
    const { indexedDB } = globalThis as { indexedDB?: IndexedDb };
    return indexedDB ? indexedDbOutbox(`parley:${url}`, indexedDB) : memoryOutbox();
  } catch (error) {
    return { ...memoryOutbox(), load: () => Promise.reject(error) };
  }
}
