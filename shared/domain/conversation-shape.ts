import type { Conversation as ConversationShape, Member as MemberShape } from '../protocol/shapes.ts';
import type { Conversation, Member } from './conversation.ts';

/** A conversation on the wire. */
export function toConversation(conversation: Conversation): ConversationShape {
  const { conversationId, epoch, kind, name, createdBy, createdAt, slowModeSeconds, userIds } = conversation;
  return {
    conversationId,
    epoch,
    kind,
    ...(name !== undefined && { name }),
    createdBy,
    createdAt,
    ...(slowModeSeconds && { slowModeSeconds }),
    ...(userIds && { userIds: [...userIds] }),
  };
}

/** A member on the wire. */
export function toMember(member: Member): MemberShape {
  const { userId, role, joinedAt, readSeq, deliveredSeq, mutedUntil, state } = member;
  return {
    userId,
    role,
    joinedAt,
    readSeq,
    deliveredSeq,
    ...(mutedUntil !== undefined && { mutedUntil }),
    ...(state === 'banned' && { banned: true }),
  };
}
