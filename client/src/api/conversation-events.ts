import type { ChatError } from '../errors.ts';
import type { EntryFrame, Mark, Message, Status } from '../protocol.ts';

/**
 * What this device's copy of a conversation is doing. `idle`: it is not joined. `joining`: it is being caught up, also
 * after a reconnect. `live`: it is whole, and follows. `ended`: refused, or you were removed or banned, or left on any
 * device; see `error`, which is what a refused join gives. `join` tries again; being added makes it `idle`.
 */
export type ConversationState = 'idle' | 'joining' | 'live' | 'ended';

/** A user who is online, and how. */
export interface OnlineUser {
  /** The user's id. */
  readonly userId: string;
  /** What the user wants to be seen as. */
  readonly status: Status;
}

/** A user who came online, changed the status, or went offline; `lastSeenAt` is ISO 8601 in UTC. */
export type PresenceChange =
  | { readonly userId: string; readonly status: Status }
  | { readonly userId: string; readonly status: 'offline'; readonly lastSeenAt: string };

/** A conversation's events: what `conversation.on` can listen to, and what listeners get. */
export interface ConversationEvents {
  /** Every message after the first page, your own too: once, in the order of the log. */
  message: Message;
  /** Every durable entry after the first page, messages too: once, in the order of the log. */
  entry: EntryFrame;
  /** `messages` or another property is new. */
  change: undefined;
  /** Someone began or stopped typing; all who type now, without you. */
  typing: { readonly userIds: readonly string[] };
  /** Someone came online, changed the status, or went offline. */
  presence: PresenceChange;
  /** How far someone has received and read. */
  receipt: Mark;
  /** Joining began, ended or failed. */
  state: { readonly previous: ConversationState; readonly current: ConversationState; readonly error?: ChatError };
  /** The copy was dropped and begun again with the newest page: `message` and `entry` skip what lies between. */
  reset: { readonly reason: 'epoch' | 'too-far-behind' };
  /** A message was refused. It is shown with the status `failed`; `retry` or `discard` it. */
  failed: { readonly clientMessageId: string; readonly error: ChatError };
}
