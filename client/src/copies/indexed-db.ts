import { Database, settled } from '../platform/database.ts';
import type { IndexedDb } from '../platform/indexed-db.ts';
import { type CopyStorage, copiesOver } from './storage.ts';

/**
 * Copies that survive a reload, in a database of this name; the outbox may have the same. Browsers have one by default;
 * give it to choose the name.
 *
 * @example
 * ```ts
 * const copies = indexedDbCopies('my-app', indexedDB);
 * createClient({ url: 'wss://chat.example.com', token: () => 'a token', copies });
 * ```
 */
export function indexedDbCopies(name: string, factory: IndexedDb): CopyStorage {
  return copiesIn(new Database(name, factory));
}

/**
 * Copies in this database.
 *
 * @internal
 */
export function copiesIn(database: Database): CopyStorage {
  return copiesOver((mode, task) =>
    database.in('copies', mode, (store) =>
      task({
        get: (userId, conversationId) => settled(store.get([userId, conversationId])),
        put: (row) => settled(store.put(row)),
        delete: (userId, conversationId) => settled(store.delete([userId, conversationId])),
        of: (userId) => settled(store.index('userId').getAll(userId)),
      }),
    ),
  );
}
