import { type Client, type Conversation, type ConversationInfo, type LastMessage, limits } from '@parley/client';
import { sumOf, type Unread, unreadOf } from '../text/unread.ts';

/** One of the user's conversations, with what the server's list said about it. */
export interface InboxItem {
  readonly conversation: Conversation;
  readonly info: ConversationInfo | undefined;
  /** The newest message in the list. Where the log is loaded, the log is more recent. */
  readonly listedLast: LastMessage | undefined;
  /** When the last message was written, for the order. */
  readonly activeAt: string;
}

/** This many are joined, so that their badges are live (MEMB-1): as many as one ping checks. Others are polled. */
const JOINED_MAX = limits.pingPositionsMax;
/** More pages than anyone looks through. */
const PAGES_MAX = 20;
const POLL_MS = 60_000;

/** The user's conversations, the most recently active first. An external store for React. */
export class Inbox {
  readonly #client: Client;
  readonly #items = new Map<string, InboxItem>();
  readonly #watched = new Map<string, () => void>();
  readonly #listeners = new Set<() => void>();
  #snapshot: readonly InboxItem[] = [];
  #unread: Unread = { count: 0, atMost: false };
  /** The id of the conversation that the user may be looking at. */
  #seen: string | undefined;
  #loaded = false;
  #loading: Promise<void> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Keeps the list current. Gives the function that stops it. */
  start(): () => void {
    const client = this.#client;
    const offs = [
      client.on('state', ({ current }) => {
        if (current === 'connected') void this.refresh();
      }),
      client.on('conversation-created', (info) => this.add(info)),
      client.on('conversation-removed', ({ conversationId }) => this.remove(conversationId)),
    ];
    // What was read elsewhere while nobody looked here.
    const onShown = () => document.visibilityState === 'visible' && void this.refresh();
    document.addEventListener('visibilitychange', onShown);
    let stopped = false;
    void client.conversations.stored().then((stored) => {
      if (!stopped) this.#restore(stored);
    });
    const poll = setInterval(() => document.visibilityState === 'visible' && this.refresh(), POLL_MS);
    if (client.state === 'connected') void this.refresh();
    return () => {
      stopped = true;
      clearInterval(poll);
      document.removeEventListener('visibilitychange', onShown);
      for (const off of [...offs, ...this.#watched.values()]) off();
      this.#watched.clear();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Messages that the user has not read, in all conversations but the one in view. */
  readonly unread = (): Unread => this.#unread;

  /** Says which conversation the user may be looking at. */
  look(conversationId: string | undefined): void {
    this.#seen = conversationId;
    this.#count();
  }

  readonly items = (): readonly InboxItem[] => this.#snapshot;

  /** Whether the list was read once. Until then an empty list does not mean that there are no conversations. */
  readonly loaded = (): boolean => this.#loaded;

  /** Adds a conversation that this user is a member of, and joins it. */
  add(info: ConversationInfo): void {
    const known = this.#items.get(info.conversationId);
    this.#put(info, known?.listedLast);
    this.#join();
    this.#publish();
  }

  remove(conversationId: string): void {
    this.#watched.get(conversationId)?.();
    this.#watched.delete(conversationId);
    if (this.#items.delete(conversationId)) this.#publish();
  }

  /** Reads the list again. Never rejects: the next connection, or the next poll, tries again. */
  refresh(): Promise<void> {
    this.#loading ??= this.#load()
      .catch(() => {})
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }

  /**
   * Shows what is stored on this device until the list is read. Nothing of it is joined before that: joining a channel
   * makes a member of a user who is none any more (JOIN-3).
   */
  #restore(stored: readonly Conversation[]): void {
    if (this.#loaded) return;
    for (const { id, info } of stored) if (info && !this.#items.has(id)) this.#put(info, undefined);
    this.#publish();
  }

  async #load(): Promise<void> {
    const before = new Set(this.#items.keys());
    let cursor: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { items, cursor: next } = await this.#client.conversations.list({
        limit: limits.conversationsLimitMax,
        ...(cursor && { cursor }),
      });
      for (const { head: _h, n: _n, role: _r, unread: _u, unreadAtMost: _m, lastMessage, ...info } of items) {
        before.delete(info.conversationId);
        this.#put(info, lastMessage);
      }
      cursor = next;
      if (!cursor) break;
    }
    // The log keeps a joined conversation current. The list is the better source only for the others.
    if (!cursor) for (const id of before) if (this.#items.get(id)?.conversation.state !== 'live') this.remove(id);
    this.#loaded = true;
    this.#publish();
    this.#join();
  }

  #put(info: ConversationInfo, listedLast: LastMessage | undefined): void {
    const id = info.conversationId;
    const conversation = this.#client.conversations.get(id);
    const item = { conversation, info, listedLast, activeAt: '' };
    this.#items.set(id, { ...item, activeAt: activeAt(item) });
    if (!this.#watched.has(id)) this.#watched.set(id, this.#watch(conversation));
  }

  /** Gives the function that stops it. */
  #watch(conversation: Conversation): () => void {
    return conversation.on('change', () => this.#onChange(conversation.id));
  }

  #onChange(id: string): void {
    const item = this.#items.get(id);
    if (!item) return;
    this.#count();
    const now = activeAt(item);
    if (now === item.activeAt) return;
    this.#items.set(id, { ...item, activeAt: now });
    this.#publish();
  }

  /** Joins the most recent ones. The client joins a few at a time, and tries again until it succeeds. */
  #join(): void {
    const latest = [...this.#items.values()].sort(byActivity).slice(0, JOINED_MAX);
    for (const { conversation } of latest) if (conversation.state === 'idle') conversation.join().catch(() => {});
  }

  #publish(): void {
    this.#snapshot = [...this.#items.values()].sort(byActivity);
    this.#unread = this.#sum();
    this.#tell();
  }

  #count(): void {
    const unread = this.#sum();
    if (unread.count === this.#unread.count && unread.atMost === this.#unread.atMost) return;
    this.#unread = unread;
    this.#tell();
  }

  #sum(): Unread {
    const others = [...this.#items.values()].filter(({ conversation }) => conversation.id !== this.#seen);
    return sumOf(others.map(({ conversation }) => unreadOf(conversation)));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function byActivity(a: InboxItem, b: InboxItem): number {
  return b.activeAt.localeCompare(a.activeAt);
}

function activeAt({ conversation, info, listedLast }: Omit<InboxItem, 'activeAt'>): string {
  return lastOf(conversation, listedLast)?.createdAt ?? info?.createdAt ?? '';
}

/** The newest message that is known: what is held of a conversation that is not followed may be older than the list. */
export function lastOf(
  { messages }: Pick<Conversation, 'messages'>,
  listed: LastMessage | undefined,
): Pick<LastMessage, 'senderId' | 'content' | 'createdAt' | 'deletedAt'> | undefined {
  const held = messages.at(-1);
  return held?.seq !== undefined && listed && listed.seq > held.seq ? listed : (held ?? listed);
}
