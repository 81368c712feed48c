import { describe, expect, test } from 'vitest';
import type { ConnectionStore, Stores } from '../../shared/domain/ports.ts';
import {
  answer,
  createInterleavedGroup,
  type InterleavedGroup,
  joinsDespite,
  subscribers,
} from '../support/interleaved-group.ts';
import { subscriptionKey } from '../support/memory-state.ts';
import type { MemoryStores } from '../support/memory-stores.ts';
import { explore, type Scheduler } from '../support/scheduler.ts';

/** Calls whose order changes nothing here: rates are kept per user, and lists apart from the page. */
const passing = ['takeToken', 'statuses', 'memberPage'];
const options = { passing, endsCommute: true };

const LATER = Date.parse('2026-01-01T01:30:00.000Z');

/** A group that refreshes step by step, as DynamoDB does: the connection first, then each subscription. */
function refreshable(
  scheduler: Scheduler,
  faulty: (stores: MemoryStores) => Stores = (stores) => stores,
): Promise<InterleavedGroup> {
  const step = () => scheduler.before({ operation: 'extend a row', args: [] });
  const broken = (stores: MemoryStores): Stores => {
    const { state } = stores;
    const extend: ConnectionStore['extend'] = async ({ connectionId }, tokenExpiresAt, expiresAt) => {
      await step();
      const row = state.connections.get(connectionId);
      if (!row) return false;
      state.putConnection(connectionId, { ...row, tokenExpiresAt, expiresAt });
      for (const { room, shard } of row.rooms) {
        await step();
        const subscription = state.subscriptions.get(subscriptionKey(room, shard, row.userId, connectionId));
        if (subscription) state.putSubscription({ ...subscription, expiresAt });
      }
      return true;
    };
    return { ...faulty(stores), connections: { ...faulty(stores).connections, extend } };
  };
  return createInterleavedGroup(scheduler, {
    broken,
    verifyToken: async () => ({ userId: 'mia', tokenExpiresAt: LATER }),
  });
}

describe('joining, refreshing, leaving and ending at the same time, in every order of the calls', () => {
  const goAway = {
    'a disconnect': async ({ chat, member }: InterleavedGroup) => {
      await chat.disconnect(member);
      await chat.streams.cleanUp(chat.streams.changes.splice(0));
    },
    'a leave': ({ chat, conversationId, member }: InterleavedGroup) =>
      chat.command(member, 'leave', { conversationId }),
  };
  /** Also passes what a join reads after it has subscribed: these tests look only at rows. */
  const onlyRows = { ...options, passing: [...passing, 'conversation', 'head', 'read', 'subscriptions'] };
  const joinAndRefreshAgainst = (
    go: (at: InterleavedGroup) => Promise<unknown>,
    faulty?: (stores: MemoryStores) => Stores,
  ) =>
    explore(async (scheduler) => {
      const at = await refreshable(scheduler, faulty);
      const { chat, conversationId, member } = at;
      return {
        tasks: {
          join: () => chat.command(member, 'join', { conversationId }),
          refresh: () => chat.command(member, 'refresh-token', { token: 'fresh' }),
          go: () => go(at),
        },
        verify: async (outcomes) => {
          // After a close there is no reply: the error was posted to a connection that is gone.
          for (const one of Object.values(outcomes)) if (one.status === 'rejected' || one.value) answer(one);
          // Clean-up alone: a look at presence would drop the orphan that a faulty join leaves.
          await chat.streams.cleanUp(chat.streams.changes.splice(0));
          subscribers(at);
        },
      };
    }, onlyRows);
  for (const [name, go] of Object.entries(goAway)) {
    test(`a join, a refresh and ${name} at once leave no subscription that its connection does not know`, async () => {
      await joinAndRefreshAgainst(go);
    });
  }

  test('a join that does not check the connection in its transaction is caught', async () => {
    const search = joinAndRefreshAgainst(goAway['a disconnect'], joinsDespite('connection-changed'));
    await expect(search).rejects.toThrow('in the order');
  });

  const joinAgainstRefresh = (faulty?: (stores: MemoryStores) => Stores) =>
    explore(async (scheduler) => {
      const at = await refreshable(scheduler, faulty);
      const { chat, conversationId, member } = at;
      return {
        tasks: {
          join: () => chat.command(member, 'join', { conversationId }),
          refresh: () => chat.command(member, 'refresh-token', { token: 'fresh' }),
        },
        verify: ({ join, refresh }) => {
          expect([answer(join), answer(refresh)]).toEqual(['joined-conversation', 'token-refreshed']);
          expect(subscribers(at)).toEqual(['olga', 'mia']);
          const rows = [...chat.stores.state.subscriptions.values()].filter(({ userId }) => userId === 'mia');
          expect(rows.map(({ expiresAt }) => expiresAt)).toEqual([LATER + 60_000, LATER + 60_000]);
        },
      };
    }, onlyRows);

  test('CONN-5: a join at the same time as a refresh ends when the connection ends', async () => {
    await joinAgainstRefresh();
  });

  test('CONN-5: a join that does not check the end that it read is caught', async () => {
    await expect(joinAgainstRefresh(joinsDespite('connection-changed'))).rejects.toThrow('in the order');
  });
});
