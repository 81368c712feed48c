import { type Conversation, isActive, type Member } from '../../shared/domain/conversation.ts';
import type { ConversationStore } from '../../shared/domain/ports.ts';
import { memberKey } from '../../shared/store/keys.ts';
import { itemName, type MemoryState, requireTransaction } from './memory-state.ts';
import type { Sync } from './memory-stores.ts';

/** Conversations and members in memory. Each method is one atomic step. */
export function memoryConversationStore(state: MemoryState): Sync<ConversationStore> {
  return {
    conversation: (conversationId) => state.conversations.get(conversationId),
    conversations(conversationIds) {
      const found = [...new Set(conversationIds)].map((id) => state.conversations.get(id));
      return found.filter((one): one is Conversation => one !== undefined);
    },
    create(conversation, members) {
      requireTransaction(['conversation', ...members.map(({ userId }) => `member ${userId}`)]);
      if (state.conversations.has(conversation.conversationId)) return false;
      state.putConversation(conversation);
      for (const member of members) state.putMember(member);
      return true;
    },
    member: (conversationId, userId) => state.member(conversationId, userId),
    members(keys) {
      const rows = new Set(keys.map(({ conversationId, userId }) => state.member(conversationId, userId)));
      return [...rows].filter((row): row is Member => row !== undefined);
    },
    memberPage(conversationId, { limit, after = '' }) {
      const rows = [...(state.members.get(conversationId)?.values() ?? [])];
      const { page, next } = pageOf(
        rows,
        (row) => memberKey(conversationId, row.userId).sk,
        memberKey(conversationId, after).sk,
        limit,
      );
      const last = page.at(-1)?.userId;
      return { members: page, ...(next !== undefined && last !== undefined && { next: last }) };
    },
    memberships(userId, { limit, after = '' }) {
      const lag = state.options.lag?.('memberships', userId) ?? 0;
      const ids = [...(state.memberships.get(userId)?.behind(lag) ?? [])];
      const { page, next } = pageOf(ids, (id) => id, after, limit);
      return { conversationIds: page, ...(next !== undefined && { next }) };
    },
    raiseMarks(conversationId, userId, marks) {
      const held = state.locked.has(itemName(conversationId, `member ${userId}`));
      if (held) throw new Error('a transaction holds the row for so long that the store gives up');
      const row = state.member(conversationId, userId);
      if (!isActive(row)) return undefined;
      const read = marks.readSeq > row.readSeq;
      const delivered = marks.deliveredSeq > row.deliveredSeq;
      if (!read && !delivered) return row;
      state.putMember({
        ...row,
        ...(read && { readSeq: marks.readSeq, readN: marks.readN }),
        ...(delivered && { deliveredSeq: marks.deliveredSeq }),
      });
      return state.member(conversationId, userId);
    },
  };
}

function pageOf<T>(rows: readonly T[], keyOf: (row: T) => string, after: string, limit: number) {
  const rest = rows.filter((row) => keyOf(row) > after).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rest.length > limit && last !== undefined ? keyOf(last) : undefined };
}
