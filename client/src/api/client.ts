import type { ConnectionState, StateChange } from '../connection/states.ts';
import type { ChatError } from '../errors.ts';
import type { CallOptions } from '../platform/abort.ts';
import type { Off } from '../platform/edges.ts';
import type { ConversationInfo, ConversationsPage, NewConversation, Status } from '../protocol.ts';
import type { Conversation } from './conversation.ts';

/** The client's events: what `client.on` can listen to, and what listeners get. */
export interface ClientEvents {
  /** The connection's state, its reason, or the time of the next attempt changed. */
  state: StateChange;
  /** You were added to a conversation, or created one, perhaps on another device (MEMB-1). */
  'conversation-created': ConversationInfo;
  /**
   * You were removed or banned from a conversation, or left it, perhaps on another device; also if that is learnt with
   * the next connection.
   */
  'conversation-removed': { readonly conversationId: string };
  /**
   * Something in the background failed: the outbox could not be stored, a status could not be set, `token()` threw
   * (`token-failed`; once, until it works or throws something else), or a listener of yours threw (`listener-failed`; `cause` is what it threw). Without a listener here, that is written to the console.
   */
  error: ChatError;
}

/** One user's connection, and the way to that user's conversations. Made by `createClient`. */
export interface Client {
  /** What the connection is doing. */
  readonly state: ConnectionState;
  /** The token's user; undefined until a token was seen. */
  readonly userId: string | undefined;
  /** Your conversations. */
  readonly conversations: Conversations;

  /**
   * Connects, and stays connected until `close`. Resolves when connected. Where the state is `waiting` or `offline` it
   * tries at once. It waits for `connectTimeoutMs`, or with a `signal` until that is aborted; the client keeps trying
   * in either case, until `close`.
   *
   * @throws {@link ChatError} `token-failed`, if the time is up and `token()` threw (`cause`); else `timeout`;
   * `aborted`; `closed`, if the client is closed meanwhile, or the server says not to come back.
   * @example
   * ```ts
   * await client.connect();
   * await client.connect({ signal: AbortSignal.timeout(60_000) });
   * ```
   */
  connect(options?: CallOptions): Promise<void>;

  /**
   * Ends the connection, until `connect` is called again. Unsent messages stay in the outbox; whoever waits for a reply
   * or a send gets `closed`.
   *
   * @example
   * ```ts
   * window.addEventListener('pagehide', () => client.close());
   * ```
   */
  close(): void;

  /**
   * Removes the copies of conversations that are stored for this user, and lets no tab store more until the user's next
   * client: for signing out. Unsent messages stay in the outbox. Never rejects; storage that does not answer is given up
   * after a second.
   *
   * @example
   * ```ts
   * await client.forget();
   * client.close();
   * ```
   */
  forget(): Promise<void>;

  /**
   * Calls `listener` with every event of this name; gives the undo. A listener that throws disturbs nobody else; see
   * `error`.
   *
   * @example
   * ```ts
   * const off = client.on('state', ({ current, reason, retryIn }) => console.log(current, reason, retryIn));
   * off();
   * ```
   */
  on<K extends keyof ClientEvents>(event: K, listener: (payload: ClientEvents[K]) => void): Off;

  /**
   * Sets your status in all conversations. It is kept over reconnects (PRES-1).
   *
   * @throws {@link ChatError} `disconnected`, if there is no connection within `commandTimeoutMs`: it is set with the
   * next one. `not-connected` and `closed` likewise; `aborted`.
   * @example
   * ```ts
   * await client.setStatus('away');
   * ```
   */
  setStatus(status: Status, options?: CallOptions): Promise<void>;
}

/** The way to your conversations: `client.conversations`. */
export interface Conversations {
  /**
   * The handle of a conversation. For one id it is always the same; nothing is asked of the server, so there may be no
   * such conversation.
   *
   * @example
   * ```ts
   * const general = client.conversations.get('general');
   * ```
   */
  get(conversationId: string): Conversation;

  /**
   * A page of your conversations, in the order of their ids, with unread counts: 1 to 25 of them, 25 if `limit` is not
   * given. `cursor` comes from the page before; the last page has none.
   *
   * @throws {@link ChatError} `validation-failed` for a `limit` or `cursor` that cannot be; `not-connected`, if
   * `connect` was not called yet; `disconnected`, `closed`, `aborted`.
   * @example
   * ```ts
   * const { items, cursor } = await client.conversations.list({ limit: 25 });
   * for (const { conversationId, unread } of items) console.log(conversationId, unread);
   * ```
   */
  list(query?: { limit?: number; cursor?: string }, options?: CallOptions): Promise<ConversationsPage>;

  /**
   * The conversations of which this device stores a copy, the most recently used first. Nothing is asked of the server,
   * so they can be shown without a network, as they were when they were last seen. Resolves within a second; with none,
   * if the user is not known yet (see the option `userId`). Never rejects.
   *
   * @example
   * ```ts
   * for (const { info, messages } of await client.conversations.stored()) console.log(info?.name, messages.at(-1));
   * ```
   */
  stored(): Promise<Conversation[]>;

  /**
   * Creates a channel, a group or a direct conversation, and gives its handle; it is not joined yet. A direct
   * conversation that exists is given as it is (CONV-1).
   *
   * @throws {@link ChatError} `conflict`, if there is a channel of this id; `validation-failed`; `too-large` for a name
   * that is too long; `not-connected`, `disconnected`, `closed`, `aborted`.
   * @example
   * ```ts
   * const group = await client.conversations.create({ kind: 'group', name: 'Trip', members: ['bob', 'carol'] });
   * await group.join();
   * ```
   */
  create(conversation: NewConversation, options?: CallOptions): Promise<Conversation>;
}
