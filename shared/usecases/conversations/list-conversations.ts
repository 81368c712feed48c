import { type Conversation, isActive, type Member } from '../../domain/conversation.ts';
import { toConversation } from '../../domain/conversation-shape.ts';
import { isMessage } from '../../domain/entry.ts';
import { mapBounded } from '../../domain/map-bounded.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { fitItems } from '../../protocol/frames.ts';
import { CONVERSATIONS_LIMIT_MAX, FRAME_MAX_BYTES, LAST_MESSAGE_MAX_LENGTH } from '../../protocol/limits.ts';
import type { LastMessage, ListedConversation } from '../../protocol/shapes.ts';
import { cutToCodePoints } from '../../protocol/text.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Actor, Deps } from '../deps.ts';

/** Event, request id, cursor and punctuation. */
const ENVELOPE_BYTES = 1_024;

/**
 * The user's conversations in order of id, each with what a list shows: unread is the head's `n` minus the reader's, so
 * nothing is written per recipient. The member rows are read last (MEMB-3). A page may be short, even empty, and yet
 * have a cursor: the index is moments behind the rows.
 */
export async function listConversations(
  deps: Deps,
  actor: Actor,
  { limit = CONVERSATIONS_LIMIT_MAX, cursor }: CommandInput<'list-conversations'>,
): Promise<ReplyData<'list-conversations'>> {
  const { conversations } = deps.stores;
  const { userId } = actor;
  const scope = ['conversations', userId];
  const after = cursor === undefined ? {} : { after: decodeCursor(scope, cursor) };
  const listed = await conversations.memberships(userId, { limit, ...after });
  const ids = listed.conversationIds;
  const [found, logs] = await Promise.all([
    ids.length > 0 ? conversations.conversations(ids) : [],
    mapBounded(ids, (id) => readEnd(deps, id)),
  ]);
  const rows =
    ids.length > 0 ? await conversations.members(ids.map((conversationId) => ({ conversationId, userId }))) : [];
  const items = ids.flatMap((id, index) => {
    const conversation = found.find(({ conversationId }) => conversationId === id);
    const member = rows.find(({ conversationId }) => conversationId === id);
    return conversation && isActive(member) ? [describe(conversation, member, logs[index])] : [];
  });
  const fitting = fitItems(items, FRAME_MAX_BYTES - ENVELOPE_BYTES);
  const next = fitting.length < items.length ? fitting.at(-1)?.conversationId : listed.next;
  return { items: fitting, ...(next !== undefined && { cursor: encodeCursor(scope, next) }) };
}

interface LogEnd {
  readonly head: number;
  readonly n: number;
  readonly lastMessage?: LastMessage;
}

/** The newest entry, and the newest message if that is another one. */
async function readEnd(deps: Deps, conversationId: string): Promise<LogEnd | undefined> {
  const { log } = deps.stores;
  const head = await log.head(conversationId);
  if (!head) return undefined;
  const message =
    isMessage(head) || head.lastMessageSeq === 0 ? head : await log.entry(conversationId, head.lastMessageSeq);
  if (!message || !isMessage(message)) return { head: head.seq, n: head.n };
  const { seq, senderId, at, content, deletedAt } = message;
  return {
    head: head.seq,
    n: head.n,
    lastMessage: {
      ...{ seq, senderId, createdAt: at },
      ...(content !== undefined && { content: cutToCodePoints(content, LAST_MESSAGE_MAX_LENGTH) }),
      ...(deletedAt !== undefined && { deletedAt }),
    },
  };
}

function describe(conversation: Conversation, member: Member, end: LogEnd | undefined): ListedConversation {
  const { head = 0, n = 0, lastMessage } = end ?? {};
  const unread = Math.max(0, n - member.readN);
  return { ...toConversation(conversation), role: member.role, head, n, unread, ...(lastMessage && { lastMessage }) };
}
