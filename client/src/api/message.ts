import type { ChatError } from '../errors.ts';
import type { EntryFrame, Message } from '../protocol.ts';

/** What `send` takes: a text, or a message to forward. */
export interface Draft {
  /** The text: 1 to 4,000 code points (TEXT-1). Either this or `forward`. */
  readonly content?: string;
  /** The message to copy here (SEND-7). Either this or `content`. */
  readonly forward?: { conversationId: string; seq: number };
  /** The seq of the message that this one answers. */
  readonly replyTo?: number;
  /** The user ids of those mentioned, at most 20. */
  readonly mentions?: readonly string[];
}

/**
 * How far a message has come. Someone else's is `received`. Your own is `pending` (in the outbox), `sent` (in the log),
 * `delivered` or `read` (at least one other member has it, or has read it), or `failed` (refused; see `error`).
 */
export type MessageStatus = 'received' | 'pending' | 'sent' | 'delivered' | 'read' | 'failed';

/**
 * A message as an application shows it. It never changes: a change gives a new object, and the same object means that
 * nothing changed. A deleted message has `deletedAt` and no `content`.
 */
export interface ChatMessage extends Omit<Message, 'seq' | 'n' | 'rev'> {
  /** Stays the same from pending to read: a list's key. */
  readonly key: string;
  /** Its place in the log; undefined while it is pending or failed. */
  readonly seq: number | undefined;
  /** How far it has come. */
  readonly status: MessageStatus;
  /** Why it failed. */
  readonly error?: ChatError;
}

/** A page of a conversation's log. */
export interface HistoryPage {
  /** All entries of the page, ascending: messages, edits, reactions, members, … */
  readonly entries: readonly EntryFrame[];
  /** The messages among `entries`, as they are now. */
  readonly messages: readonly Message[];
  /** The seq of the newest entry of the log, in this page or not. */
  readonly head: number;
  /** There is more in the direction that was asked for. */
  readonly hasMore: boolean;
}
