import type { Conversation as ConversationShape, Member as MemberShape } from '../protocol/shapes.ts';
import type { Conversation, Member } from './conversation.ts';
import { defined } from './defined.ts';
import type { Every } from './entries/entry-kind.ts';

/** A conversation on the wire. */
export function toConversation(conversation: Conversation): ConversationShape {
  const { conversationId, epoch, kind, name, createdBy, createdAt, slowModeSeconds, userIds } = conversation;
  // Slow mode is shown only while it is on.
  const shown = slowModeSeconds === 0 ? undefined : slowModeSeconds;
  return onWire<ConversationShape>({
    conversationId,
    epoch,
    kind,
    name,
    createdBy,
    createdAt,
    slowModeSeconds: shown,
    userIds,
  });
}

/** A member on the wire. */
export function toMember(member: Member): MemberShape {
  const { userId, role, joinedAt, readSeq, deliveredSeq, mutedUntil, state } = member;
  const banned = state === 'banned' ? true : undefined;
  return onWire<MemberShape>({ userId, role, joinedAt, readSeq, deliveredSeq, mutedUntil, banned });
}

/** The shape without what is undefined. A field that is forgotten does not compile. */
function onWire<Shape>(fields: Every<Shape>): Shape {
  return defined(fields) as Shape;
}
