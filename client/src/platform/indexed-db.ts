/** The parts of IndexedDB that are used; typed here, as Node has none of it. */
type Handler = ((event: never) => void) | null;
interface Request<T> {
  result: T;
  error: unknown;
  onsuccess: Handler;
  onerror: Handler;
}
interface Store {
  put(row: unknown): Request<unknown>;
  get(key: string[]): Request<unknown>;
  delete(key: string | string[]): Request<unknown>;
  getAll(): Request<unknown[]>;
  index(name: string): { getAll(key: string): Request<unknown[]> };
}
interface Transaction {
  readonly error: unknown;
  oncomplete: Handler;
  onabort: Handler;
  objectStore(name: string): Store;
}
interface Connection {
  readonly objectStoreNames: { contains(name: string): boolean };
  createObjectStore(
    name: string,
    options: { keyPath: string | string[] },
  ): { createIndex(name: string, keyPath: string): unknown };
  transaction(name: string, mode: 'readonly' | 'readwrite'): Transaction;
  close(): void;
  onclose?: Handler;
  onversionchange?: Handler;
}
interface OpenRequest extends Request<Connection> {
  onupgradeneeded: Handler;
}
/** What the client needs of the browser's `indexedDB`. */
export interface IndexedDb {
  /**
   * Opens a database.
   *
   * @example
   * ```ts
   * const request = indexedDB.open('parley', 2);
   * ```
   */
  open(name: string, version?: number): OpenRequest;
}
