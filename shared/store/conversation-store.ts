import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Member } from '../domain/conversation.ts';
import type { ConversationStore, MarkChange } from '../domain/ports.ts';
import { MEMBERSHIPS_INDEX } from '../platform/memberships-index.ts';
import { allOf, anyOf, assignAll, compare, missing } from './expressions.ts';
import { identifyMember, parseConversationItem, parseMemberItem, toConversationItem, toMemberItem } from './items.ts';
import { conversationKey, memberKey, memberRange, membershipRange } from './keys.ts';
import type { StoreOptions } from './log-store.ts';
import { getItem, getItems, queryPart } from './reads.ts';
import { put, transactThroughConflicts } from './transactions.ts';
import { updateItem } from './writes.ts';

/** Conversations and members in the chat table. */
export function createConversationStore(
  client: DynamoDBDocumentClient,
  tableName: string,
  { pageSize }: StoreOptions = {},
): ConversationStore {
  return {
    async conversation(conversationId) {
      const item = await getItem(client, tableName, conversationKey(conversationId), 'consistent');
      return item && parseConversationItem(item);
    },

    async conversations(conversationIds) {
      const keys = conversationIds.map((id) => conversationKey(id));
      return (await getItems(client, tableName, keys, 'consistent')).map((item) => parseConversationItem(item));
    },

    async create(conversation, members) {
      const isNew = missing('pk');
      const result = await transactThroughConflicts(client, [
        put('conversation', tableName, toConversationItem(conversation), isNew),
        ...members.map((member) => put(`member ${member.userId}`, tableName, toMemberItem(member))),
      ]);
      return result.outcome === 'committed';
    },

    async member(conversationId, userId) {
      const item = await getItem(client, tableName, memberKey(conversationId, userId), 'consistent');
      return item && parseMemberItem(item);
    },

    async members(keys) {
      const all = keys.map(({ conversationId, userId }) => memberKey(conversationId, userId));
      return (await getItems(client, tableName, all, 'consistent')).map((item) => parseMemberItem(item));
    },

    async memberPage(conversationId, { limit, after }) {
      const query = {
        tableName,
        range: memberRange(conversationId, after),
        consistency: 'consistent',
        pageSize,
      } as const;
      const { items, hasMore } = await queryPart(client, query, limit);
      const members = items.map((item) => parseMemberItem(item));
      const last = members.at(-1);
      return { members, ...(hasMore && last && { next: last.userId }) };
    },

    async memberships(userId, { limit, after }) {
      const range = membershipRange(userId, after);
      const query = { tableName, index: MEMBERSHIPS_INDEX, range, consistency: 'eventual', pageSize } as const;
      const { items, hasMore } = await queryPart(client, query, limit);
      const conversationIds = items.map((item) => identifyMember(item).conversationId);
      const next = conversationIds.at(-1);
      return { conversationIds, ...(hasMore && next !== undefined && { next }) };
    },

    raiseMarks: (conversationId, userId, marks) => raiseMarks(client, tableName, conversationId, userId, marks),
  };
}

/**
 * An update cannot take the larger of two numbers, so it is made only if it lowers no mark and raises one. A refusal
 * tells the marks as they are; those that are not below are left out, hence two tries at most.
 */
async function raiseMarks(
  client: DynamoDBDocumentClient,
  tableName: string,
  conversationId: string,
  userId: string,
  marks: MarkChange,
): Promise<Member | undefined> {
  const isActive = compare('state', '=', 'active');
  let raised: ('readSeq' | 'deliveredSeq')[] = ['readSeq', 'deliveredSeq'];
  for (;;) {
    const lowersNone = raised.map((mark) => compare(mark, '<=', marks[mark]));
    const raisesOne = anyOf(...raised.map((mark) => compare(mark, '<', marks[mark])));
    const fields = {
      ...(raised.includes('readSeq') && { readSeq: marks.readSeq, readN: marks.readN }),
      ...(raised.includes('deliveredSeq') && { deliveredSeq: marks.deliveredSeq }),
    };
    const key = memberKey(conversationId, userId);
    const condition = allOf(isActive, ...lowersNone, raisesOne);
    const update = await updateItem(client, tableName, key, { condition, assignments: assignAll(fields) });
    const row = update.item && parseMemberItem(update.item);
    if (update.written || !row) return row;
    if (row.state !== 'active') return undefined;
    raised = raised.filter((mark) => row[mark] < marks[mark]);
    if (raised.length === 0) return row;
  }
}
