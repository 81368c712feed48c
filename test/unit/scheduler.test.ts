import { describe, expect, test } from 'vitest';
import { createMemoryStores } from '../support/memory-stores.ts';
import { explore, type Scheduler } from '../support/scheduler.ts';

const rate = { intervalMs: 1, burst: 1 };

describe('the explorer of interleavings', () => {
  test('runs every order of calls that touch the same thing, each once', async () => {
    const seen: string[] = [];
    const runs = await explore(async (scheduler) => {
      const { connections } = createMemoryStores({ before: scheduler.before });
      const take = async () => {
        await connections.takeToken({ rate: 'join', userId: 'u' }, rate, 0);
        await connections.takeToken({ rate: 'join', userId: 'u' }, rate, 0);
      };
      return { tasks: { a: take, b: take }, verify: () => void seen.push(scheduler.steps.join()) };
    });
    // Each task has three steps, its end included: 6! / (3! · 3!).
    expect(runs).toBe(20);
    expect(new Set(seen).size).toBe(20);
  });

  test('counts the orders of independent calls as one, but not the orders in which tasks end', async () => {
    const runs = await explore(async (scheduler) => {
      const { log } = createMemoryStores({ before: scheduler.before });
      const read = () => log.head('c');
      return { tasks: { a: read, b: read }, verify: () => undefined };
    });
    expect(runs).toBeLessThan(6);
    expect(runs).toBeGreaterThanOrEqual(2);
  });

  test('finds the one order in which a call comes between a check and a write, and names it', async () => {
    const taken = (scheduler: Scheduler) => {
      const { connections } = createMemoryStores({ before: scheduler.before });
      const room = { kind: 'user', id: 'u' } as const;
      const row = { room, userId: 'u', online: true, status: 'online', version: 1, lastSeenAt: 0 } as const;
      const writes = { done: 0 };
      const write = async () => {
        if (await connections.presence(room, 'u')) return;
        await connections.putPresence(row, undefined);
        writes.done += 1;
      };
      return { writes, write };
    };
    const search = explore(async (scheduler) => {
      const { writes, write } = taken(scheduler);
      return { tasks: { a: write, b: write }, verify: () => expect(writes.done).toBe(1) };
    });
    await expect(search).rejects.toThrow(/a presence\n.*b presence\n/s);
  });

  test('fails when there are more orders than it may run', async () => {
    const search = explore(
      async (scheduler) => {
        const { connections } = createMemoryStores({ before: scheduler.before });
        const take = () => connections.takeToken({ rate: 'join', userId: 'u' }, rate, 0);
        return { tasks: { a: take, b: take }, verify: () => undefined };
      },
      { maxRuns: 2 },
    );
    await expect(search).rejects.toThrow('more than 2 interleavings');
  });
});
