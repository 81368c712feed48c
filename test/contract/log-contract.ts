import { describe, expect, it } from 'vitest';
import type { Entry } from '../../shared/domain/entry.ts';
import type { LogStore } from '../../shared/domain/ports.ts';
import { aMessage, anEntry, unique } from '../support/stored.ts';
import { atOnce, CROWD, type GetSubject, numbers } from './subject.ts';

function seqs(entries: readonly Entry[]) {
  return entries.map(({ seq }) => seq);
}

/** What every `LogStore` must do when it appends and reads. Changes have their own contract. */
export function logContract(subject: GetSubject): void {
  const fill = async (log: LogStore, conversationId: string, count: number, content = 'x') => {
    for (const seq of numbers(count)) await log.append(aMessage({ conversationId, seq, content }), []);
  };

  describe('an entry', () => {
    const conversationId = unique('c');
    const place = { conversationId, seq: 1 };
    it.each<Entry>([
      aMessage(place),
      aMessage({ ...place, mentions: [], replyTo: 1, forwardedFrom: {}, clientMessageId: 'a:b', requestId: undefined }),
      aMessage({
        ...place,
        content: undefined,
        deletedAt: '2026-11-22T12:00:01.000Z',
        deletedBy: 'bob',
        editSeq: 4,
        editedAt: '2026-11-22T12:00:00.500Z',
        mentions: ['auth0|x', 'a@b.c'],
        reactions: [{ emoji: '#️⃣', count: 2 }],
        forwardedFrom: { conversationId: 'general', seq: 7, senderId: 'eve' },
      }),
      anEntry(place, { kind: 'message-updated', targetSeq: 1, content: 'ﷺ and 👩‍👩‍👧‍👦 and \u0000' }),
      anEntry(place, { kind: 'message-updated', targetSeq: 1 }),
      anEntry(place, { kind: 'message-deleted', targetSeq: 1 }),
      anEntry(place, { kind: 'reaction-added', targetSeq: 1, emoji: '👍🏽', count: 1 }),
      anEntry(place, { kind: 'reaction-removed', targetSeq: 1, emoji: '👍🏽', count: 0 }),
      anEntry(place, { kind: 'member-joined', userId: 'bob', role: 'admin' }),
      anEntry(place, { kind: 'member-left', userId: 'bob', role: 'member' }),
      anEntry(place, { kind: 'member-updated', userId: 'bob', role: 'owner', mutedUntil: null, banned: false }),
      anEntry(place, { kind: 'member-updated', userId: 'bob', mutedUntil: '2026-11-22T13:00:00.000Z' }),
      anEntry(place, { kind: 'conversation-updated', changes: { name: 'Ü', slowModeSeconds: 0 } }),
    ])('comes back as it was appended: $kind', async (entry) => {
      const { log } = subject().stores;
      const appended = { ...entry, conversationId: unique('c:x.y_z-') };
      expect(await log.append(appended, [])).toEqual({ committed: true });
      expect(await log.entry(appended.conversationId, 1)).toEqual(appended);
      expect(await log.head(appended.conversationId)).toEqual(appended);
      expect(await log.tail(appended.conversationId, 25)).toEqual([appended]);
      const page = await log.read(appended.conversationId, { limit: 10, from: 'oldest' });
      expect(page).toEqual({ entries: [appended], hasMore: false });
    });

    it('has no undefined fields when it is read', async () => {
      const { log } = subject().stores;
      const entry = aMessage({ conversationId: unique('c'), seq: 1, content: undefined });
      await log.append(entry, []);
      expect(await log.entry(entry.conversationId, 1)).not.toHaveProperty('content');
    });

    it('is not there before it is appended', async () => {
      const { log } = subject().stores;
      const id = unique('c');
      expect(await log.entry(id, 1)).toBeUndefined();
      expect(await log.head(id)).toBeUndefined();
      expect(await log.tail(id, 25)).toEqual([]);
      expect(await log.read(id, { limit: 5, from: 'newest' })).toEqual({ entries: [], hasMore: false });
    });
  });

  describe('appending at a seq that is taken', () => {
    it('changes nothing and returns the winner', async () => {
      const { log } = subject().stores;
      const winner = aMessage({ conversationId: unique('c'), seq: 1, senderId: 'bob' });
      await log.append(winner, []);
      const loser = aMessage({ ...winner, senderId: 'ann', content: 'late' });
      expect(await log.append(loser, [])).toEqual({ committed: false, winner });
      expect(await log.entry(winner.conversationId, 1)).toEqual(winner);
    });

    it('commits exactly one of many at once, and tells the others who won (LOG-1)', async () => {
      const { log } = subject().stores;
      const conversationId = unique('c');
      const entries = numbers(CROWD).map((i) => aMessage({ conversationId, seq: 1, senderId: `u${i}` }));
      const outcomes = await atOnce(CROWD, (i) => log.append(entries[i] as Entry, []));
      const winners = entries.filter((_, i) => outcomes[i]?.committed);
      expect(winners).toHaveLength(1);
      const lost = outcomes.filter((outcome) => !outcome.committed);
      expect(lost).toEqual(lost.map(() => ({ committed: false, winner: winners[0] })));
    });

    it('keeps conversations with similar ids apart', async () => {
      const { log } = subject().stores;
      const id = unique('c');
      const entries = [id, `${id}:1`, `${id}.1`].map((conversationId) => aMessage({ conversationId, seq: 1 }));
      for (const entry of entries) expect(await log.append(entry, [])).toEqual({ committed: true });
      for (const entry of entries) expect(await log.tail(entry.conversationId, 25)).toEqual([entry]);
    });
  });

  describe('the tail', () => {
    it('is the newest entries, ascending', async () => {
      const { log } = subject().stores;
      const id = unique('c');
      await fill(log, id, 12);
      expect(seqs(await log.tail(id, 5))).toEqual([8, 9, 10, 11, 12]);
      expect(seqs(await log.tail(id, 25))).toEqual(numbers(12));
      expect(seqs(await subject().smallPages.log.tail(id, 5))).toEqual([8, 9, 10, 11, 12]);
    });
  });

  describe('a range', () => {
    const both = [
      ['in one page', () => subject().stores.log],
      ['in small pages', () => subject().smallPages.log],
    ] as const;
    it.each(both)('is read from either end, and says if there is more (PAGE-1): %s', async (_, get) => {
      const log = get();
      const id = unique('c');
      await fill(log, id, 12);
      const read = async (range: Parameters<LogStore['read']>[1]) => {
        const { entries, hasMore } = await log.read(id, range);
        return [seqs(entries), hasMore];
      };
      expect(await read({ limit: 3, from: 'newest' })).toEqual([[10, 11, 12], true]);
      expect(await read({ limit: 12, from: 'newest' })).toEqual([numbers(12), false]);
      expect(await read({ before: 4, limit: 3, from: 'newest' })).toEqual([[1, 2, 3], false]);
      expect(await read({ before: 5, limit: 3, from: 'newest' })).toEqual([[2, 3, 4], true]);
      expect(await read({ before: 99, limit: 2, from: 'newest' })).toEqual([[11, 12], true]);
      expect(await read({ after: 9, limit: 3, from: 'oldest' })).toEqual([[10, 11, 12], false]);
      expect(await read({ after: 8, limit: 3, from: 'oldest' })).toEqual([[9, 10, 11], true]);
      expect(await read({ after: 2, before: 6, limit: 9, from: 'oldest' })).toEqual([[3, 4, 5], false]);
      expect(await read({ after: 2, before: 6, limit: 2, from: 'newest' })).toEqual([[4, 5], true]);
      expect(await read({ after: 2, before: 3, limit: 2, from: 'newest' })).toEqual([[], false]);
      expect(await read({ after: 12, limit: 2, from: 'oldest' })).toEqual([[], false]);
    });

    it('longer than a megabyte is read to its end', async () => {
      const { log } = subject().stores;
      const id = unique('c');
      await fill(log, id, 60, 'x'.repeat(20_000));
      const all = await log.read(id, { limit: 100, from: 'oldest' });
      expect(seqs(all.entries)).toEqual(numbers(60));
      expect(all.hasMore).toBe(false);
      expect(seqs(await log.since(id, 1, 59))).toEqual(numbers(59).slice(1));
    });

    it.each(both)('from one entry to another is read whole, whatever is beyond (READ-2): %s', async (_, get) => {
      const log = get();
      const id = unique('c');
      await fill(log, id, 12);
      const read = async (after: number, upTo: number) => seqs(await log.since(id, after, upTo));
      expect(await read(0, 12)).toEqual(numbers(12));
      expect(await read(3, 9)).toEqual([4, 5, 6, 7, 8, 9]);
      expect(await read(11, 12)).toEqual([12]);
    });

    it('ends after about the given number of bytes, with at least one entry', async () => {
      const { log } = subject().stores;
      const id = unique('c');
      await fill(log, id, 5, 'x'.repeat(1_000));
      const some = await log.read(id, { limit: 100, from: 'oldest', maxBytes: 3_000 });
      expect(seqs(some.entries)).toEqual([1, 2, 3]);
      expect(some.hasMore).toBe(true);
      const least = await log.read(id, { limit: 100, from: 'newest', maxBytes: 1 });
      expect(seqs(least.entries)).toEqual([5]);
      const rest = await log.read(id, { after: 2, limit: 100, from: 'oldest', maxBytes: 3_000 });
      expect([seqs(rest.entries), rest.hasMore]).toEqual([[3, 4, 5], false]);
    });
  });
}
