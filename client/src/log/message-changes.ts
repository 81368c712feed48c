import type { EntryFrame, Message } from '../protocol.ts';

/** An entry that changes a message. */
export type ChangeFrame = Extract<EntryFrame, { data: { targetSeq: number } }>;

type ChangeData<E extends ChangeFrame['event']> = Extract<ChangeFrame, { event: E }>['data'];

/**
 * What each change makes of its message, but for `rev`. A kind that changes messages and is missing does not compile.
 */
const CHANGES: {
  readonly [E in ChangeFrame['event']]: (message: Message, data: ChangeData<E>, me: string | undefined) => Message;
} = {
  // EDIT-2: without content a newer edit or the deletion follows, and brings what is shown.
  'message-updated': (message, { content, mentions, at }) =>
    content === undefined ? message : { ...withMentions(message, mentions), content, editedAt: at },
  'message-deleted': (message, { at }) => tombstone(message, at),
  'reaction-added': (message, data, me) => withReaction(message, data, true, me),
  'reaction-removed': (message, data, me) => withReaction(message, data, false, me),
};

/** Whether an entry changes a message. */
export function isChange(frame: EntryFrame): frame is ChangeFrame {
  return Object.hasOwn(CHANGES, frame.event);
}

/**
 * LOG-4: the message after a change; the same object if the change is in it already. `me` tells whose reactions are
 * `mine`.
 */
export function applyChange(message: Message, { event, data }: ChangeFrame, me: string | undefined): Message {
  if (data.seq <= message.rev) return message;
  // The data is the event's own; TypeScript does not follow that through the union.
  const changed = CHANGES[event](message, data as never, me);
  return changed === message ? message : { ...changed, rev: data.seq };
}

/** EDIT-1: an edit that says nothing of mentions leaves them, an empty list takes them away. */
function withMentions(message: Message, mentions: string[] | undefined): Message {
  if (mentions === undefined) return message;
  const { mentions: _, ...rest } = message;
  return mentions.length > 0 ? { ...rest, mentions } : rest;
}

/** EDIT-1: what a deleted message keeps. */
function tombstone(message: Message, deletedAt: string): Message {
  const { conversationId, seq, senderId, type, clientMessageId, createdAt, n, rev } = message;
  const id = clientMessageId === undefined ? {} : { clientMessageId };
  return { conversationId, seq, senderId, type, ...id, createdAt, n, rev, deletedAt, reactions: [] };
}

function withReaction(
  message: Message,
  data: ChangeData<'reaction-added'>,
  added: boolean,
  me: string | undefined,
): Message {
  return { ...message, reactions: react(message.reactions, added, data, data.userId === me) };
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
