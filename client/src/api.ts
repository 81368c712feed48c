import type { ConnectionState, StateChange, TokenReason } from './connection/states.ts';
import type { ChatError } from './errors.ts';
import type { OutboxStorage } from './outbox/outbox.ts';
import type { Clock, Lifecycle, SocketFactory } from './platform/edges.ts';
import type { Off } from './platform/emitter.ts';
import type {
  ConversationInfo,
  ConversationsPage,
  ConversationUpdated,
  Deleted,
  Edited,
  EntryFrame,
  Mark,
  MemberJoined,
  MemberLeft,
  MembersPage,
  MemberUpdated,
  Message,
  NewConversation,
  ReactionAdded,
  ReactionRemoved,
  Role,
  Status,
} from './protocol.ts';

export interface ClientOptions {
  /** The WebSocket API's address (`wss://…`), without a token. */
  readonly url: string;
  /**
   * A valid JWT. Called before every connection and before the token in use expires; after `refused` the one given
   * before was not accepted, so a cached one will not do.
   */
  token(context: { reason: TokenReason }): string | Promise<string>;
  /** The token's `sub`, if it is known before a token is at hand; else it is read from the token. */
  readonly userId?: string;
  /** How the token travels (CONN-1): as a WebSocket subprotocol, or in the URL where the deployment allows it. Default `subprotocol`. */
  readonly tokenIn?: 'subprotocol' | 'query';
  /** Where unsent messages survive a reload. Default: IndexedDB in browsers, memory elsewhere. */
  readonly outbox?: OutboxStorage;
  /** Time between pings while the page is visible, and in Node. Default 60 s. */
  readonly heartbeatMs?: number;
  /** Time between pings while the page is hidden; below the 10 minutes after which idle sockets end. Default 240 s. */
  readonly hiddenHeartbeatMs?: number;
  /** No reply for so long: the outcome is unknown (ENV-4). Default 10 s. */
  readonly replyTimeoutMs?: number;
  /** A connection that is not there after so long is given up. Default 15 s. */
  readonly connectTimeoutMs?: number;
  /** Commands (not sends: those wait in the outbox) reject after so long without a connection. Default 30 s. */
  readonly commandTimeoutMs?: number;
  /** A second socket takes over at this age, before the server ends the first at 2 h. Default 110 min. */
  readonly handoverAfterMs?: number;
  /** Further behind than this, a conversation starts again from its newest page (`reset`). Default 1,000 entries. */
  readonly maxCatchUp?: number;
  /** Messages kept per conversation; beyond it the oldest are let go and can be loaded again. Default 20,000. */
  readonly maxMessages?: number;
  /** Marks messages in direct conversations and groups as delivered by itself. Default true. */
  readonly autoDelivered?: boolean;
  /** The edges: replaced in tests, or for a platform of its own. */
  readonly openSocket?: SocketFactory;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly newId?: () => string;
  readonly lifecycle?: Lifecycle;
}

export interface ClientEvents {
  state: StateChange;
  /** You were added to a conversation, or created one, perhaps on another device (MEMB-1). */
  'conversation-created': ConversationInfo;
  /** You were removed from a conversation or left it, perhaps on another device. */
  'conversation-removed': { conversationId: string };
  /** Something in the background failed and is lost: the outbox could not be stored, a status not be set. */
  error: ChatError;
}

export interface Client {
  readonly state: ConnectionState;
  /** The token's user; undefined until a token was seen. */
  readonly userId: string | undefined;
  readonly conversations: Conversations;
  /** Resolves when connected. While it waits it keeps trying; rejects only if the client is closed. In `waiting` it tries at once. */
  connect(): Promise<void>;
  /** Ends the connection for good, or until `connect()`. Unsent messages stay in the outbox. */
  close(): void;
  on<K extends keyof ClientEvents>(event: K, listener: (payload: ClientEvents[K]) => void): Off;
  /** Sets your status in all conversations; kept over reconnects (PRES-1). */
  setStatus(status: Status): Promise<void>;
}

export interface Conversations {
  /** The handle of a conversation: always the same for an id, without a round trip. */
  get(conversationId: string): Conversation;
  /** A page of your conversations, in order of id, with unread counts. */
  list(query?: { limit?: number; cursor?: string }): Promise<ConversationsPage>;
  /** Creates a channel, a group or a direct conversation; repeating it gives the same one (CONV-1). Not joined yet. */
  create(conversation: NewConversation): Promise<Conversation>;
}

export interface Draft {
  /** 1–4,000 code points (TEXT-1). Either this or `forward`. */
  readonly content?: string;
  /** The message to copy here (SEND-7). */
  readonly forward?: { conversationId: string; seq: number };
  /** The seq of the message that this one answers. */
  readonly replyTo?: number;
  /** At most 20 userIds. */
  readonly mentions?: readonly string[];
}

/**
 * `received`: someone else's. One's own: `pending` (in the outbox), `sent` (in the log), `delivered` and `read` (at least
 * one other member has it, or read it), `failed` (refused; see `error`).
 */
export type MessageStatus = 'received' | 'pending' | 'sent' | 'delivered' | 'read' | 'failed';

/** A message as the application shows it. Immutable: a change gives a new object, and the same object means no change. */
export interface ChatMessage extends Omit<Message, 'seq' | 'n' | 'rev'> {
  /** Stays the same from pending to read: a list's key. */
  readonly key: string;
  /** Its place in the log; undefined while pending or failed. */
  readonly seq: number | undefined;
  readonly status: MessageStatus;
  readonly error?: ChatError;
}

/** `idle`: not joined. `joining`: also while catching up after a reconnect. `ended`: see `error`; `join()` tries again. */
export type ConversationState = 'idle' | 'joining' | 'live' | 'ended';

export interface OnlineUser {
  readonly userId: string;
  readonly status: Status;
}

export type PresenceChange =
  | { readonly userId: string; readonly status: Status }
  | { readonly userId: string; readonly status: 'offline'; readonly lastSeenAt: string };

export interface ConversationEvents {
  /** Every message after the first page, one's own too: once, in the order of the log. */
  message: Message;
  /** Every durable entry after the first page, messages too: once, in the order of the log. */
  entry: EntryFrame;
  /** `messages` or another property is new. */
  change: undefined;
  typing: { readonly userIds: readonly string[] };
  presence: PresenceChange;
  /** How far somebody has received and read. */
  receipt: Mark;
  state: { readonly previous: ConversationState; readonly current: ConversationState; readonly error?: ChatError };
  /** The copy was dropped and begun anew with the newest page: `message` and `entry` skip what lies between. */
  reset: { readonly reason: 'epoch' | 'too-far-behind' };
  /** A message was refused: shown with status `failed`; `retry` or `discard` it. */
  failed: { readonly clientMessageId: string; readonly error: ChatError };
}

export interface Conversation {
  readonly id: string;
  readonly state: ConversationState;
  /** Why it ended. */
  readonly error: ChatError | undefined;
  /** Undefined until joined or listed. */
  readonly info: ConversationInfo | undefined;
  readonly role: Role | undefined;
  /** What is held of the log, then what is in the outbox. The same array until something changes. */
  readonly messages: readonly ChatMessage[];
  /** Older messages can be loaded. */
  readonly hasOlder: boolean;
  /** The seq up to which the log is held without a gap. */
  readonly position: number;
  /** Messages that you have not marked as read, your own included; undefined until known. */
  readonly unread: number | undefined;
  /** Whom the server named or announced; rooms of over 100 connections announce nobody (PRES-1). */
  readonly online: readonly OnlineUser[];
  /** Who is typing, without you. */
  readonly typing: readonly string[];
  /** How far each member has received and read, as far as known. */
  readonly marks: readonly Mark[];
  /** Grows with every change; for stores that compare snapshots. */
  readonly revision: number;

  /** Subscribes this device; a channel's new members become members. Resolves when the log is caught up. Kept over reconnects. */
  join(): Promise<Conversation>;
  /** Ends delivery to this device, not the membership (LEAVE-1). */
  leave(): Promise<void>;
  /** Resolves with the message in the log, however long that takes; rejects if it is refused, and shows it as `failed`. */
  send(draft: Draft | string): Promise<Message>;
  /** Sends a failed message again. */
  retry(clientMessageId: string): Promise<Message>;
  /** Drops a failed or pending message. One that is on its way may still arrive. */
  discard(clientMessageId: string): void;
  /** Prepends the page before `messages`. */
  loadOlder(limit?: number): Promise<{ added: number; hasOlder: boolean }>;
  /** Reads a page of the log without touching `messages` (PAGE-1). */
  history(query?: { before?: number; after?: number; limit?: number }): Promise<HistoryPage>;
  edit(seq: number, content: string): Promise<Edited>;
  delete(seq: number): Promise<Deleted>;
  react(seq: number, emoji: string): Promise<ReactionAdded>;
  unreact(seq: number, emoji: string): Promise<ReactionRemoved>;
  /** Up to `seq`, or all that is held. Coalesced; marks never go back (READ-1). */
  markRead(seq?: number): Promise<void>;
  markDelivered(seq?: number): Promise<void>;
  /** Call on every keystroke, and with `false` when the input is emptied; at most one frame every 4 s goes out (TYPE-1). */
  sendTyping(isTyping?: boolean): void;
  members(query?: { limit?: number; cursor?: string }): Promise<MembersPage>;
  addMember(userId: string, role?: Role): Promise<MemberJoined>;
  removeMember(userId: string): Promise<MemberLeft>;
  updateMember(
    userId: string,
    changes: { role?: Role; mutedUntil?: string | null; banned?: boolean },
  ): Promise<MemberUpdated>;
  update(changes: { name?: string; slowModeSeconds?: number }): Promise<ConversationUpdated>;
  on<K extends keyof ConversationEvents>(event: K, listener: (payload: ConversationEvents[K]) => void): Off;
}

export interface HistoryPage {
  readonly entries: readonly EntryFrame[];
  /** The messages among `entries`. */
  readonly messages: readonly Message[];
  readonly head: number;
  readonly hasMore: boolean;
}
