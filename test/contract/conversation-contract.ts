import { describe, expect, it } from 'vitest';
import type { Member } from '../../shared/domain/conversation.ts';
import type { MarkChange } from '../../shared/domain/ports.ts';
import { memberKey } from '../../shared/store/keys.ts';
import { aConversation, aMember, aMessage, unique } from '../support/stored.ts';
import { atOnce, CROWD, type GetSubject, numbers } from './subject.ts';

/** What every `ConversationStore` must do. */
export function conversationContract(subject: GetSubject): void {
  const keyOf = (userId: string) => memberKey('c', userId).sk;
  const byKey = (a: string, b: string) => (keyOf(a) < keyOf(b) ? -1 : 1);
  const two = (id: number) => String(id).padStart(3, '0');

  describe('a conversation', () => {
    it.each([
      ['channel', aConversation({ kind: 'channel', name: 'Ü 🎉' })],
      ['group', aConversation({ kind: 'group', name: undefined, slowModeSeconds: 5 })],
      ['direct', aConversation({ kind: 'direct', name: undefined, userIds: ['ann', 'auth0|bob'] })],
    ])('comes back as it was created: %s', async (_, conversation) => {
      const { conversations } = subject().stores;
      const { conversationId } = conversation;
      const members = ['ann', 'auth0|bob', 'CN=Ann Lee,OU="#%"'].map((userId) => aMember({ conversationId, userId }));
      expect(await conversations.create(conversation, members)).toBe(true);
      expect(await conversations.conversation(conversationId)).toEqual(conversation);
      for (const member of members) {
        expect(await conversations.member(conversationId, member.userId)).toEqual(member);
      }
    });

    it('is not there before it is created', async () => {
      const { conversations } = subject().stores;
      expect(await conversations.conversation(unique('c'))).toBeUndefined();
      expect(await conversations.member(unique('c'), 'ann')).toBeUndefined();
    });

    it('is not created over one that exists, nor are its members', async () => {
      const { conversations } = subject().stores;
      const conversation = aConversation();
      const { conversationId } = conversation;
      const ann = aMember({ conversationId });
      await conversations.create(conversation, [ann]);
      const others = [aMember({ conversationId, role: 'owner' }), aMember({ conversationId, userId: 'eve' })];
      expect(await conversations.create({ ...conversation, name: 'Mine' }, others)).toBe(false);
      expect(await conversations.conversation(conversationId)).toEqual(conversation);
      expect(await conversations.member(conversationId, 'ann')).toEqual(ann);
      expect(await conversations.member(conversationId, 'eve')).toBeUndefined();
    });

    it('is created exactly once if many try at once', async () => {
      const { conversations } = subject().stores;
      const conversation = aConversation();
      const { conversationId } = conversation;
      const created = await atOnce(CROWD, (i) => {
        const userId = `u${i}`;
        return conversations.create({ ...conversation, createdBy: userId }, [aMember({ conversationId, userId })]);
      });
      expect(created.filter(Boolean)).toHaveLength(1);
      const winner = `u${created.indexOf(true)}`;
      expect(await conversations.conversation(conversationId)).toEqual({ ...conversation, createdBy: winner });
      const page = await conversations.memberPage(conversationId, { limit: 100 });
      expect(page.members.map(({ userId }) => userId)).toEqual([winner]);
    });

    it('is created with fifty members at once', async () => {
      const { conversations } = subject().stores;
      const conversation = aConversation();
      const { conversationId } = conversation;
      const members = numbers(51).map((i) => aMember({ conversationId, userId: `u${i}` }));
      expect(await conversations.create(conversation, members)).toBe(true);
      const page = await conversations.memberPage(conversationId, { limit: 100 });
      expect(page.members).toHaveLength(51);
    });
  });

  describe('many rows by their keys', () => {
    it('are all read, even if they exceed a batch; repeated keys give one row, missing ones none', async () => {
      const { conversations } = subject().stores;
      const all = numbers(120).map(() => aConversation());
      for (const one of all) {
        const { conversationId } = one;
        await conversations.create(one, [aMember({ conversationId, userId: 'zoe' })]);
      }
      const ids = all.map(({ conversationId }) => conversationId);
      const asked = [...ids, ids[0] as string, unique('none')];
      const found = await conversations.conversations(asked);
      expect(new Set(found.map(({ conversationId }) => conversationId))).toEqual(new Set(ids));
      expect(found).toHaveLength(120);
      const rows = await conversations.members(asked.map((conversationId) => ({ conversationId, userId: 'zoe' })));
      expect(new Set(rows.map(({ conversationId }) => conversationId))).toEqual(new Set(ids));
      expect(rows).toHaveLength(120);
      expect(await conversations.conversations([])).toEqual([]);
      expect(await conversations.members([])).toEqual([]);
    });
  });

  describe.each([
    ['in one page', () => subject().stores],
    ['in small pages', () => subject().smallPages],
  ])('a list %s', (_, get) => {
    it('of members is in order of key, has members in every state, and says where to continue', async () => {
      const { conversations } = get();
      const conversation = aConversation();
      const { conversationId } = conversation;
      const ids = ['B', 'a', 'a~', 'a b', 'a#', 'ab', 'a|b'].sort(byKey);
      const states: readonly Member['state'][] = ['active', 'left', 'banned'];
      const members = ids.map((userId, i) => aMember({ conversationId, userId, state: states[i % 3] }));
      await conversations.create(conversation, members);
      const page = async (limit: number, after?: string) => {
        const { members: rows, next } = await conversations.memberPage(conversationId, { limit, after });
        return [rows.map(({ userId }) => userId), next];
      };
      expect(await page(100)).toEqual([ids, undefined]);
      expect(await page(7)).toEqual([ids, undefined]);
      expect(await page(3)).toEqual([ids.slice(0, 3), ids[2]]);
      expect(await page(3, ids[2])).toEqual([ids.slice(3, 6), ids[5]]);
      expect(await page(3, ids[5])).toEqual([ids.slice(6), undefined]);
      expect(await page(3, ids[6])).toEqual([[], undefined]);
      expect(await page(2, 'aa')).toEqual([['ab', 'a|b'], undefined]);
    });

    it('of memberships holds the active ones in order of id', async () => {
      const { conversations } = get();
      const userId = unique('CN=a #|u');
      const prefix = unique('c');
      const ids = numbers(7).map((i) => `${prefix}:${two(i)}`);
      for (const conversationId of ids.toReversed()) {
        const states: readonly Member['state'][] = ['active', 'left', 'banned'];
        const others = states.map((state) => aMember({ conversationId, userId: `${userId}${state}`, state }));
        const members = [aMember({ conversationId, userId }), ...others];
        await conversations.create(aConversation({ conversationId }), members);
      }
      const page = async (limit: number, after?: string) => {
        const { conversationIds, next } = await conversations.memberships(userId, { limit, after });
        return [conversationIds, next];
      };
      expect(await page(25)).toEqual([ids, undefined]);
      expect(await page(7)).toEqual([ids, undefined]);
      expect(await page(4)).toEqual([ids.slice(0, 4), ids[3]]);
      expect(await page(4, ids[3])).toEqual([ids.slice(4), undefined]);
      expect(await conversations.memberships(`${userId}left`, { limit: 5 })).toEqual({ conversationIds: [] });
      expect(await conversations.memberships(`${userId}banned`, { limit: 5 })).toEqual({ conversationIds: [] });
    });
  });

  describe('marks', () => {
    const prepare = async (fields: Partial<Member> = {}) => {
      const { conversations } = subject().stores;
      const conversation = aConversation();
      const member = aMember({ conversationId: conversation.conversationId, ...fields });
      await conversations.create(conversation, [member]);
      const raise = (marks: MarkChange) => conversations.raiseMarks(member.conversationId, member.userId, marks);
      return { conversations, member, raise };
    };

    it('rise, each on its own, and are never lowered (READ-1)', async () => {
      const { conversations, member, raise } = await prepare({ readSeq: 5, readN: 4, deliveredSeq: 7 });
      const steps: readonly [MarkChange, Partial<Member>][] = [
        [
          { readSeq: 6, readN: 5, deliveredSeq: 6 },
          { readSeq: 6, readN: 5 },
        ],
        [{ readSeq: 6, readN: 5, deliveredSeq: 6 }, {}],
        [{ readSeq: 1, readN: 1, deliveredSeq: 9 }, { deliveredSeq: 9 }],
        [{ readSeq: 6, readN: 5, deliveredSeq: 10 }, { deliveredSeq: 10 }],
        [
          { readSeq: 10, readN: 8, deliveredSeq: 10 },
          { readSeq: 10, readN: 8 },
        ],
        [
          { readSeq: 12, readN: 9, deliveredSeq: 12 },
          { readSeq: 12, readN: 9, deliveredSeq: 12 },
        ],
        [{ readSeq: 0, readN: 0, deliveredSeq: 0 }, {}],
      ];
      let expected: Member = member;
      for (const [marks, change] of steps) {
        expected = { ...expected, ...change };
        expect(await raise(marks)).toEqual(expected);
        expect(await conversations.member(member.conversationId, member.userId)).toEqual(expected);
      }
    });

    it.each(['left', 'banned'] as const)('of a user in the state %s do not move', async (state) => {
      const { conversations, member, raise } = await prepare({ state });
      expect(await raise({ readSeq: 3, readN: 3, deliveredSeq: 3 })).toBeUndefined();
      expect(await conversations.member(member.conversationId, member.userId)).toEqual(member);
    });

    it('of a user who never was a member create no row', async () => {
      const { conversations } = subject().stores;
      const id = unique('c');
      const marks = { readSeq: 3, readN: 3, deliveredSeq: 3 };
      expect(await conversations.raiseMarks(id, 'ann', marks)).toBeUndefined();
      expect(await conversations.member(id, 'ann')).toBeUndefined();
    });

    it('end at the highest of many at once, with the count that belongs to that seq', async () => {
      const { conversations, member, raise } = await prepare();
      const rows = await atOnce(CROWD, (i) => {
        const readSeq = ((i * 7) % CROWD) + 1;
        return raise({ readSeq, readN: readSeq * 10, deliveredSeq: ((i * 3) % CROWD) + 1 });
      });
      for (const row of rows) expect(row?.readN).toBe((row?.readSeq ?? 0) * 10);
      const row = await conversations.member(member.conversationId, member.userId);
      expect(row).toEqual({ ...member, readSeq: CROWD, readN: CROWD * 10, deliveredSeq: CROWD });
    });

    it('rise or stop when the member is removed at the same time', async () => {
      const { log } = subject().stores;
      const { conversations, member, raise } = await prepare();
      const { conversationId } = member;
      const left: Member = { ...member, state: 'left' };
      const removal = { type: 'member', expected: member, next: left } as const;
      const marks = { readSeq: 1, readN: 1, deliveredSeq: 1 };
      const remove = () => log.append(aMessage({ conversationId, seq: 1 }), [removal]);
      const [removed, raised] = await Promise.all([remove(), raise(marks)]);
      const row = await conversations.member(conversationId, member.userId);
      const state = removed.committed ? 'left' : 'active';
      expect(row).toEqual(raised ? { ...member, ...marks, state } : { ...member, state });
    });
  });
}
