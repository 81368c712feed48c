import type { IndexedDb } from './indexed-db.ts';

type Connection = ReturnType<IndexedDb['open']>['result'];
type Store = ReturnType<ReturnType<Connection['transaction']>['objectStore']>;
type Request<T> = Omit<ReturnType<Store['put']>, 'result'> & { readonly result: T };

/** 2: `copies` beside `outbox`. A newer version only adds, so that an older page can go on. */
const VERSION = 2;

/** The result of a request; rejects with its error. */
export function settled<T>(request: Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * The database that everything stored is in. It is opened with its first use; opening that fails is tried again with
 * the next, and so is a connection that the browser closed in between. Where a page of an older version keeps it open
 * and does not let go, opening waits until that page is closed: callers do not wait that long (`SteadyStorage`).
 */
export class Database {
  readonly #name: string;
  readonly #factory: IndexedDb;
  #opening: Promise<Connection> | undefined;

  constructor(name: string, factory: IndexedDb) {
    this.#name = name;
    this.#factory = factory;
  }

  /** Runs a task in one transaction: all of it is stored, or nothing. It may run twice; it waits for requests alone. */
  async in<T>(
    name: 'outbox' | 'copies',
    mode: 'readonly' | 'readwrite',
    task: (store: Store) => Promise<T>,
  ): Promise<T> {
    const run = async () => {
      this.#opening ??= this.#open();
      const transaction = (await this.#opening).transaction(name, mode);
      // A disk that is full fails the transaction after its requests.
      const completed = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
      const [result] = await Promise.all([task(transaction.objectStore(name)), completed]);
      return result;
    };
    try {
      return await run();
    } catch {
      // Perhaps the browser closed the connection without a word: once more, on a new one.
      this.#opening = undefined;
      return run();
    }
  }

  async #open(): Promise<Connection> {
    const request = this.#factory.open(this.#name, VERSION);
    request.onupgradeneeded = () => {
      const { objectStoreNames } = request.result;
      // One by one: the version before had the first alone.
      if (!objectStoreNames.contains('outbox'))
        request.result.createObjectStore('outbox', { keyPath: 'clientMessageId' });
      request.result
        .createObjectStore('copies', { keyPath: ['userId', 'conversationId'] })
        .createIndex('userId', 'userId');
    };
    // A newer page was here: what this one needs is still there.
    const isNewer = (error: unknown) => (error as Error).name === 'VersionError';
    const connection = await settled(request).catch((error) => {
      if (isNewer(error)) return settled(this.#factory.open(this.#name));
      throw error;
    });
    const forget = () => {
      this.#opening = undefined;
    };
    connection.onclose = forget;
    // Whoever wants to delete or change it would wait for this connection.
    connection.onversionchange = () => {
      forget();
      connection.close();
    };
    return connection;
  }
}
