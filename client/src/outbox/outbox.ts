import type { Message } from '../protocol.ts';
import type { OutboxItem, OutboxStorage } from './storage.ts';

/** The unsent messages of this user, in memory, and behind it in the storage. */
export class Outbox {
  /** What was stored has been loaded. Never rejects. */
  readonly ready: Promise<void>;
  readonly #storage: OutboxStorage;
  readonly #report: (error: unknown) => void;
  readonly #items = new Map<string, OutboxItem>();
  #markReady = () => {};
  #userId: string | undefined;
  #lastOrder = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(storage: OutboxStorage, report: (error: unknown) => void) {
    this.#storage = storage;
    this.#report = report;
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
  }

  /** Says whose outbox this is; gives the conversations for which something was stored. */
  async identify(userId: string): Promise<Set<string>> {
    if (this.#userId !== undefined) return new Set();
    this.#userId = userId;
    for (const item of this.#items.values()) this.put({ ...item, userId });
    let stored: OutboxItem[] = [];
    try {
      stored = await this.#storage.load(userId);
    } catch (error) {
      this.#report(error);
    }
    const fresh = stored.filter(({ clientMessageId }) => !this.#items.has(clientMessageId));
    const written = [...this.#items.values()].sort((a, b) => a.order - b.order);
    for (const item of fresh) {
      this.#items.set(item.clientMessageId, item);
      this.#lastOrder = Math.max(this.#lastOrder, item.order);
    }
    // What was stored was written before what this session wrote while it was being loaded.
    if (fresh.length > 0) for (const item of written) this.put({ ...item, order: this.nextOrder() });
    this.#markReady();
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
    if (this.#userId !== undefined) this.#write(() => this.#storage.put({ ...item, userId: this.#userId as string }));
  }

  /** Removes an item, here and in the storage. */
  remove(clientMessageId: string): void {
    if (this.#items.delete(clientMessageId)) this.#write(() => this.#storage.remove(clientMessageId));
  }

  /** SEND-5: the item that this message of the log is, if it is one. */
  match(message: Message, me: string | undefined): OutboxItem | undefined {
    if (message.clientMessageId === undefined || message.senderId !== me) return undefined;
    const item = this.#items.get(message.clientMessageId);
    return item?.conversationId === message.conversationId ? item : undefined;
  }

  /** One after another, so that a removal never overtakes what it removes. */
  #write(task: () => Promise<void>): void {
    this.#writing = this.#writing.then(task).catch(this.#report);
  }
}
