import { type Conversation, isActive, type Member } from '../domain/conversation.ts';
import { type Permission, requireMay } from '../domain/permissions.ts';
import type { ConversationStore } from '../domain/ports.ts';
import { Refusal } from '../protocol/errors.ts';

/**
 * The sender's membership, looked at before anything else (AUTH-1). Throws what an outsider is told, or `forbidden` if
 * the role has no such permission (ROLE-1). Reads one row; for outsiders one more, the same whether the conversation
 * exists or not.
 */
export async function requireMember(
  store: ConversationStore,
  conversationId: string,
  userId: string,
  permission: Permission,
  nowMs: number,
): Promise<Member> {
  const member = await store.member(conversationId, userId);
  if (!isActive(member)) throw outsider(await store.conversation(conversationId), member);
  requireMay(member, permission, nowMs);
  return member;
}

/** What somebody who is not an active member is told (AUTH-1, JOIN-3). */
export function outsider(conversation: Conversation | undefined, member: Member | undefined): Refusal {
  if (conversation?.kind !== 'channel') {
    return new Refusal('conversation-not-found', 'there is no such conversation');
  }
  if (member?.state === 'banned') return new Refusal('forbidden', 'you are banned from this channel');
  return new Refusal('not-joined', 'join this channel first');
}
