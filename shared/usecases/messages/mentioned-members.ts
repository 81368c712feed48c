import { isActive } from '../../domain/conversation.ts';
import type { Deps } from '../deps.ts';

/** SEND-7: those of the mentioned users who are members, in their order; undefined if none are named at all. */
export async function mentionedMembers(
  deps: Pick<Deps, 'stores'>,
  conversationId: string,
  userIds: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  if (!userIds || userIds.length === 0) return userIds;
  const rows = await deps.stores.conversations.members(userIds.map((userId) => ({ conversationId, userId })));
  const members = new Set(rows.filter(isActive).map((row) => row.userId));
  return userIds.filter((userId) => members.has(userId));
}
