import { isActive } from '../../domain/conversation.ts';
import { toConversation } from '../../domain/conversation-shape.ts';
import { isMessage } from '../../domain/entry.ts';
import { mapBounded } from '../../domain/map-bounded.ts';
import type { LogEnd } from '../../domain/unread.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { fitItems } from '../../protocol/frames.ts';
import { CONVERSATIONS_LIMIT_MAX, FRAME_MAX_BYTES, LAST_MESSAGE_MAX_LENGTH } from '../../protocol/limits.ts';
import type { LastMessage } from '../../protocol/shapes.ts';
import { cutToCodePoints } from '../../protocol/text.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Actor, Deps } from '../deps.ts';
import { readUnread } from '../reading/read-unread.ts';

/** Event, request id, cursor and punctuation. */
const ENVELOPE_BYTES = 1_024;

/**
 * The user's conversations in order of id, each with what a list shows. The member rows are read after the ends of the
 * logs, and then nothing that is newer than those (MEMB-3). A page may be short, even empty, and yet have a cursor: the
 * index is moments behind the rows.
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
  const [found, ends] = await Promise.all([
    ids.length > 0 ? conversations.conversations(ids) : [],
    mapBounded(ids, (id) => readEnd(deps, id)),
  ]);
  const rows =
    ids.length > 0 ? await conversations.members(ids.map((conversationId) => ({ conversationId, userId }))) : [];
  const described = await mapBounded(ends, async ({ id, head, n, lastMessage }) => {
    const conversation = found.find(({ conversationId }) => conversationId === id);
    const member = rows.find(({ conversationId }) => conversationId === id);
    if (!conversation || !isActive(member)) return [];
    const unread = await readUnread(deps, member, { head, n });
    const { role } = member;
    return [{ ...toConversation(conversation), role, head, n, ...unread, ...(lastMessage && { lastMessage }) }];
  });
  const items = described.flat();
  const fitting = fitItems(items, FRAME_MAX_BYTES - ENVELOPE_BYTES);
  const next = fitting.length < items.length ? fitting.at(-1)?.conversationId : listed.next;
  return { items: fitting, ...(next !== undefined && { cursor: encodeCursor(scope, next) }) };
}

interface ListedEnd extends LogEnd {
  readonly id: string;
  readonly lastMessage?: LastMessage;
}

/** The newest entry of a log, and the newest message if that is another one. */
async function readEnd(deps: Deps, id: string): Promise<ListedEnd> {
  const { log } = deps.stores;
  const newest = await log.head(id);
  if (!newest) return { id, head: 0, n: 0 };
  const end = { id, head: newest.seq, n: newest.n };
  const message =
    isMessage(newest) || newest.lastMessageSeq === 0 ? newest : await log.entry(id, newest.lastMessageSeq);
  if (!message || !isMessage(message)) return end;
  const { seq, senderId, at, content, deletedAt } = message;
  return {
    ...end,
    lastMessage: {
      ...{ seq, senderId, createdAt: at },
      ...(content !== undefined && { content: cutToCodePoints(content, LAST_MESSAGE_MAX_LENGTH) }),
      ...(deletedAt !== undefined && { deletedAt }),
    },
  };
}
