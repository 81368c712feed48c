import { describe, expect, it } from 'vitest';
import type { Member } from '../../shared/domain/conversation.ts';
import type { Change, Stores } from '../../shared/domain/ports.ts';
import { aConversation, aMember, aMessage, anEntry, unique } from '../support/stored.ts';
import { atOnce, CROWD, type GetSubject } from './subject.ts';

const KEYCAP = '#️⃣';

/** What every `LogStore` must do with the changes of an entry: all or none, and each only as it was decided. */
export function changeContract(subject: GetSubject): void {
  /** A conversation with message 1, its edit 2, and the members ann and bob. */
  const prepare = async () => {
    const stores = subject().stores;
    const conversation = aConversation();
    const { conversationId } = conversation;
    const ann = aMember({ conversationId, userId: 'ann', role: 'owner' });
    const bob = aMember({ conversationId, userId: 'bob', readSeq: 1, readN: 1, deliveredSeq: 1 });
    await stores.conversations.create(conversation, [ann, bob]);
    const message = aMessage({ conversationId, seq: 1, content: 'first' });
    await stores.log.append(message, []);
    const edit = anEntry(
      { conversationId, seq: 2 },
      { kind: 'message-updated', targetSeq: 1, content: 'second', mentions: ['bob'] },
    );
    await stores.log.append(edit, []);
    return { stores, conversation, conversationId, ann, bob, message, edit };
  };
  const append = ({ log }: Stores, conversationId: string, seq: number, ...changes: Change[]) =>
    log.append(aMessage({ conversationId, seq }), changes);

  describe('a change of a message', () => {
    it('rewrites and removes fields', async () => {
      const { stores, conversationId, message } = await prepare();
      const set = { rev: 3, content: undefined, deletedAt: message.at, reactions: [{ emoji: KEYCAP, count: 1 }] };
      const outcome = await append(stores, conversationId, 3, { type: 'message', seq: 1, expectedRev: 1, set });
      expect(outcome).toEqual({ committed: true });
      const { content: _, ...rest } = message;
      const expected = { ...rest, rev: 3, deletedAt: message.at, reactions: set.reactions };
      expect(await stores.log.entry(conversationId, 1)).toStrictEqual(expected);
      const cleared = { rev: 4, reactions: [] };
      await append(stores, conversationId, 4, { type: 'message', seq: 1, expectedRev: 3, set: cleared });
      expect(await stores.log.entry(conversationId, 1)).toStrictEqual({ ...expected, ...cleared });
    });

    it.each([
      ['has another rev', { seq: 1, expectedRev: 2 }],
      ['is not a message', { seq: 2, expectedRev: 2 }],
      ['does not exist', { seq: 9, expectedRev: 9 }],
    ])('is refused with its entry if the target %s', async (_, target) => {
      const { stores, conversationId, message } = await prepare();
      const change = { type: 'message', ...target, set: { rev: 3, content: 'no' } } as const;
      expect(await append(stores, conversationId, 3, change)).toEqual({ committed: false });
      expect(await stores.log.entry(conversationId, 3)).toBeUndefined();
      expect(await stores.log.entry(conversationId, 1)).toEqual(message);
      expect(await stores.log.entry(conversationId, 9)).toBeUndefined();
    });

    it('is made by one of many at once, and none of the others leaves a trace (EDIT-2)', async () => {
      const { stores, conversationId } = await prepare();
      const outcomes = await atOnce(CROWD, (i) =>
        stores.log.append(aMessage({ conversationId, seq: 3, senderId: `u${i}` }), [
          { type: 'message', seq: 1, expectedRev: 1, set: { rev: 3, content: `by u${i}` } },
          { type: 'put-reaction', userId: `u${i}`, seq: 1, emoji: KEYCAP },
        ]),
      );
      const winners = outcomes.flatMap(({ committed }, i) => (committed ? [`u${i}`] : []));
      expect(winners).toHaveLength(1);
      expect(await stores.log.entry(conversationId, 1)).toMatchObject({ content: `by ${winners[0]}` });
      const reactions = await atOnce(CROWD, (i) => stores.log.reactions(conversationId, `u${i}`, 1, 1));
      expect(reactions.flat()).toHaveLength(1);
    });
  });

  it('gives the winner even if a requirement failed as well', async () => {
    const { stores, conversationId, edit } = await prepare();
    const change = { type: 'message', seq: 1, expectedRev: 7, set: { rev: 2 } } as const;
    expect(await append(stores, conversationId, 2, change)).toEqual({ committed: false, winner: edit });
  });

  describe('stripping an edit', () => {
    it('removes its text and nothing else (EDIT-2)', async () => {
      const { stores, conversationId, edit } = await prepare();
      expect(await append(stores, conversationId, 3, { type: 'strip-edit', seq: 2 })).toEqual({ committed: true });
      const { content: _, mentions: _mentions, ...rest } = edit;
      expect(await stores.log.entry(conversationId, 2)).toStrictEqual(rest);
    });

    it.each([1, 9])('is refused if entry %i is not an edit', async (seq) => {
      const { stores, conversationId, message } = await prepare();
      expect(await append(stores, conversationId, 3, { type: 'strip-edit', seq })).toEqual({ committed: false });
      expect(await stores.log.entry(conversationId, 1)).toEqual(message);
      expect(await stores.log.entry(conversationId, seq)).toEqual(seq === 1 ? message : undefined);
    });
  });

  describe('a reaction', () => {
    it('is put once and deleted once, even the keycap emoji with a number sign in it', async () => {
      const { stores, conversationId } = await prepare();
      const reaction = { userId: 'auth0|a:b@c #$%', seq: 1, emoji: KEYCAP };
      const put = { type: 'put-reaction', ...reaction } as const;
      const remove = { type: 'delete-reaction', ...reaction } as const;
      expect(await append(stores, conversationId, 3, remove)).toEqual({ committed: false });
      expect(await append(stores, conversationId, 3, put)).toEqual({ committed: true });
      expect(await append(stores, conversationId, 4, put)).toEqual({ committed: false });
      const mine = { seq: 1, emoji: KEYCAP };
      expect(await stores.log.reactions(conversationId, reaction.userId, 1, 1)).toEqual([mine]);
      expect(await append(stores, conversationId, 4, remove)).toEqual({ committed: true });
      expect(await stores.log.reactions(conversationId, reaction.userId, 1, 1)).toEqual([]);
      expect(await stores.log.entry(conversationId, 5)).toBeUndefined();
    });

    it('is found by user and range, both ends included', async () => {
      const { stores, conversationId } = await prepare();
      const puts = [
        ['ann', 1, '👍'],
        ['ann', 2, KEYCAP],
        ['ann', 2, '❤️'],
        ['ann', 5, '🇺🇳'],
        ['ann', 6, '👍'],
        ['ann1', 3, '👍'],
        ['an', 3, '👍'],
      ] as const;
      const changes = puts.map(([userId, seq, emoji]) => ({ type: 'put-reaction', userId, seq, emoji }) as const);
      await append(stores, conversationId, 3, ...changes);
      await append(stores, `${conversationId}x`, 1, { type: 'put-reaction', userId: 'ann', seq: 3, emoji: '👍' });
      const expected = [
        { seq: 2, emoji: KEYCAP },
        { seq: 2, emoji: '❤️' },
        { seq: 5, emoji: '🇺🇳' },
      ];
      for (const { log } of [stores, subject().smallPages]) {
        const found = await log.reactions(conversationId, 'ann', 2, 5);
        expect(found).toHaveLength(expected.length);
        expect(found).toEqual(expect.arrayContaining(expected));
        expect(found.map(({ seq }) => seq)).toEqual([2, 2, 5]);
      }
    });
  });

  describe('a change of a member', () => {
    const active = async ({ conversations }: Stores, userId: string) =>
      (await conversations.memberships(userId, { limit: 100 })).conversationIds;

    it('puts a new row, and only a new one', async () => {
      const { stores, conversationId } = await prepare();
      const next = aMember({ conversationId, userId: unique('eve'), origin: 'k2=' });
      const change = { type: 'member', expected: undefined, next } as const;
      expect(await append(stores, conversationId, 3, change)).toEqual({ committed: true });
      expect(await stores.conversations.member(conversationId, next.userId)).toEqual(next);
      expect(await active(stores, next.userId)).toEqual([conversationId]);
      expect(await append(stores, conversationId, 4, change)).toEqual({ committed: false });
    });

    it('writes and removes what differs, and keeps the list of memberships up to date', async () => {
      const { stores, conversationId } = await prepare();
      const userId = unique('eve');
      const first = aMember({ conversationId, userId, mutedUntil: '2027-01-01T00:00:00.000Z' });
      await append(stores, conversationId, 3, { type: 'member', expected: undefined, next: first });
      const { mutedUntil: _, ...left } = { ...first, state: 'left' } as const;
      await append(stores, conversationId, 4, { type: 'member', expected: first, next: left });
      expect(await stores.conversations.member(conversationId, userId)).toStrictEqual(left);
      expect(await active(stores, userId)).toEqual([]);
      const again: Member = { ...left, state: 'active', role: 'admin', readSeq: 4, readN: 3, deliveredSeq: 4 };
      expect(await append(stores, conversationId, 5, { type: 'member', expected: left, next: again })).toEqual({
        committed: true,
      });
      expect(await stores.conversations.member(conversationId, userId)).toEqual(again);
      expect(await active(stores, userId)).toEqual([conversationId]);
    });

    it.each<[string, Partial<Member>]>([
      ['state', { state: 'left' }],
      ['role', { role: 'admin' }],
    ])('is refused if the row has another %s', async (_, expected) => {
      const { stores, conversationId, bob } = await prepare();
      const next: Member = { ...bob, state: 'banned' };
      const change = { type: 'member', expected: { ...bob, ...expected }, next } as const;
      expect(await append(stores, conversationId, 3, change)).toEqual({ committed: false });
      expect(await stores.conversations.member(conversationId, 'bob')).toEqual(bob);
    });

    it('is refused if there is no row', async () => {
      const { stores, conversationId, bob } = await prepare();
      const expected = { ...bob, userId: 'nobody' };
      const change = { type: 'member', expected, next: { ...expected, role: 'admin' } } as const;
      expect(await append(stores, conversationId, 3, change)).toEqual({ committed: false });
      expect(await stores.conversations.member(conversationId, 'nobody')).toBeUndefined();
    });

    it('does not lower marks that were raised since the row was read (READ-1)', async () => {
      const { stores, conversationId, bob } = await prepare();
      await stores.conversations.raiseMarks(conversationId, 'bob', { readSeq: 2, readN: 1, deliveredSeq: 2 });
      const next: Member = { ...bob, role: 'admin' };
      expect(await append(stores, conversationId, 3, { type: 'member', expected: bob, next })).toEqual({
        committed: true,
      });
      const row = await stores.conversations.member(conversationId, 'bob');
      expect(row).toEqual({ ...next, readSeq: 2, readN: 1, deliveredSeq: 2 });
    });

    it('moves a mark only if it is still where it was read', async () => {
      const { stores, conversationId, bob } = await prepare();
      const marks = { readSeq: 2, readN: 1, deliveredSeq: 2 };
      const raised = await stores.conversations.raiseMarks(conversationId, 'bob', marks);
      const change = { type: 'member', expected: bob, next: { ...bob, deliveredSeq: 1, readSeq: 0 } } as const;
      expect(await append(stores, conversationId, 3, change)).toEqual({ committed: false });
      expect(await stores.conversations.member(conversationId, 'bob')).toEqual(raised);
    });
  });

  describe('the last send', () => {
    const MUTED = '2040-01-01T00:00:00.000Z';

    it.each(['last-sent', 'sender'] as const)('needs the sender to stand as was read: %s', async (type) => {
      const { stores, conversationId, bob, message } = await prepare();
      const { at } = message;
      const others: readonly Partial<Member>[] = [
        { role: 'admin' },
        { userId: 'eve' },
        { state: 'left' },
        { mutedUntil: MUTED },
        { lastSentAt: at },
      ];
      for (const other of others) {
        const change = { type, expected: { ...bob, ...other }, at };
        expect(await append(stores, conversationId, 3, change), JSON.stringify(other)).toEqual({ committed: false });
      }
      const marks = { readSeq: 1, readN: 1, deliveredSeq: 1 };
      await stores.conversations.raiseMarks(conversationId, 'bob', marks);
      expect(await append(stores, conversationId, 3, { type, expected: bob, at })).toEqual({ committed: true });
      const before = await stores.conversations.member(conversationId, 'bob');
      expect(before).toEqual({ ...bob, ...marks, ...(type === 'last-sent' && { lastSentAt: at }) });
      const muted = { ...(before as Member), mutedUntil: MUTED };
      await append(stores, conversationId, 4, { type: 'member', expected: before, next: muted });
      expect(await append(stores, conversationId, 5, { type, expected: before as Member, at })).toEqual({
        committed: false,
      });
      expect(await append(stores, conversationId, 5, { type, expected: muted, at })).toEqual({ committed: true });
    });

    it('is stored for an active member with the role that was read', async () => {
      const { stores, conversationId, bob, message } = await prepare();
      const change = { type: 'last-sent', expected: bob, at: message.at } as const;
      expect(await append(stores, conversationId, 3, change)).toEqual({ committed: true });
      const row = await stores.conversations.member(conversationId, 'bob');
      expect(row).toEqual({ ...bob, lastSentAt: message.at });
      const left: Member = { ...bob, lastSentAt: message.at, state: 'left' };
      await append(stores, conversationId, 4, { type: 'member', expected: row, next: left });
      expect(await append(stores, conversationId, 5, change)).toEqual({ committed: false });
    });
  });

  describe('a change of the conversation', () => {
    it('sets the name and slow mode, each on its own', async () => {
      const { stores, conversationId, conversation } = await prepare();
      const change = (changes: { name?: string; slowModeSeconds?: number }) =>
        ({ type: 'conversation', changes }) as const;
      expect(await append(stores, conversationId, 3, change({ slowModeSeconds: 30 }))).toEqual({ committed: true });
      expect(await append(stores, conversationId, 4, change({ name: 'Bar' }))).toEqual({ committed: true });
      const changed = await stores.conversations.conversation(conversationId);
      expect(changed).toEqual({ ...conversation, name: 'Bar', slowModeSeconds: 30 });
    });

    it('is refused if there is no conversation', async () => {
      const { stores } = subject();
      const id = unique('c');
      const change = { type: 'conversation', changes: { name: 'Bar' } } as const;
      expect(await append(stores, id, 1, change)).toEqual({ committed: false });
      expect(await stores.conversations.conversation(id)).toBeUndefined();
    });
  });
}
