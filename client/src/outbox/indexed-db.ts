import { Database, settled } from '../platform/database.ts';
import type { IndexedDb } from '../platform/indexed-db.ts';
import type { OutboxItem, OutboxStorage } from './storage.ts';

/**
 * An outbox that survives a reload, in a database of this name. Browsers have one by default; give it to choose the
 * name.
 *
 * @example
 * ```ts
 * const outbox = indexedDbOutbox('my-app-outbox', indexedDB);
 * createClient({ url: 'wss://chat.example.com', token: () => 'a token', outbox });
 * ```
 */
export function indexedDbOutbox(name: string, factory: IndexedDb): OutboxStorage {
  return outboxIn(new Database(name, factory));
}

/**
 * An outbox in this database.
 *
 * @internal
 */
export function outboxIn(database: Database): OutboxStorage {
  return {
    async load(userId) {
      const items = (await database.in('outbox', 'readonly', (store) => settled(store.getAll()))) as OutboxItem[];
      return items.filter((item) => item.userId === userId);
    },
    put: async (item) => void (await database.in('outbox', 'readwrite', (store) => settled(store.put(item)))),
    remove: async (clientMessageId) =>
      void (await database.in('outbox', 'readwrite', (store) => settled(store.delete(clientMessageId)))),
  };
}
