import type { SteadyStorage } from '../platform/steady-storage.ts';
import type { Tabs } from '../platform/tabs.ts';
import type { Message } from '../protocol.ts';
import type { OutboxItem, OutboxStorage } from './storage.ts';

/** Tells of conversations whose items changed in storage, by another tab or another session. */
type OnStored = (conversationIds: ReadonlySet<string>) => void;

/**
 * The unsent messages of this user that this tab takes care of, in memory, and behind it in the storage. That one is
 * shared with other tabs: what they wrote is taken over when they are closed or put aside, and given back to them.
 */
export class Outbox {
  /** What was stored has been loaded, or cannot be. Never rejects, and takes a second or two at most. */
  readonly ready: Promise<void>;
  readonly #storage: SteadyStorage<OutboxStorage>;
  readonly #tabs: Tabs;
  readonly #items = new Map<string, OutboxItem>();
  /** Sent or discarded here since the beginning: what storage says late does not bring them back. */
  readonly #removed = new Set<string>();
  /** Known to be in storage once: if they are not any more, another tab sent or discarded them. */
  readonly #stored = new Set<string>();
  /** As they are in storage, where no other tab has touched them since. */
  readonly #sure = new Set<string>();
  #markReady = () => {};
  #onStored: OnStored = () => {};
  #userId: string | undefined;
  #lastOrder = 0;

  constructor(storage: SteadyStorage<OutboxStorage>, tabs: Tabs) {
    this.#storage = storage;
    this.#tabs = tabs;
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
  }

  /** Says whose outbox this is; tells for which conversations something was stored, perhaps once more, later. */
  async identify(userId: string, onStored: OnStored): Promise<void> {
    this.#onStored = onStored;
    // Nothing is stored before other tabs can see that this one takes care of it.
    await this.#tabs.open();
    const adopt = (stored: readonly OutboxItem[] = []) => this.#adopt(stored, true);
    const onLate = (late: readonly OutboxItem[]) => void adopt(late).then(onStored);
    const stored = await this.#storage.load((storage) => storage.load(userId), onLate);
    const conversationIds = await adopt(stored);
    this.#userId = userId;
    for (const item of this.#items.values()) if (!this.#stored.has(item.clientMessageId)) void this.put(item);
    this.#markReady();
    onStored(conversationIds);
  }

  /** Takes over what other tabs left behind, and lets go of what is in other hands by now. Never rejects. */
  async sweep(): Promise<void> {
    if (!this.#tabs.shared || this.#userId === undefined) return;
    await this.#tabs.open();
    const known = new Set(this.#stored);
    const stored = await this.#load();
    if (!stored) return;
    const there = new Set(stored.map(({ clientMessageId }) => clientMessageId));
    const conversationIds = await this.#adopt(stored);
    for (const item of [...this.#items.values()]) {
      const { clientMessageId: id, conversationId, tab } = item;
      // What this tab wrote and another sent stays in view until the log shows it.
      const isOver = known.has(id) && !there.has(id) && (item.failure || !this.#isOwn(tab));
      if (!isOver && (await this.#isFree(item))) continue;
      this.#drop(id);
      conversationIds.add(conversationId);
    }
    if (conversationIds.size > 0) this.#onStored(conversationIds);
  }

  /** Another tab may take care of these from here on: what it wrote is its own again. */
  lost(tab: string): void {
    const conversationIds = new Set<string>();
    for (const { clientMessageId, conversationId, tab: writer } of [...this.#items.values()]) {
      if (writer !== tab) continue;
      this.#sure.delete(clientMessageId);
      if (this.#isOwn(tab)) continue;
      this.#drop(clientMessageId);
      conversationIds.add(conversationId);
    }
    if (conversationIds.size > 0) this.#onStored(conversationIds);
  }

  /**
   * The item as it is to be sent now. Undefined: another tab sent or discarded it, or takes care of it. `again`: reads
   * it in storage, whoever takes care of it. Waits for a second or two at most.
   */
  async claim(claimed: OutboxItem, again = false): Promise<OutboxItem | undefined> {
    const { clientMessageId: id, tab } = claimed;
    if (!again && this.#sure.has(id)) return this.get(id);
    const isFree = await this.#isFree(claimed);
    // What this tab has written is there when it reads.
    await this.#storage.write(async () => {});
    const stored = isFree ? await this.#load() : [];
    const item = this.get(id);
    const there = stored?.find(({ clientMessageId }) => clientMessageId === id);
    const isNews = there && (there.failure || item?.after === undefined);
    if (item && !item.failure && isNews) this.#items.set(id, there);
    if (!isFree || (stored && !there && this.#stored.has(id))) this.#drop(id);
    else if (tab !== undefined && this.#tabs.holds(tab)) this.#sure.add(id);
    return this.get(id);
  }

  /** Takes in what was stored and no other tab takes care of; gives its conversations. */
  async #adopt(stored: readonly OutboxItem[], isFirst = false): Promise<Set<string>> {
    const isNew = ({ clientMessageId: id }: OutboxItem) => !this.#items.has(id) && !this.#removed.has(id);
    const free = await Promise.all(stored.filter(isNew).map(async (item) => (await this.#isFree(item)) && item));
    const fresh = free.filter((item): item is OutboxItem => item !== false && isNew(item));
    const written = [...this.#items.values()].sort((a, b) => a.order - b.order);
    for (const item of fresh) {
      this.#items.set(item.clientMessageId, item);
      this.#stored.add(item.clientMessageId);
      this.#lastOrder = Math.max(this.#lastOrder, item.order);
    }
    // What was stored was written before what this session wrote while it was being loaded. That is put in order here
    // alone: written again, what another tab has sent meanwhile would come back.
    const place = (item: OutboxItem) => this.#items.set(item.clientMessageId, { ...item, order: this.nextOrder() });
    if (isFirst && fresh.length > 0) written.forEach(place);
    return new Set(fresh.map(({ conversationId }) => conversationId));
  }

  /** Versions before this one did not say which tab wrote an item. */
  async #isFree({ clientMessageId, tab }: OutboxItem): Promise<boolean> {
    return tab === undefined || this.#isOwn(tab) || this.#tabs.take(tab, clientMessageId);
  }

  #isOwn(tab: string | undefined): boolean {
    return tab === this.#tabs.id;
  }

  async #load(): Promise<readonly OutboxItem[] | undefined> {
    const userId = this.#userId as string;
    return this.#storage.load(
      (storage) => storage.load(userId),
      () => {},
    );
  }

  /** Takes no more care of an item, here. */
  #drop(clientMessageId: string): void {
    this.#items.delete(clientMessageId);
    this.#sure.delete(clientMessageId);
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

  /** Adds or replaces an item, here and in the storage. Resolves when it is stored, or cannot be. */
  async put(written: OutboxItem): Promise<void> {
    const id = written.clientMessageId;
    const userId = this.#userId;
    const item = { tab: this.#tabs.id, ...written };
    this.#items.set(id, item);
    // Without a user there is nobody to load it for; `identify` stores it.
    if (userId === undefined) return;
    if (this.#tabs.holds(item.tab)) this.#sure.add(id);
    await this.#storage.write(async (storage) => {
      await storage.put({ ...item, userId });
      this.#stored.add(id);
    });
  }

  /** Removes an item, here and in the storage. */
  remove(clientMessageId: string): void {
    const isKnown = this.#items.has(clientMessageId) || this.#stored.has(clientMessageId);
    this.#removed.add(clientMessageId);
    this.#drop(clientMessageId);
    if (isKnown) void this.#storage.write((storage) => storage.remove(clientMessageId));
  }

  /** SEND-5: the item that this message of the log is, if it is one. */
  match(message: Message, me: string | undefined): OutboxItem | undefined {
    if (message.clientMessageId === undefined || message.senderId !== me) return undefined;
    const item = this.#items.get(message.clientMessageId);
    return item?.conversationId === message.conversationId ? item : undefined;
  }
}
