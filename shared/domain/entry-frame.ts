import type { EntryFrame } from '../protocol/entries.ts';
import type { Message } from '../protocol/shapes.ts';
import type { Entry, MessageEntry } from './entry.ts';

/**
 * A message as `viewer` sees it: `mine` are the emojis with which that user reacted to it. In a push, which is the same
 * for all, nothing is anybody's.
 */
export function toMessage(entry: MessageEntry, mine: ReadonlySet<string> = new Set()): Message {
  const { conversationId, seq, senderId, clientMessageId, at, n, rev } = entry;
  const { content, editedAt, deletedAt, replyTo, mentions, reactions, forwardedFrom } = entry;
  return {
    conversationId,
    seq,
    senderId,
    type: 'text',
    ...(content !== undefined && { content }),
    ...(clientMessageId !== undefined && { clientMessageId }),
    createdAt: at,
    n,
    rev,
    ...(editedAt !== undefined && { editedAt }),
    ...(deletedAt !== undefined && { deletedAt }),
    ...(replyTo !== undefined && { replyTo }),
    ...(mentions !== undefined && { mentions: [...mentions] }),
    reactions: reactions.map(({ emoji, count }) => ({ emoji, count, mine: mine.has(emoji) })),
    ...(forwardedFrom !== undefined && { forwardedFrom: { ...forwardedFrom } }),
  };
}

/** An entry as the frame that is pushed and replayed alike. */
export function toFrame(entry: Entry, mine?: ReadonlySet<string>): EntryFrame {
  const { conversationId, seq, at, n, senderId } = entry;
  const common = { conversationId, seq, at, n };
  switch (entry.kind) {
    case 'receive-message':
      return { event: entry.kind, data: toMessage(entry, mine) };
    case 'message-updated': {
      const content = entry.content !== undefined && { content: entry.content };
      return { event: entry.kind, data: { ...common, targetSeq: entry.targetSeq, ...content, updatedBy: senderId } };
    }
    case 'message-deleted':
      return { event: entry.kind, data: { ...common, targetSeq: entry.targetSeq, deletedBy: senderId } };
    case 'reaction-added':
    case 'reaction-removed': {
      const { targetSeq, emoji, count } = entry;
      return { event: entry.kind, data: { ...common, targetSeq, emoji, userId: senderId, count } };
    }
    case 'member-joined':
    case 'member-left':
      return { event: entry.kind, data: { ...common, userId: entry.userId, role: entry.role, by: senderId } };
    case 'member-updated': {
      const { userId, role, mutedUntil, banned } = entry;
      const changes = {
        ...(role !== undefined && { role }),
        ...(mutedUntil !== undefined && { mutedUntil }),
        ...(banned !== undefined && { banned }),
      };
      return { event: entry.kind, data: { ...common, userId, ...changes, by: senderId } };
    }
    case 'conversation-updated':
      return { event: entry.kind, data: { ...common, changes: { ...entry.changes }, by: senderId } };
  }
}
