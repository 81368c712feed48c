import { describe, expect, test } from 'vitest';
import {
  type ConnectionChange,
  type ConnectionChangeDeps,
  handleConnectionChanges,
  type PresenceCheck,
} from '../../shared/delivery/connection-changes.ts';
import { type Connection, conversationRoom, userRoom } from '../../shared/domain/connection.ts';
import { HandClock } from '../support/time.ts';

const room = conversationRoom('c');
const connection: Connection = {
  ...{ connectionId: 'socket=1', userId: 'u', tokenExpiresAt: 1, connectedAt: 0, expiresAt: 1 },
  rooms: [
    { room: userRoom('u'), shard: 0 },
    { room, shard: 3 },
  ],
};

function world({
  dropping = async () => undefined,
  refusing = () => false,
}: {
  dropping?: ConnectionChangeDeps['connections']['dropSubscription'];
  refusing?: (check: PresenceCheck) => boolean;
}) {
  const dropped: unknown[][] = [];
  const checks: PresenceCheck[] = [];
  const clock = new HandClock();
  const reports: string[] = [];
  const deps: ConnectionChangeDeps = {
    clock,
    report: (stage) => void reports.push(stage),
    connections: {
      dropSubscription: async (...place) => {
        dropped.push(place);
        return dropping(...place);
      },
    },
    enqueue: async (all) => {
      checks.push(...all.filter((check) => !refusing(check)));
      return all.filter(refusing);
    },
  };
  return {
    clock,
    reports,
    dropped,
    checks,
    handle: (changes: readonly ConnectionChange[]) => handleConnectionChanges(deps, changes),
  };
}

describe('after connections and subscriptions come and go', () => {
  test('every subscription of a connection that is gone is dropped, each in its own shard', async () => {
    const { dropped, handle } = world({});
    expect(await handle([{ recordId: '1', type: 'connection-gone', connection }])).toEqual([]);
    expect(dropped).toEqual([
      [userRoom('u'), 0, 'u', 'socket=1'],
      [room, 3, 'u', 'socket=1'],
    ]);
  });

  test('a record whose subscriptions could not all be dropped comes again and holds up no other', async () => {
    const { dropped, handle } = world({
      dropping: async (_room, _shard, _user, id) => {
        if (id === 'socket=1') throw new Error('throttled');
      },
    });
    const other = { ...connection, connectionId: 'socket=2' };
    const failed = await handle([
      { recordId: '1', type: 'connection-gone', connection },
      { recordId: '2', type: 'connection-gone', connection: other },
    ]);
    expect(failed).toEqual(['1']);
    expect(dropped).toHaveLength(4);
  });

  test('when a hundred end at once, as many deletes are under way as there are sockets for, and none fails', async () => {
    const rooms = Array.from({ length: 200 }, (_, index) => ({ room: conversationRoom(`c${index}`), shard: 0 }));
    let underWay = 0;
    let most = 0;
    const { dropped, handle } = world({
      dropping: async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
      },
    });
    const changes = Array.from({ length: 100 }, (_, index) => ({
      recordId: String(index),
      type: 'connection-gone' as const,
      connection: { ...connection, connectionId: `socket=${index}`, rooms },
    }));
    expect(await handle(changes)).toEqual([]);
    expect(dropped).toHaveLength(20_000);
    expect(most).toBe(40);
  });

  test('a batch that is too large for one call gets done in part, from its first record on; the rest comes again', async () => {
    const { clock, dropped, handle } = world({ dropping: async () => clock.advance(1_000) });
    const changes = Array.from({ length: 30 }, (_, index) => ({
      recordId: String(index),
      type: 'connection-gone' as const,
      connection: { ...connection, connectionId: `socket=${index}` },
    }));
    const failed = await handle(changes);
    expect(failed[0]).toBe(String(30 - failed.length));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(30);
    expect(dropped.length).toBeGreaterThanOrEqual(2 * (30 - failed.length));
    expect(dropped.length).toBeLessThan(60);
  });

  test('a record that has failed once costs no further deletes: it comes again as a whole', async () => {
    const { dropped, handle } = world({ dropping: () => Promise.reject(new Error('throttled')) });
    const rooms = Array.from({ length: 201 }, (_, index) => ({ room: conversationRoom(`c${index}`), shard: 0 }));
    expect(await handle([{ recordId: '1', type: 'connection-gone', connection: { ...connection, rooms } }])).toEqual([
      '1',
    ]);
    expect(dropped.length).toBeLessThanOrEqual(40);
  });

  test.each([
    [24_999, 2],
    [25_000, 1],
  ])('no delete begins once 25 s are over: after %i ms each, %i of them do', async (takesMs, begun) => {
    const { clock, dropped, handle } = world({ dropping: async () => clock.advance(takesMs) });
    const rooms = Array.from({ length: 201 }, (_, index) => ({ room: conversationRoom(`c${index}`), shard: 0 }));
    const failed = await handle([{ recordId: '1', type: 'connection-gone', connection: { ...connection, rooms } }]);
    expect(failed).toEqual(['1']);
    expect(dropped).toHaveLength(begun);
  });

  test('PRES-1: an arrival is checked at once, a departure seconds later, so that a reload is silent', async () => {
    const { checks, handle } = world({});
    await handle([
      { recordId: '1', type: 'subscribed', room, userId: 'u' },
      { recordId: '2', type: 'unsubscribed', room, userId: 'u' },
    ]);
    expect(checks).toEqual([
      { room, userId: 'u', delaySeconds: 0 },
      { room, userId: 'u', delaySeconds: 6 },
    ]);
  });

  test("a user room is checked only when a connection goes, because its row is the user's status", async () => {
    const { checks, handle } = world({});
    await handle([
      { recordId: '1', type: 'subscribed', room: userRoom('u'), userId: 'u' },
      { recordId: '2', type: 'unsubscribed', room: userRoom('u'), userId: 'u' },
    ]);
    expect(checks.map(({ delaySeconds }) => delaySeconds)).toEqual([6]);
  });

  test('a record comes again if the queue did not accept its check', async () => {
    const { handle } = world({ refusing: ({ userId }) => userId === 'v' });
    const failed = await handle([
      { recordId: '1', type: 'subscribed', room, userId: 'u' },
      { recordId: '2', type: 'subscribed', room, userId: 'v' },
    ]);
    expect(failed).toEqual(['2']);
  });
});
