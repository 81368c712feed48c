import type { ChatError } from '../errors.ts';
import type { CallOptions } from '../platform/abort.ts';
import type { Off } from '../platform/edges.ts';
import type {
  ConversationInfo,
  ConversationUpdated,
  Deleted,
  Edited,
  Mark,
  MemberJoined,
  MemberLeft,
  MembersPage,
  MemberUpdated,
  Message,
  ReactionAdded,
  ReactionRemoved,
  Role,
} from '../protocol.ts';
import type { ConversationEvents, ConversationState, OnlineUser } from './conversation-events.ts';
import type { ChatMessage, Draft, HistoryPage } from './message.ts';

/**
 * One conversation: its messages as they are held on this device, and all that can be done in it. Made by
 * `client.conversations.get` and `create`; for one id it is always the same object.
 *
 * Every method that asks the server rejects with a {@link ChatError}. Those named at a method come beside these:
 * `disconnected` (no outcome within `commandTimeoutMs`), `closed` (the client was closed), `conversation-not-found`
 * (there is none, or it is not yours to see), `not-joined` (a channel that you are no member of), `forbidden` (your
 * role does not allow it, or you are muted or banned), `validation-failed` (see `details`), `not-connected` (`connect` was
 * not called yet) and `aborted` (by the `signal` that every call takes last).
 */
export interface Conversation {
  /** The conversation's id. */
  readonly id: string;
  /** What this device's copy is doing. */
  readonly state: ConversationState;
  /** Why it ended, in the state `ended`. */
  readonly error: ChatError | undefined;
  /** Kind, name and the like; undefined until joined or listed. */
  readonly info: ConversationInfo | undefined;
  /** Your role; undefined until joined or listed. */
  readonly role: Role | undefined;
  /**
   * Until when you may not write: ISO 8601 in UTC, perhaps in the past by now. Undefined if you are not muted, and until
   * joined.
   */
  readonly mutedUntil: string | undefined;
  /** What is held of the log, then what is in the outbox. The same array until something changes. */
  readonly messages: readonly ChatMessage[];
  /** Older messages can be loaded. */
  readonly hasOlder: boolean;
  /** The seq up to which the log is held without a gap; 0 before anything is. */
  readonly position: number;
  /**
   * The number of messages after your read mark, without your own and without deleted ones (READ-2); undefined until
   * known.
   */
  readonly unread: number | undefined;
  /** Whether `unread` is an upper bound: more than 50 entries lie after your read mark, and not all of them are held. */
  readonly unreadAtMost: boolean;
  /** Whom the server named or announced; rooms of over 100 connections announce nobody (PRES-1). */
  readonly online: readonly OnlineUser[];
  /** The user ids of those who are typing, without you. Each stays for 6 s after the last sign. */
  readonly typing: readonly string[];
  /** How far each member has received and read, as far as known. */
  readonly marks: readonly Mark[];
  /** Grows with every change; for stores that compare snapshots. */
  readonly revision: number;

  /**
   * Follows the conversation on this device; a user who is new in a channel becomes a member. Resolves when the log is
   * caught up, and is kept over reconnects until `leave`.
   *
   * @throws {@link ChatError} why it was refused (then `state` is `ended`); `not-joined`, if `leave` came first;
   * `closed`: it is joined when the client connects again.
   * @example
   * ```ts
   * await conversation.join();
   * conversation.on('change', () => console.log(conversation.messages.length));
   * ```
   */
  join(options?: CallOptions): Promise<Conversation>;

  /**
   * Ends delivery to this device, not the membership (LEAVE-1). Never rejects.
   *
   * @example
   * ```ts
   * await conversation.leave();
   * ```
   */
  leave(): Promise<void>;

  /**
   * Sends a message. It is in `messages` at once, as `pending`. Resolves with the message in the log, however long that
   * takes; in a user interface, show `messages` instead of waiting.
   *
   * @throws {@link ChatError} why it was refused; then `messages` shows it as `failed`. `too-large` or
   * `validation-failed` for a text against the rules, before anything is sent; `message-not-found`, if there is nothing
   * to reply to or to forward; `closed`, if the client is closed or the message discarded.
   * @example
   * ```ts
   * const message = await conversation.send('Hello!');
   * await conversation.send({ content: 'And you?', replyTo: message.seq, mentions: ['bob'] });
   * ```
   */
  send(draft: Draft | string, options?: CallOptions): Promise<Message>;

  /**
   * Sends a failed message again, after all others that wait. Resolves and rejects as `send` does.
   *
   * @throws {@link ChatError} `message-not-found`, if the outbox holds no such message.
   * @example
   * ```ts
   * conversation.on('failed', ({ clientMessageId, error }) => error.retryable && conversation.retry(clientMessageId));
   * ```
   */
  retry(clientMessageId: string, options?: CallOptions): Promise<Message>;

  /**
   * Drops a failed or pending message. One that is on its way may still arrive.
   *
   * @example
   * ```ts
   * conversation.on('failed', ({ clientMessageId }) => conversation.discard(clientMessageId));
   * ```
   */
  discard(clientMessageId: string): void;

  /**
   * Prepends a page to `messages`: up to `limit` entries of the log, 1 to 100, 50 if it is not given. `added` is the
   * number of messages among them. A second call meanwhile gets the same page.
   *
   * @throws {@link ChatError} `not-joined`, if nothing is held yet.
   * @example
   * ```ts
   * const { added, hasOlder } = await conversation.loadOlder();
   * ```
   */
  loadOlder(limit?: number, options?: CallOptions): Promise<{ added: number; hasOlder: boolean }>;

  /**
   * Reads a page of the log without touching `messages`: up to `limit` entries, 1 to 100, 50 if it is not given, that
   * lie `before` or `after` a seq; the newest without either (PAGE-1).
   *
   * @throws {@link ChatError} see {@link Conversation}.
   * @example
   * ```ts
   * const { messages, hasMore } = await conversation.history({ before: 100, limit: 20 });
   * ```
   */
  history(query?: { before?: number; after?: number; limit?: number }, options?: CallOptions): Promise<HistoryPage>;

  /**
   * Replaces the text of your message with this seq: 1 to 4,000 code points. Whom it mentions stays, unless `mentions`
   * says otherwise; `[]`: nobody.
   *
   * @throws {@link ChatError} `forbidden`, if it is not your message; `message-not-found`; `conflict`, if it is
   * deleted; `too-large` or `validation-failed` for a text against the rules, before anything is sent.
   * @example
   * ```ts
   * const { seq } = await conversation.send('Helo');
   * await conversation.edit(seq, 'Hello, Bob', { mentions: ['bob'] });
   * ```
   */
  edit(seq: number, content: string, options?: CallOptions & { mentions?: readonly string[] }): Promise<Edited>;

  /**
   * Deletes the message with this seq: your own, or as an admin or owner anyone's. It stays in the log without its
   * text.
   *
   * @throws {@link ChatError} `forbidden`, `message-not-found`.
   * @example
   * ```ts
   * const { seq } = await conversation.send('Oops');
   * await conversation.delete(seq);
   * ```
   */
  delete(seq: number, options?: CallOptions): Promise<Deleted>;

  /**
   * Reacts to the message with this seq with one emoji. One that lacks its variation selector (❤ for ❤️) is completed.
   *
   * @throws {@link ChatError} `validation-failed` for what is not one emoji, before anything is sent;
   * `message-not-found`; `conflict`, if it is deleted or has 20 different emoji already.
   * @example
   * ```ts
   * conversation.on('message', ({ seq }) => void conversation.react(seq, '👍').catch(console.warn));
   * ```
   */
  react(seq: number, emoji: string, options?: CallOptions): Promise<ReactionAdded>;

  /**
   * Takes your reaction back. Resolves with `unchanged: true`, if there was none.
   *
   * @throws {@link ChatError} `validation-failed` for what is not one emoji; `message-not-found`; `conflict`, if the message is deleted.
   * @example
   * ```ts
   * const { seq } = await conversation.send('Hello!');
   * await conversation.react(seq, '👍');
   * await conversation.unreact(seq, '👍');
   * ```
   */
  unreact(seq: number, emoji: string, options?: CallOptions): Promise<ReactionRemoved>;

  /**
   * Marks messages as read up to `seq`, or all that are held. Marks within half a second go out as one, and never go
   * back (READ-1). Resolves when the server has it.
   *
   * @throws {@link ChatError} see {@link Conversation}; what failed is sent with the next mark.
   * @example
   * ```ts
   * if (document.hasFocus()) await conversation.markRead();
   * ```
   */
  markRead(seq?: number, options?: CallOptions): Promise<void>;

  /**
   * Marks messages as delivered to you up to `seq`, or all that are held. In direct conversations and groups the client
   * does it by itself, unless `autoDelivered` is false.
   *
   * @throws {@link ChatError} see {@link Conversation}; what failed is sent with the next mark.
   * @example
   * ```ts
   * await conversation.markDelivered();
   * ```
   */
  markDelivered(seq?: number, options?: CallOptions): Promise<void>;

  /**
   * Tells the others that you are typing. Call it on every keystroke, and with `false` when the input is emptied; one
   * frame in 4 s goes out at most (TYPE-1). Nothing tells whether it arrived.
   *
   * @example
   * ```ts
   * document.querySelector('textarea')?.addEventListener('input', () => conversation.sendTyping());
   * ```
   */
  sendTyping(isTyping?: boolean): void;

  /**
   * A page of the members: 1 to 100 of them, 100 if `limit` is not given. `cursor` comes from the page before; the last
   * page has none.
   *
   * @throws {@link ChatError} see {@link Conversation}.
   * @example
   * ```ts
   * const { items, cursor } = await conversation.members({ limit: 100 });
   * ```
   */
  members(query?: { limit?: number; cursor?: string }, options?: CallOptions): Promise<MembersPage>;

  /**
   * Adds a user to a group, as `member` if no role is given. For admins and owners; another role takes an owner.
   *
   * @throws {@link ChatError} `forbidden`; `conflict`, if it is not a group or is full, or the user is banned.
   * @example
   * ```ts
   * await conversation.addMember('dave', 'admin');
   * ```
   */
  addMember(userId: string, role?: Role, options?: CallOptions): Promise<MemberJoined>;

  /**
   * Removes a member, or yourself. Owners may remove anyone, admins members; anyone may go.
   *
   * @throws {@link ChatError} `forbidden`; `user-not-found`; `conflict`, if it is the last owner or a direct
   * conversation.
   * @example
   * ```ts
   * await conversation.removeMember('dave');
   * ```
   */
  removeMember(userId: string, options?: CallOptions): Promise<MemberLeft>;

  /**
   * Changes a member's role, mutes (`mutedUntil`: ISO 8601 in UTC with milliseconds; null ends it) or bans. Owners may
   * all of it; admins may mute and ban members.
   *
   * @throws {@link ChatError} `forbidden`; `user-not-found`; `conflict`, if it is the last owner or a direct
   * conversation.
   * @example
   * ```ts
   * await conversation.updateMember('dave', { mutedUntil: new Date(Date.now() + 3_600_000).toISOString() });
   * ```
   */
  updateMember(
    userId: string,
    changes: { role?: Role; mutedUntil?: string | null; banned?: boolean },
    options?: CallOptions,
  ): Promise<MemberUpdated>;

  /**
   * Changes the name (1 to 100 code points on one line) or slow mode (seconds between two messages of a member, at most
   * 21,600; 0 ends it). For admins and owners.
   *
   * @throws {@link ChatError} `forbidden`, in a direct conversation too; `too-large` for the name.
   * @example
   * ```ts
   * await conversation.update({ name: 'Trip to Rome', slowModeSeconds: 10 });
   * ```
   */
  update(changes: { name?: string; slowModeSeconds?: number }, options?: CallOptions): Promise<ConversationUpdated>;

  /**
   * Calls `listener` with every event of this name; gives the undo. A listener that throws disturbs nobody else:
   * the client's event `error` tells.
   *
   * @example
   * ```ts
   * const off = conversation.on('message', ({ senderId, content }) => console.log(senderId, content));
   * off();
   * ```
   */
  on<K extends keyof ConversationEvents>(event: K, listener: (payload: ConversationEvents[K]) => void): Off;
}
