import type { Role } from '../protocol/identifiers.ts';

/** Where a forward came from: all of it if the source is a channel, else nothing (SEND-7). */
export interface ForwardedFrom {
  readonly conversationId?: string;
  readonly seq?: number;
  readonly senderId?: string;
}

export interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
}

/** A message's own entry also holds its current state: every later change of it rewrites these fields. */
export interface MessageBody {
  readonly kind: 'receive-message';
  /** Absent from a tombstone. */
  readonly content?: string;
  /** Seq of the last entry applied to this message. */
  readonly rev: number;
  /** Seq of the newest edit, whose entry still holds the text (EDIT-2). */
  readonly editSeq?: number;
  readonly editedAt?: string;
  readonly deletedAt?: string;
  readonly deletedBy?: string;
  readonly replyTo?: number;
  readonly mentions?: readonly string[];
  readonly reactions: readonly ReactionCount[];
  readonly forwardedFrom?: ForwardedFrom;
}

export interface EditBody {
  readonly kind: 'message-updated';
  readonly targetSeq: number;
  /** Only the newest edit of a message keeps it (EDIT-2). */
  readonly content?: string;
}

export interface DeletionBody {
  readonly kind: 'message-deleted';
  readonly targetSeq: number;
}

export interface ReactionBody {
  readonly kind: 'reaction-added' | 'reaction-removed';
  readonly targetSeq: number;
  readonly emoji: string;
  readonly count: number;
}

export interface MembershipBody {
  readonly kind: 'member-joined' | 'member-left';
  readonly userId: string;
  readonly role: Role;
}

export interface MemberUpdateBody {
  readonly kind: 'member-updated';
  readonly userId: string;
  readonly role?: Role;
  readonly mutedUntil?: string | null;
  readonly banned?: boolean;
}

export interface ConversationUpdateBody {
  readonly kind: 'conversation-updated';
  readonly changes: { readonly name?: string; readonly slowModeSeconds?: number };
}

export type EntryBody =
  | MessageBody
  | EditBody
  | DeletionBody
  | ReactionBody
  | MembershipBody
  | MemberUpdateBody
  | ConversationUpdateBody;

/**
 * State that every entry hands on to the next. It is exact because there are no gaps: whoever appends n+1 has seen n.
 */
export interface RunningState {
  /** Messages up to and including this entry, tombstones included. */
  readonly n: number;
  /** Seq of the newest message; 0 if there is none. */
  readonly lastMessageSeq: number;
  readonly owners: number;
  /** Active members; kept for groups only, else as at creation. */
  readonly members: number;
  readonly slowModeSeconds: number;
  /** The conversation's rate: GCRA arrival time in ms since the epoch. */
  readonly tat: number;
}

export interface EntryHeader extends RunningState {
  readonly conversationId: string;
  /** 1, 2, 3 … without a gap (LOG-1). */
  readonly seq: number;
  /** ISO 8601; never earlier than the entry before. */
  readonly at: string;
  /** Who did it. */
  readonly senderId: string;
  /** The sender's own rate, as `tat`; 0 if nothing was sent lately. */
  readonly senderTat: number;
  /** The client's id of the message, if it gave one. */
  readonly clientMessageId?: string;
  /** Otherwise the gateway's id of the frame: an SDK retry of a put whose answer was lost finds itself by it. */
  readonly requestId?: string;
  /** The acting connection: it has its reply and gets no push. */
  readonly origin?: string;
}

/** One durable thing that happened in a conversation, as it is stored. */
export type Entry = EntryHeader & EntryBody;
export type MessageEntry = EntryHeader & MessageBody;

/** The id by which a sender's second try is recognised (SEND-3). */
export function dedupeId(entry: EntryHeader): string | undefined {
  return entry.clientMessageId ?? entry.requestId;
}

export function isMessage(entry: Entry | undefined): entry is MessageEntry {
  return entry?.kind === 'receive-message';
}
