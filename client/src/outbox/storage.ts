import type { ChatErrorCode } from '../errors.ts';
import type { ErrorData } from '../protocol.ts';

/** A message on its way, as it is stored. Plain data: it survives structured cloning and JSON. */
export interface OutboxItem {
  /** The same in every try, in this session and the next: the server knows the twin by it (SEND-3). */
  readonly clientMessageId: string;
  /** Where it goes. */
  readonly conversationId: string;
  /** Whose message this is; another user of the same browser does not send it. */
  readonly userId: string;
  /** Messages of a conversation are sent by ascending order. */
  readonly order: number;
  /** The tab that wrote it, in one session; it bears the name of a lock (see `Locks`). */
  readonly tab?: string;
  /** When it was written: ISO 8601 in UTC, by this device's clock. */
  readonly createdAt: string;
  /** What it says; see `Draft`. */
  readonly fields: {
    /** Its text. */
    readonly content?: string;
    /** The message to copy. */
    readonly forward?: { readonly conversationId: string; readonly seq: number };
    /** The seq of the message that it answers. */
    readonly replyTo?: number;
    /** The user ids of those mentioned. */
    readonly mentions?: readonly string[];
  };
  /** SEND-4: the log up to here does not hold the message. Undefined: no tab has begun to send it. */
  readonly after?: number;
  /** Why it was refused; without it, it is pending. */
  readonly failure?: Omit<ErrorData, 'code'> & { readonly code: ChatErrorCode };
}

/**
 * Where unsent messages are kept: the option `outbox`. Writes come one after another. Where one rejects, the client's
 * event `error` tells, the message still goes out, and only a reload would lose it.
 */
export interface OutboxStorage {
  /**
   * All items of this user, in any order.
   *
   * @example
   * ```ts
   * const items = await memoryOutbox().load('alice');
   * ```
   */
  load(userId: string): Promise<OutboxItem[]>;
  /**
   * Adds an item, or replaces the one with its `clientMessageId`.
   *
   * @example
   * ```ts
   * const fields = { content: 'Hello!' };
   * const createdAt = new Date().toISOString();
   * const item = { clientMessageId: 'm-1', conversationId: 'general', userId: 'alice', order: 1, createdAt, fields };
   * await memoryOutbox().put(item);
   * ```
   */
  put(item: OutboxItem): Promise<void>;
  /**
   * Removes an item, if it is there.
   *
   * @example
   * ```ts
   * await memoryOutbox().remove('m-1');
   * ```
   */
  remove(clientMessageId: string): Promise<void>;
}

/**
 * An outbox in memory: it forgets with the page or the process.
 *
 * @example
 * ```ts
 * createClient({ url: 'wss://chat.example.com', token: () => 'a token', outbox: memoryOutbox() });
 * ```
 */
export function memoryOutbox(): OutboxStorage {
  const items = new Map<string, OutboxItem>();
  return {
    load: async (userId) => [...items.values()].filter((item) => item.userId === userId),
    put: async (item) => void items.set(item.clientMessageId, item),
    remove: async (clientMessageId) => void items.delete(clientMessageId),
  };
}
