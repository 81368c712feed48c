import { isDeepStrictEqual } from 'node:util';
import type { Member } from '../domain/conversation.ts';
import type { Change } from '../domain/ports.ts';
import { allOf, assign, assignAll, compare, exists, missing } from './expressions.ts';
import { toMemberItem } from './items.ts';
import { conversationKey, entryKey, memberKey, membershipIndexKey, reactionKey } from './keys.ts';
import { check, put, remove, type Step, update } from './transactions.ts';

/** A change as one write of the entry's transaction, with what it requires as its condition. */
export function changeStep(tableName: string, conversationId: string, change: Change): Step {
  switch (change.type) {
    case 'message': {
      const { seq, expectedRev, set } = change;
      const isMessage = compare('kind', '=', 'receive-message');
      const hasExpectedRev = compare('rev', '=', expectedRev);
      const noReactions = set.reactions?.length === 0;
      return update(`message ${seq}`, tableName, entryKey(conversationId, seq), {
        condition: allOf(isMessage, hasExpectedRev),
        assignments: assignAll({ ...set, ...(noReactions && { reactions: undefined }) }),
      });
    }
    case 'strip-edit': {
      const isEdit = compare('kind', '=', 'message-updated');
      return update(`edit ${change.seq}`, tableName, entryKey(conversationId, change.seq), {
        condition: isEdit,
        assignments: [assign('content', undefined), assign('mentions', undefined)],
      });
    }
    case 'put-reaction': {
      const { userId, seq, emoji } = change;
      const isNew = missing('pk');
      return put(`reaction to ${seq}`, tableName, reactionKey(conversationId, userId, seq, emoji), isNew);
    }
    case 'delete-reaction': {
      const { userId, seq, emoji } = change;
      const isThere = exists('pk');
      return remove(`reaction to ${seq}`, tableName, reactionKey(conversationId, userId, seq, emoji), isThere);
    }
    case 'member':
      return memberStep(tableName, change.expected, change.next);
    case 'last-sent': {
      const { userId } = change.expected;
      return update(`member ${userId}`, tableName, memberKey(conversationId, userId), {
        condition: standsAs(change.expected),
        assignments: [assign('lastSentAt', change.at)],
      });
    }
    case 'sender': {
      const { userId } = change.expected;
      return check(`member ${userId}`, tableName, memberKey(conversationId, userId), standsAs(change.expected));
    }
    case 'conversation': {
      const isThere = exists('pk');
      const assignments = assignAll(change.changes);
      return update('conversation', tableName, conversationKey(conversationId), { condition: isThere, assignments });
    }
  }
}

/** That what a member may do is as it was read: state, role, mute, and the last send. */
function standsAs({ state, role, mutedUntil, lastSentAt }: Member) {
  const isInState = compare('state', '=', state);
  const hasRole = compare('role', '=', role);
  const isMutedAlike = mutedUntil === undefined ? missing('mutedUntil') : compare('mutedUntil', '=', mutedUntil);
  const sentLastAlike = lastSentAt === undefined ? missing('lastSentAt') : compare('lastSentAt', '=', lastSentAt);
  return allOf(isInState, hasRole, isMutedAlike, sentLastAlike);
}

/**
 * Makes `expected` into `next`. Only what differs is written, for `raiseMarks` writes the same row without the log's
 * lock; a mark that is moved here must therefore still be the one that was read (READ-1: marks only grow).
 */
export function memberStep(tableName: string, expected: Member | undefined, next: Member): Step {
  const name = `member ${next.userId}`;
  if (!expected) {
    const isNew = missing('pk');
    return put(name, tableName, toMemberItem(next), isNew);
  }
  const isInState = compare('state', '=', expected.state);
  const hasRole = compare('role', '=', expected.role);
  const moved = (['readSeq', 'readN', 'deliveredSeq'] as const).filter((mark) => next[mark] !== expected[mark]);
  const marksAreAsRead = moved.map((mark) => compare(mark, '=', expected[mark]));
  return update(name, tableName, memberKey(next.conversationId, next.userId), {
    condition: allOf(isInState, hasRole, ...marksAreAsRead),
    assignments: assignAll({ ...differences(expected, next), ...indexed(next) }),
  });
}

/** The index attributes, present only while the member is active. */
function indexed({ state, conversationId, userId }: Member) {
  if (state === 'active') return membershipIndexKey(conversationId, userId);
  return { gsi1pk: undefined, gsi1sk: undefined };
}

function differences(from: Member, to: Member): Partial<Member> {
  const names = new Set([...Object.keys(from), ...Object.keys(to)] as (keyof Member)[]);
  const changed = [...names].filter((name) => !isDeepStrictEqual(from[name], to[name]));
  return Object.fromEntries(changed.map((name) => [name, to[name]]));
}
