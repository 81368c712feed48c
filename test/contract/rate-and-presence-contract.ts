import { describe, expect, it } from 'vitest';
import { type Bucket, userRoom } from '../../shared/domain/connection.ts';
import { take } from '../../shared/domain/rate.ts';
import { RATES } from '../../shared/protocol/limits.ts';
import { aPresence, NOW_MS, unique } from '../support/stored.ts';
import { atOnce, CROWD, type GetSubject, numbers } from './subject.ts';

/** What every `ConnectionStore` must do for buckets and presence. */
export function rateAndPresenceContract(subject: GetSubject): void {
  describe('a bucket', () => {
    const rate = { intervalMs: 1_000, burst: 5 };
    const aBucket = (): Bucket => ({ rate: 'command', userId: unique('CN=a #|u') });

    it('accepts and refuses exactly as the rule says', async () => {
      const { connections } = subject().stores;
      const bucket = aBucket();
      let tat: number | undefined;
      const steps = [0, 0, 1, 1, 1, 1, 2, 1_000, 1_001, 1_500, 2_000, 2_001, 9_000, 9_000, 8_000, 7_000, 100_000];
      for (const step of steps) {
        const expected = take(rate, tat, NOW_MS + step);
        expect([step, await connections.takeToken(bucket, rate, NOW_MS + step)]).toEqual([step, expected]);
        if (expected.ok) tat = expected.tat;
      }
    });

    it('gives many at once no more than its burst, and each token once', async () => {
      const { connections } = subject().stores;
      const bucket = aBucket();
      const taken = await atOnce(CROWD, () => connections.takeToken(bucket, rate, NOW_MS));
      const tats = taken.flatMap((one) => (one.ok ? [one.tat] : [])).toSorted((a, b) => a - b);
      expect(tats).toEqual(numbers(rate.burst).map((i) => NOW_MS + i * rate.intervalMs));
      expect(taken.filter((one) => !one.ok)).toEqual(
        numbers(CROWD - rate.burst).map(() => ({ ok: false, retryAfterMs: rate.intervalMs })),
      );
    });

    it('gives each of two at once a token of its own', async () => {
      const { connections } = subject().stores;
      const bucket = aBucket();
      for (const round of numbers(5)) {
        const nowMs = NOW_MS + round * 100_000;
        const taken = await atOnce(2, () => connections.takeToken(bucket, rate, nowMs));
        const tats = taken.map((one) => one.ok && one.tat - nowMs).toSorted((a, b) => Number(a) - Number(b));
        expect(tats).toEqual([rate.intervalMs, 2 * rate.intervalMs]);
      }
    });

    it('is one for each rate and, for typing, each conversation', async () => {
      const { connections } = subject().stores;
      const userId = unique('u');
      const buckets: Bucket[] = [
        { rate: 'join', userId },
        { rate: 'command', userId },
        { rate: 'connect', userId },
        { rate: 'typing', userId, conversationId: 'general' },
        { rate: 'typing', userId, conversationId: 'group:1' },
        { rate: 'join', userId: `${userId}x` },
      ];
      for (const bucket of buckets) {
        const fresh = { ok: true, tat: NOW_MS + RATES.connect.intervalMs };
        expect(await connections.takeToken(bucket, RATES.connect, NOW_MS)).toEqual(fresh);
      }
    });
  });

  describe('presence', () => {
    it('is written only over the version that was read (PRES-1)', async () => {
      const { connections } = subject().stores;
      const row = aPresence({ version: 10, status: 'busy' });
      const { room, userId } = row;
      expect(await connections.presence(room, userId)).toBeUndefined();
      expect(await connections.putPresence(row, 9)).toBe(false);
      expect(await connections.presence(room, userId)).toBeUndefined();
      expect(await connections.putPresence(row, undefined)).toBe(true);
      expect(await connections.presence(room, userId)).toEqual(row);
      const next = aPresence({ ...row, version: 12, online: false });
      expect(await connections.putPresence(next, undefined)).toBe(false);
      expect(await connections.putPresence(next, 9)).toBe(false);
      expect(await connections.putPresence(next, 10)).toBe(true);
      expect(await connections.presence(room, userId)).toEqual(next);
    });

    it('keeps a row’s end, to the millisecond, whether or not it is past; a row from before had none', async () => {
      const { connections } = subject().stores;
      const row = aPresence({ expiresAt: NOW_MS - 123 });
      await connections.putPresence(row, undefined);
      expect(await connections.presence(row.room, row.userId)).toEqual(row);
      const { expiresAt: _, ...before } = aPresence();
      await connections.putPresence(before, undefined);
      expect(await connections.presence(before.room, before.userId)).toEqual(before);
    });

    it('is written by one of many at once', async () => {
      const { connections } = subject().stores;
      const row = aPresence();
      const written = await atOnce(CROWD, (i) => connections.putPresence({ ...row, version: i + 1 }, undefined));
      expect(written.filter(Boolean)).toHaveLength(1);
      const stored = await connections.presence(row.room, row.userId);
      expect(stored?.version).toBe(written.indexOf(true) + 1);
    });

    it('gives the status of the users who have one, and of nobody else', async () => {
      const { connections } = subject().stores;
      const [ann, bob, eve] = [unique('ann'), unique('auth0|bob'), unique('eve')] as const;
      await connections.putPresence(aPresence({ room: userRoom(ann), userId: ann, status: 'away' }), undefined);
      await connections.putPresence(aPresence({ room: userRoom(bob), userId: bob, status: 'busy' }), undefined);
      await connections.putPresence(aPresence({ userId: eve, status: 'busy' }), undefined);
      const statuses = await connections.statuses([ann, bob, eve, unique('nobody'), ann]);
      expect(statuses).toEqual(new Map([[ann, 'away'] as const, [bob, 'busy'] as const]));
      expect(await connections.statuses([])).toEqual(new Map());
      const many = numbers(100).map((i) => `${eve}${i}`);
      expect(await connections.statuses(many)).toEqual(new Map());
    });

    it('refuses to read more than a hundred statuses', async () => {
      const { connections } = subject().stores;
      await expect(connections.statuses(numbers(101).map(String))).rejects.toThrow('100');
    });
  });
}
