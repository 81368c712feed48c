import type { Member } from '../../domain/conversation.ts';
import { countUnread, type LogEnd, mostUnread } from '../../domain/unread.ts';
import { UNREAD_EXACT_MAX_ENTRIES } from '../../protocol/limits.ts';
import type { UnreadCount } from '../../protocol/shapes.ts';
import type { Deps } from '../deps.ts';

/**
 * READ-2: how much is unread at `end`, a head that was read before the member row; nothing after it is looked at
 * (MEMB-3). Reads the entries in between if there may be any unread and there are few, and nothing otherwise. Never
 * rejects: if they cannot be read, the upper bound is as true, so a whole list, or a mark that moved, does not fail for it.
 */
export async function readUnread(
  { stores, report }: Pick<Deps, 'stores' | 'report'>,
  member: Member,
  end: LogEnd,
): Promise<UnreadCount> {
  const { conversationId, readSeq, userId } = member;
  const most = mostUnread(member, end);
  if (most === 0) return { unread: 0 };
  if (end.head - readSeq > UNREAD_EXACT_MAX_ENTRIES) return { unread: most, unreadAtMost: true };
  try {
    return { unread: countUnread(await stores.log.since(conversationId, readSeq, end.head), userId) };
  } catch (error) {
    report('count-unread', error);
    return { unread: most, unreadAtMost: true };
  }
}
