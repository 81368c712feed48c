import type { Clock } from '../platform/edges.ts';
import type { SteadyStorage } from '../platform/steady-storage.ts';
import { isWhole } from './check.ts';
import type { CopyStorage, StoredCopies, StoredCopy } from './storage.ts';

/** Messages stored of a conversation: twice the page that a join brings. */
export const STORED_MESSAGES_MAX = 100;
/** Conversations stored for a user: as many as one ping keeps up to date. */
const STORED_CONVERSATIONS_MAX = 50;
/** What changes within this time is written at once. What a crash loses of it is read from the log again. */
const WRITE_AFTER_MS = 500;

/** What a `CopyKeeper` works with. */
export interface CopyKeeperOptions {
  /** Undefined: nothing is stored. */
  readonly storage: SteadyStorage<CopyStorage> | undefined;
  readonly clock: Clock;
  /** What is to be stored of this conversation now; undefined, if there is nothing. */
  snapshot(conversationId: string): Snapshot | undefined;
}

/** A copy, without what the keeper knows itself. */
export type Snapshot = Omit<StoredCopy, 'version' | 'userId' | 'storedAt'>;

/**
 * Stores the newest messages of the conversations, and gives them back after a reload. Position and messages of a copy
 * are one row, so they never disagree; a row that is behind the log is read on from there (LOG-5).
 */
export class CopyKeeper {
  /** What was stored has been given out, or cannot be. Never rejects, and takes a second at most. */
  readonly ready: Promise<void>;
  readonly #options: CopyKeeperOptions;
  readonly #changed = new Set<string>();
  /** Conversations that are stored, or will be, by this client's knowledge; the most recently used last. */
  readonly #stored = new Set<string>();
  /** Not the user's any more: nothing of these is stored until they are joined again. */
  readonly #gone = new Set<string>();
  #markReady = () => {};
  #userId: string | undefined;
  #generation: number | undefined;
  #isWriting = false;
  #isOver = false;
  #stopTimer: (() => void) | undefined;

  constructor(options: CopyKeeperOptions) {
    this.#options = options;
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
  }

  /** The conversations of which a copy is stored, the most recently used first. */
  get conversationIds(): string[] {
    return [...this.#stored].reverse();
  }

  /** Says whose copies these are; gives out those that were stored, perhaps later than `ready`. */
  async identify(userId: string, onStored: (copies: readonly StoredCopy[]) => void): Promise<void> {
    this.#userId = userId;
    const adopt = (stored: StoredCopies) => onStored(this.#adopt(stored));
    const stored = await this.#options.storage?.load((storage) => storage.load(userId), adopt);
    if (stored) adopt(stored);
    this.#markReady();
  }

  /** A conversation was joined: it is the user's. */
  joined(conversationId: string): void {
    this.#gone.delete(conversationId);
    this.touch(conversationId);
  }

  /** What is stored of a conversation has changed: it will be written, with others, a little later. */
  touch(conversationId: string): void {
    if (!this.#options.storage || this.#isOver || this.#gone.has(conversationId)) return;
    this.#stored.delete(conversationId);
    this.#stored.add(conversationId);
    this.#changed.add(conversationId);
    this.#schedule();
  }

  /** Writes now what would be written a little later: the page may end. */
  flush(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const userId = this.#userId;
    if (userId === undefined) return;
    const storedAt = this.#options.clock.now();
    const copies = [...this.#changed].flatMap((id): StoredCopy[] => {
      const snapshot = this.#options.snapshot(id);
      return snapshot ? [{ ...snapshot, version: 1, userId, storedAt }] : [];
    });
    this.#changed.clear();
    if (copies.length === 0) return;
    this.#isWriting = true;
    void this.#write(async (storage) => {
      try {
        // Whoever could not load may write all the same, once that is possible.
        this.#generation ??= (await storage.load(userId)).generation;
        await storage.put(copies, this.#generation);
      } catch (error) {
        // What is stored may have a text that was deleted since. Where there is no space, this makes some.
        const conversationIds = copies.map(({ conversationId }) => conversationId);
        await storage.remove(userId, conversationIds);
        throw error;
      }
    }).then(() => {
      this.#isWriting = false;
      if (this.#changed.size > 0) this.#schedule();
    });
    this.#remove([...this.#stored].slice(0, -STORED_CONVERSATIONS_MAX));
  }

  /** The log began anew (LOG-6): what is stored is of another one, and nothing is compared with it. */
  reset(conversationId: string): void {
    this.#remove([conversationId]);
  }

  /** The user is no member any more: what is stored goes, and nothing is stored until it is joined again. */
  drop(conversationId: string): void {
    this.#gone.add(conversationId);
    this.#remove([conversationId]);
  }

  /** Removes all copies of the user, and stores none from here on, in no tab. Takes about a second at most. */
  async clear(): Promise<void> {
    const userId = this.#userId;
    this.#isOver = true;
    this.#changed.clear();
    this.#stored.clear();
    if (userId !== undefined) await this.#write((storage) => storage.clear(userId));
  }

  #adopt({ copies, generation }: StoredCopies): StoredCopy[] {
    const userId = this.#userId as string;
    this.#generation = generation;
    const whole = copies.filter((copy) => isWhole(copy, userId)).sort((a, b) => a.storedAt - b.storedAt);
    const newest = whole.slice(-STORED_CONVERSATIONS_MAX);
    const kept = new Set(newest.map(({ conversationId }) => conversationId));
    // What cannot be read may not even be a row.
    this.#remove(copies.flatMap((copy) => copy?.conversationId ?? []).filter((id) => !kept.has(id)));
    // What this session has used already is more recent.
    const used = [...this.#stored];
    for (const id of used) this.#stored.delete(id);
    for (const id of [...kept, ...used]) this.#stored.add(id);
    return this.#isOver ? [] : newest;
  }

  #remove(conversationIds: readonly string[]): void {
    for (const id of conversationIds) {
      this.#stored.delete(id);
      this.#changed.delete(id);
    }
    const userId = this.#userId;
    if (userId === undefined || conversationIds.length === 0) return;
    void this.#write((storage) => storage.remove(userId, conversationIds));
  }

  #schedule(): void {
    // One write at a time: storage that is slow must not pile them up.
    if (!this.#isWriting) this.#stopTimer ??= this.#options.clock.setTimeout(() => this.flush(), WRITE_AFTER_MS);
  }

  async #write(task: (storage: CopyStorage) => Promise<void>): Promise<void> {
    await this.#options.storage?.write(task);
  }
}
