import { beforeEach, describe, expect, test } from 'vitest';
import { deliverFrames } from '../../shared/delivery/deliver-frames.ts';
import { conversationRoom, userRoom } from '../../shared/domain/connection.ts';
import type { RoomFrames } from '../../shared/domain/ports.ts';
import { FakeGateway } from '../support/fake-gateway.ts';
import { createMemoryStores } from '../support/memory-stores.ts';
import { HandClock } from '../support/time.ts';

const room = conversationRoom('c');
const frames: RoomFrames['frames'] = [
  { event: 'user-typing', data: { conversationId: 'c', userId: 'u0', isTyping: true } },
];

let clock: HandClock;
let gateway: FakeGateway;
let reports: string[];

beforeEach(() => {
  clock = new HandClock();
  gateway = new FakeGateway();
  reports = [];
});

/** A room with this many users, two connections each. The stores give them in pages of three. */
async function crowd(users: number, pageSize = 3) {
  const { connections } = createMemoryStores({ pageSize });
  for (let user = 0; user < users; user += 1) {
    for (const tab of ['a', 'b']) {
      const connectionId = `u${user}${tab}`;
      gateway.open.add(connectionId);
      const times = {
        tokenExpiresAt: clock.now() + 60_000,
        connectedAt: clock.now(),
        expiresAt: clock.now() + 120_000,
      };
      const rooms = [userRoom(`u${user}`), room].map((one) => ({ room: one, shard: 0 }));
      await connections.open({ connectionId, userId: `u${user}`, ...times, rooms });
    }
  }
  const report = (stage: string, error: unknown) => void reports.push(`${stage}: ${(error as Error).message}`);
  return { gateway, connections, clock, random: () => 0.5, report };
}

function reached() {
  return [...new Set(gateway.posts.map(({ connectionId }) => connectionId))].sort();
}

describe('deliverFrames', () => {
  test('reaches everybody in the room, over all pages of its subscriptions, each connection once', async () => {
    await deliverFrames(await crowd(8), [{ rooms: [room], frames }]);
    expect(gateway.posts).toHaveLength(16);
    expect(reached()).toHaveLength(16);
    expect(reports).toEqual([]);
  });

  test('READ-1: reaches a connection in two of the rooms once', async () => {
    await deliverFrames(await crowd(2), [{ rooms: [room, userRoom('u1')], frames }]);
    expect(gateway.posts).toHaveLength(4);
  });

  test("TYPE-1: leaves out the typist's own connections, or the one that acted", async () => {
    const deps = await crowd(2);
    await deliverFrames(deps, [{ rooms: [room], frames, exceptUserId: 'u0' }]);
    expect(reached()).toEqual(['u1a', 'u1b']);
    gateway.posts.length = 0;
    await deliverFrames(deps, [{ rooms: [room], frames, except: 'u1a' }]);
    expect(reached()).toEqual(['u0a', 'u0b', 'u1b']);
  });

  test('goes to a room with as many connections as allowed, not with one more; user rooms always get it', async () => {
    const deps = await crowd(5);
    await deliverFrames(deps, [{ rooms: [room], frames, maxConnections: 10 }]);
    expect(reached()).toHaveLength(10);
    gateway.posts.length = 0;
    await deliverFrames(deps, [{ rooms: [room, userRoom('u0')], frames, maxConnections: 9 }]);
    expect(reached()).toEqual(['u0a', 'u0b']);
    gateway.posts.length = 0;
    await deliverFrames(deps, [{ rooms: [userRoom('u0')], frames, maxConnections: 1 }]);
    expect(reached()).toEqual(['u0a', 'u0b']);
  });

  test('counts the expired connections of a room, deletes those that ended long ago, and reads past a page of them', async () => {
    const deps = await crowd(5);
    const { connections } = deps;
    const times = { tokenExpiresAt: clock.now() + 1, connectedAt: clock.now(), expiresAt: clock.now() + 1 };
    // Their ids come before those of the living, so that they fill the first page.
    for (let n = 0; n < 12; n += 1) {
      const rooms = [{ room, shard: 0 }];
      await connections.open({ connectionId: `a${n}`, userId: 'a', ...times, rooms });
    }
    clock.advance(30_000);
    await deliverFrames(deps, [{ rooms: [room], frames, maxConnections: 12 }]);
    expect(reached()).toHaveLength(10);
    gateway.posts.length = 0;
    await deliverFrames(deps, [{ rooms: [room], frames, maxConnections: 13 }]);
    expect(reached()).toEqual([]);
    clock.advance(31_000);
    await deliverFrames(deps, [{ rooms: [room], frames, maxConnections: 13 }]);
    expect(reached()).toEqual([]);
    // What was found and had ended is gone now.
    await deliverFrames(deps, [{ rooms: [room], frames, maxConnections: 13 }]);
    expect(reached()).toHaveLength(10);
  });

  test('CONN-5: does not reach a subscription that has ended', async () => {
    const deps = await crowd(1);
    clock.advance(120_000);
    await deliverFrames(deps, [{ rooms: [room], frames }]);
    expect(gateway.posts).toEqual([]);
  });

  test('never rejects and ends soon: a loss is reported, and the next delivery makes up for it', async () => {
    const deps = await crowd(2);
    gateway.verdict = (connectionId) => (connectionId === 'u0a' ? 'later' : undefined);
    const before = clock.now();
    await deliverFrames(deps, [{ rooms: [room], frames }]);
    expect(clock.now() - before).toBeLessThanOrEqual(300);
    const failing = {
      ...deps.connections,
      subscriptions: () => {
        throw new Error('throttled');
      },
    };
    await deliverFrames({ ...deps, connections: failing }, [{ rooms: [room], frames }]);
    expect(reports).toEqual(['deliver-ephemeral: connections did not take a frame', 'deliver-ephemeral: throttled']);
  });

  describe('to many rooms, which share one budget', () => {
    const ROOMS = 100;
    const AT_ONCE = 40;
    const many = Array.from({ length: ROOMS }, (_, n) => ({ rooms: [userRoom(`v${n}`)], frames }));

    async function inMany() {
      const deps = await crowd(0);
      for (let n = 0; n < ROOMS; n += 1) {
        const times = {
          tokenExpiresAt: clock.now() + 60_000,
          connectedAt: clock.now(),
          expiresAt: clock.now() + 60_000,
        };
        const rooms = [{ room: userRoom(`v${n}`), shard: 0 }];
        await deps.connections.open({ connectionId: `v${n}a`, userId: `v${n}`, ...times, rooms });
      }
      const counts: number[] = [];
      const report = (_: string, __: unknown, count = 1) => void counts.push(count);
      return { ...deps, report, counts };
    }

    test('a gateway that hangs costs 300 ms in all, and what has not begun by then is dropped and counted', async () => {
      const deps = await inMany();
      let tried = 0;
      const post = async (_: string, __: string, limitMs: number) => {
        tried += 1;
        clock.advance(Math.min(limitMs, 10));
        return 'later' as const;
      };
      const before = clock.now();
      await deliverFrames({ ...deps, gateway: { post } }, many);
      expect(clock.now() - before).toBeLessThanOrEqual(300);
      expect(deps.counts).toEqual([ROOMS]);
      expect(tried).toBeLessThan(ROOMS);
    });

    test('a slow table uses the same 300 ms: rooms whose turn comes later are not read', async () => {
      const deps = await inMany();
      let read = 0;
      const subscriptions: typeof deps.connections.subscriptions = async function* (...query) {
        read += 1;
        await clock.sleep(10);
        yield* deps.connections.subscriptions(...query);
      };
      await deliverFrames({ ...deps, connections: { ...deps.connections, subscriptions } }, many);
      expect(read).toBeGreaterThanOrEqual(30);
      expect(read).toBeLessThan(30 + AT_ONCE);
      expect(gateway.posts).toEqual([]);
      expect(deps.counts).toEqual([ROOMS - read, read]);
    });

    test('a room that cannot be read keeps no other waiting', async () => {
      const deps = await inMany();
      const subscriptions: typeof deps.connections.subscriptions = (room, ...query) => {
        if (room.id === 'v7') throw new Error('throttled');
        return deps.connections.subscriptions(room, ...query);
      };
      await deliverFrames({ ...deps, connections: { ...deps.connections, subscriptions } }, many);
      expect(gateway.posts).toHaveLength(ROOMS - 1);
      expect(deps.counts).toEqual([1]);
    });
  });
});
