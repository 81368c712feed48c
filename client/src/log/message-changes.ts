import type { EntryFrame, Message } from '../protocol.ts';

/** An entry that changes a message. */
export type ChangeFrame = Extract<EntryFrame, { data: { targetSeq: number } }>;

const CHANGES: Record<ChangeFrame['event'], true> = {
  'message-updated': true,
  'message-deleted': true,
  'reaction-added': true,
  'reaction-removed': true,
};

/** Whether an entry changes a message. */
export function isChange(frame: EntryFrame): frame is ChangeFrame {
  return Object.hasOwn(CHANGES, frame.event);
}

/**
 * LOG-4: the message after a change; the same object if the change is in it already. `me` tells whose reactions are
 * `mine`.
 */
export function applyChange(message: Message, frame: ChangeFrame, me: string | undefined): Message {
  const { event, data } = frame;
  if (data.seq <= message.rev) return message;
  switch (event) {
    case 'message-updated':
      // EDIT-2: without content a newer edit or the deletion follows, and brings what is shown.
      if (data.content === undefined) return message;
      return { ...message, content: data.content, editedAt: data.at, rev: data.seq };
    case 'message-deleted':
      return tombstone(message, data.at, data.seq);
    default: {
      const reactions = react(message.reactions, event === 'reaction-added', data, data.userId === me);
      return { ...message, reactions, rev: data.seq };
    }
  }
}

/** EDIT-1: what a deleted message keeps. */
function tombstone(message: Message, deletedAt: string, rev: number): Message {
  const { conversationId, seq, senderId, type, clientMessageId, createdAt, n } = message;
  const id = clientMessageId === undefined ? {} : { clientMessageId };
  return { conversationId, seq, senderId, type, ...id, createdAt, n, rev, deletedAt, reactions: [] };
}

function react(
  reactions: Message['reactions'],
  added: boolean,
  { emoji, count }: { emoji: string; count: number },
  byMe: boolean,
): Message['reactions'] {
  const before = reactions.find((reaction) => reaction.emoji === emoji);
  const after = { emoji, count, mine: byMe ? added : (before?.mine ?? false) };
  if (count === 0) return reactions.filter((reaction) => reaction !== before);
  if (!before) return [...reactions, after];
  return reactions.map((reaction) => (reaction === before ? after : reaction));
}
