import type { ConversationInfo, Mark, Message, Role } from '../protocol.ts';

/**
 * A conversation as it is stored: the newest messages, and up to where in the log they are whole. Plain data: it
 * survives structured cloning and JSON.
 */
export interface StoredCopy {
  /** The shape of this. One that a client does not know is dropped. */
  readonly version: 1;
  /** Whose copy this is; another user of the same browser sees nothing of it. */
  readonly userId: string;
  /** Which conversation it is of. */
  readonly conversationId: string;
  /** Which log it is of (LOG-6). */
  readonly epoch: string;
  /** `messages` has every message with a seq above this. */
  readonly base: number;
  /** The seq of the last entry that is in `messages`: what follows is asked for with `after`. */
  readonly position: number;
  /** Messages in the log at `position`, tombstones included. */
  readonly n: number;
  /** The messages, ascending, as they were at `position` or later. */
  readonly messages: readonly Message[];
  /** Kind, name and the like. */
  readonly info: ConversationInfo;
  /** The user's role. */
  readonly role: Role;
  /** The unread count, if it was known. */
  readonly unread?: number;
  /** `unread` is an upper bound. */
  readonly unreadAtMost?: true;
  /** How far the members had received and read. */
  readonly marks: readonly Mark[];
  /** When it was stored, in milliseconds since the epoch, by this device's clock. */
  readonly storedAt: number;
}

/** What is stored for one user. */
export interface StoredCopies {
  /** The copies, in any order. */
  readonly copies: readonly StoredCopy[];
  /** How often this user's copies were cleared; for `put`. */
  readonly generation: number;
}

/**
 * Where copies of conversations are kept: the option `copies`. Several clients may share one storage, as the tabs of a
 * browser do.
 */
export interface CopyStorage {
  /**
   * All copies of this user.
   *
   * @example
   * ```ts
   * const { copies } = await memoryCopies().load('alice');
   * ```
   */
  load(userId: string): Promise<StoredCopies>;
  /**
   * Adds copies, or replaces those of their users and conversations. It MUST leave a stored copy that has the same
   * `epoch` and a higher `position`, and MUST store nothing if `clear` was called since `generation` was loaded: another
   * tab knows better.
   *
   * @example
   * ```ts
   * const storage = memoryCopies();
   * const { copies, generation } = await storage.load('alice');
   * await storage.put(copies, generation);
   * ```
   */
  put(copies: readonly StoredCopy[], generation: number): Promise<void>;
  /**
   * Removes the copies of these conversations, where they are there.
   *
   * @example
   * ```ts
   * await memoryCopies().remove('alice', ['general']);
   * ```
   */
  remove(userId: string, conversationIds: readonly string[]): Promise<void>;
  /**
   * Removes all copies of this user, and begins a new generation: what clients that loaded before still put is dropped.
   *
   * @example
   * ```ts
   * await memoryCopies().clear('alice');
   * ```
   */
  clear(userId: string): Promise<void>;
}

/**
 * The rows of a storage, within one transaction.
 *
 * @internal
 */
export interface CopyRows {
  get(userId: string, conversationId: string): Promise<unknown>;
  put(row: Row): Promise<unknown>;
  delete(userId: string, conversationId: string): Promise<unknown>;
  of(userId: string): Promise<unknown[]>;
}

/** A copy; or, without a conversation, how often a user's copies were cleared. Whoever wrote it may have erred. */
interface Row extends Partial<Omit<StoredCopy, 'userId' | 'conversationId'>> {
  readonly userId: string;
  readonly conversationId: string;
  readonly generation?: number;
}

/** No conversation has this id. */
const NONE = '';

/**
 * The rules of `CopyStorage`, over rows that change in one transaction.
 *
 * @internal
 */
export function copiesOver(
  inRows: <T>(mode: 'readonly' | 'readwrite', task: (rows: CopyRows) => Promise<T>) => Promise<T>,
): CopyStorage {
  const generationIn = async (rows: CopyRows, userId: string) =>
    ((await rows.get(userId, NONE)) as Row | undefined)?.generation ?? 0;
  return {
    load: (userId) =>
      inRows('readonly', async (rows) => {
        const [all, generation] = await Promise.all([rows.of(userId), generationIn(rows, userId)]);
        return { copies: (all as StoredCopy[]).filter(({ conversationId }) => conversationId !== NONE), generation };
      }),
    async put(copies, generation) {
      const putOne = async (rows: CopyRows, copy: StoredCopy) => {
        const { conversationId, epoch, position, userId } = copy;
        const held = (await rows.get(userId, conversationId)) as Row | undefined;
        const isFurther = held?.epoch === epoch && (held.position ?? 0) > position;
        if (!isFurther && (await generationIn(rows, userId)) === generation) await rows.put(copy);
      };
      await inRows('readwrite', (rows) => Promise.all(copies.map((copy) => putOne(rows, copy))));
    },
    async remove(userId, conversationIds) {
      await inRows('readwrite', (rows) => Promise.all(conversationIds.map((id) => rows.delete(userId, id))));
    },
    async clear(userId) {
      await inRows('readwrite', async (rows) => {
        const generation = (await generationIn(rows, userId)) + 1;
        const all = (await rows.of(userId)) as Row[];
        await Promise.all(all.map(({ conversationId }) => rows.delete(userId, conversationId)));
        await rows.put({ userId, conversationId: NONE, generation });
      });
    },
  };
}

/**
 * Copies in memory: they are forgotten with the page or the process. For tests, and for a browser in which nothing is to
 * be stored.
 *
 * @example
 * ```ts
 * createClient({ url: 'wss://chat.example.com', token: () => 'a token', copies: memoryCopies() });
 * ```
 */
export function memoryCopies(): CopyStorage {
  const users = new Map<string, Map<string, Row>>();
  const of = (userId: string) => {
    const rows = users.get(userId) ?? new Map<string, Row>();
    users.set(userId, rows);
    return rows;
  };
  const rows: CopyRows = {
    get: async (userId, conversationId) => of(userId).get(conversationId),
    put: async (row) => of(row.userId).set(row.conversationId, row),
    delete: async (userId, conversationId) => of(userId).delete(conversationId),
    of: async (userId) => [...of(userId).values()],
  };
  let last: Promise<unknown> = Promise.resolve();
  return copiesOver((_mode, task) => {
    const done = last.then(() => task(rows));
    last = done.catch(() => {});
    return done;
  });
}
