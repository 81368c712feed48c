import type { EntryFrame, Message, Role } from '../../client/src/protocol.ts';
import { unknownEntry } from './unknown-entry.ts';

/** A member of a `FakeLog`, also one who left. */
export interface FakeMembership {
  role: Role;
  readSeq: number;
  deliveredSeq: number;
  active: boolean;
  banned?: boolean;
}

/** A conversation of the `FakeChatServer`. */
export interface FakeLog {
  info: {
    conversationId: string;
    epoch: string;
    kind: 'channel' | 'group' | 'direct';
    createdBy: string;
    createdAt: string;
    name?: string;
  };
  members: Map<string, FakeMembership>;
  entries: EntryFrame[];
  /** Each message as it is now, without a viewer's `mine`. */
  messages: Map<number, Message>;
  /** Each message's reactions, as `userId emoji`. */
  reactions: Map<number, Set<string>>;
}

/** A page of the log as this user sees it: `after` upwards, or what is `before`, or the newest. */
export function pageOf(
  log: FakeLog,
  query: { before?: number | undefined; after?: number | undefined; limit?: number | undefined },
  userId: string,
  pageMax: number,
) {
  const head = log.entries.length;
  const limit = Math.min(query.limit ?? 50, pageMax);
  const first =
    query.after !== undefined ? query.after : Math.max(0, Math.min(query.before ?? head + 1, head + 1) - 1 - limit);
  const last = query.after !== undefined ? query.after + limit : (query.before ?? head + 1) - 1;
  const entries = log.entries.slice(first, last).map((frame) => replayed(log, frame, userId));
  return { entries, head, hasMore: query.after !== undefined ? last < head : first > 0 };
}

/** A message as this user sees it. */
export function seenBy(log: FakeLog, message: Message, userId: string): Message {
  const mine = (emoji: string) => log.reactions.get(message.seq)?.has(`${userId} ${emoji}`) ?? false;
  return {
    ...structuredClone(message),
    reactions: message.reactions.map((each) => ({ ...each, mine: mine(each.emoji) })),
  };
}

/** LOG-4 for messages, EDIT-2 for edits. */
function replayed(log: FakeLog, frame: EntryFrame, userId: string): EntryFrame {
  if (frame.event === 'receive-message') {
    const message = log.messages.get(frame.data.seq) as Message;
    return { event: frame.event, data: seenBy(log, message, userId) };
  }
  if (frame.event !== 'message-updated') return frame;
  const { content: _, ...stripped } = frame.data;
  const superseded = log.entries.some(
    ({ event, data }) =>
      (event === 'message-updated' || event === 'message-deleted') &&
      data.targetSeq === frame.data.targetSeq &&
      data.seq > frame.data.seq,
  );
  return superseded ? { event: frame.event, data: stripped } : frame;
}

/** Applies the entry to its message, with code of its own, because the client's reducer is tested against it. */
export function store(log: FakeLog, frame: EntryFrame): void {
  log.entries.push(frame);
  switch (frame.event) {
    case 'receive-message':
      log.messages.set(frame.data.seq, structuredClone(frame.data));
      return;
    case 'message-updated':
      change(log, frame.data, edit);
      return;
    case 'message-deleted':
      change(log, frame.data, strip);
      return;
    case 'reaction-added':
    case 'reaction-removed':
      change(log, frame.data, react);
      return;
    case 'member-joined':
    case 'member-left':
    case 'member-updated':
    case 'conversation-updated':
      return;
    default:
      unknownEntry(frame);
  }
}

function change<D extends { seq: number; targetSeq: number }>(
  log: FakeLog,
  data: D,
  apply: (message: Message, data: D) => void,
): void {
  const target = log.messages.get(data.targetSeq);
  if (!target) return;
  apply(target, data);
  target.rev = data.seq;
}

function edit(
  message: Message,
  { content, mentions, at }: { content?: string; mentions?: string[]; at: string },
): void {
  if (content !== undefined) Object.assign(message, { content, editedAt: at, ...(mentions && { mentions }) });
}

function strip(message: Message, { at }: { at: string }): void {
  for (const key of ['content', 'editedAt', 'replyTo', 'mentions', 'forwardedFrom'] as const) delete message[key];
  Object.assign(message, { deletedAt: at, reactions: [] });
}

function react({ reactions }: Message, { emoji, count }: { emoji: string; count: number }): void {
  const index = reactions.findIndex((each) => each.emoji === emoji);
  if (index < 0) reactions.push({ emoji, count, mine: false });
  else if (count === 0) reactions.splice(index, 1);
  else reactions.splice(index, 1, { emoji, count, mine: false });
}
