import type { SteadyStorage } from '../platform/steady-storage.ts';
import type { Message } from '../protocol.ts';
import type { OutboxItem, OutboxStorage } from './storage.ts';

/** The unsent messages of this user, in memory, and behind it in the storage. */
export class Outbox {
  /** What was stored has been loaded, or cannot be. Never rejects, and takes a second at most. */
  readonly ready: Promise<void>;
  readonly #storage: SteadyStorage<OutboxStorage>;
  readonly #items = new Map<string, OutboxItem>();
  /** Removed here since the beginning: what storage says late does not bring them back. */
  readonly #removed = new Set<string>();
  #markReady = () => {};
  #userId: string | undefined;
  #lastOrder = 0;

  constructor(storage: SteadyStorage<OutboxStorage>) {
    this.#storage = storage;
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
  }

  /** Says whose outbox this is; tells for which conversations something was stored, perhaps once more, later. */
  async identify(userId: string, onStored: (conversationIds: ReadonlySet<string>) => void): Promise<void> {
    if (this.#userId !== undefined) return;
    this.#userId = userId;
    for (const item of this.#items.values()) this.put({ ...item, userId });
    const adopt = (stored: readonly OutboxItem[]) => onStored(this.#adopt(stored));
    const stored = await this.#storage.load((storage) => storage.load(userId), adopt);
    const conversationIds = this.#adopt(stored ?? []);
    this.#markReady();
    onStored(conversationIds);
  }

  /** Takes in what was stored; gives its conversations. */
  #adopt(stored: readonly OutboxItem[]): Set<string> {
    const fresh = stored.filter(({ clientMessageId: id }) => !this.#items.has(id) && !this.#removed.has(id));
    const written = [...this.#items.values()].sort((a, b) => a.order - b.order);
    for (const item of fresh) {
      this.#items.set(item.clientMessageId, item);
      this.#lastOrder = Math.max(this.#lastOrder, item.order);
    }
    // What was stored was written before what this session wrote while it was being loaded.
    if (fresh.length > 0) for (const item of written) this.put({ ...item, order: this.nextOrder() });
    return new Set(fresh.map(({ conversationId }) => conversationId));
  }

  /** An order after all that are there. It counts; a clock may be set back between two messages. */
  nextOrder(): number {
    this.#lastOrder += 1;
    return this.#lastOrder;
  }

  /** A conversation's items, in the order in which they are sent. */
  of(conversationId: string): OutboxItem[] {
    const items = [...this.#items.values()].filter((item) => item.conversationId === conversationId);
    return items.sort((a, b) => a.order - b.order);
  }

  /** The item of this id, if it is still here. */
  get(clientMessageId: string): OutboxItem | undefined {
    return this.#items.get(clientMessageId);
  }

  /** Adds or replaces an item, here and in the storage. */
  put(item: OutboxItem): void {
    this.#items.set(item.clientMessageId, item);
    // Without a user there is nobody to load it for; `identify` stores it.
    const userId = this.#userId;
    if (userId !== undefined) void this.#storage.write((storage) => storage.put({ ...item, userId }));
  }

  /** Removes an item, here and in the storage. */
  remove(clientMessageId: string): void {
    this.#removed.add(clientMessageId);
    if (this.#items.delete(clientMessageId)) void this.#storage.write((storage) => storage.remove(clientMessageId));
  }

  /** SEND-5: the item that this message of the log is, if it is one. */
  match(message: Message, me: string | undefined): OutboxItem | undefined {
    if (message.clientMessageId === undefined || message.senderId !== me) return undefined;
    const item = this.#items.get(message.clientMessageId);
    return item?.conversationId === message.conversationId ? item : undefined;
  }
}
