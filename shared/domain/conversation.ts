import type { ConversationKind, Role } from '../protocol/identifiers.ts';

/** What is stored of a conversation beside its log (the META item). Changes only together with an entry. */
export interface Conversation {
  readonly conversationId: string;
  /** Changes when the log is restored from a backup (LOG-6). */
  readonly epoch: string;
  readonly kind: ConversationKind;
  readonly name?: string;
  readonly createdBy: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly slowModeSeconds?: number;
  /** The two users of a direct conversation. */
  readonly userIds?: readonly string[];
  /** Owners and members at creation: the running state of an empty log. `members` is kept for groups only. */
  readonly initial: { readonly owners: number; readonly members: number };
}

/** A user's membership. Who once was a member keeps a row, so that marks do not shrink and a ban is remembered. */
export interface Member {
  readonly conversationId: string;
  readonly userId: string;
  /** The conversation's kind, copied because it never changes: it spares every command a read. */
  readonly kind: ConversationKind;
  readonly state: 'active' | 'left' | 'banned';
  readonly role: Role;
  /** ISO 8601. */
  readonly joinedAt: string;
  readonly readSeq: number;
  /** `n` at `readSeq`: unread is the head's `n` minus this. */
  readonly readN: number;
  readonly deliveredSeq: number;
  /** ISO 8601. */
  readonly mutedUntil?: string;
  /** ISO 8601; kept only while slow mode is on. */
  readonly lastSentAt?: string;
  /** The connection whose command made this row active: it has its reply and gets no push of it. */
  readonly origin?: string;
}

/** Whether `member` may use the conversation now. */
export function isActive(member: Member | undefined): member is Member & { readonly state: 'active' } {
  return member?.state === 'active';
}

/**
 * What a user who comes back still carries (MEMB-2): the mute, and the last send. Without them, leaving and joining again
 * would end either.
 */
export function outlivingLeaving(before: Member | undefined): Pick<Member, 'mutedUntil' | 'lastSentAt'> {
  const { mutedUntil, lastSentAt } = before ?? {};
  return { ...(mutedUntil !== undefined && { mutedUntil }), ...(lastSentAt !== undefined && { lastSentAt }) };
}
