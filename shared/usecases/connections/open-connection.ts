import { type Connection, MAYBE_NOT_OPEN_MS, type Subscription, userRoom } from '../../domain/connection.ts';
import { rateLimited } from '../../domain/draft.ts';
import { mapBounded } from '../../domain/map-bounded.ts';
import { OPEN_CONNECTIONS_MAX, RATES } from '../../protocol/limits.ts';
import type { Actor, Deps } from '../deps.ts';
import { closeConnection } from './close-connection.ts';
import { firstRooms, rowsExpireAt } from './live-connection.ts';

/**
 * Registers a connection and subscribes it to its user's room. Throws `rate-limited` for too many connects; beyond 20
 * open at once the oldest is closed and told not to come back (CONN-6).
 */
export async function openConnection(deps: Deps, actor: Actor): Promise<void> {
  const { connections } = deps.stores;
  const { userId, connectionId, tokenExpiresAt } = actor;
  const connectedAt = deps.clock.now();
  const taken = await connections.takeToken({ rate: 'connect', userId }, RATES.connect, connectedAt);
  if (!taken.ok) throw rateLimited('too many connects', taken.retryAfterMs);
  const expiresAt = rowsExpireAt(tokenExpiresAt, connectedAt);
  const opened: Connection = {
    ...{ connectionId, userId, tokenExpiresAt, connectedAt, expiresAt },
    rooms: firstRooms(userId),
  };
  await connections.open(opened);
  const registered = await connections.subscriptionsOf(userRoom(userId), userId, connectedAt);
  const others = registered.filter((other) => other.connectionId !== connectionId);
  if (others.length < OPEN_CONNECTIONS_MAX) return;
  const open = await withoutGone(deps, others, connectedAt);
  const surplus = open.length + 1 - OPEN_CONNECTIONS_MAX;
  const oldest = open.toSorted((a, b) => a.connectedAt - b.connectedAt).slice(0, Math.max(0, surplus));
  await mapBounded(oldest, (other) =>
    closeConnection(deps, other.connectionId, { reason: 'too many connections', reconnect: false }),
  );
}

/**
 * Those that still have a socket. The end of a connection is told on a best-effort basis, so a row may outlive its
 * socket by two hours; such rows must not cost a connection that somebody uses. They are deleted, as after a 410.
 */
async function withoutGone(deps: Deps, others: readonly Subscription[], nowMs: number): Promise<Subscription[]> {
  const inspected = await mapBounded(others, async (other) => {
    if (nowMs - other.connectedAt < MAYBE_NOT_OPEN_MS) return [other];
    if ((await deps.gateway.inspect(other.connectionId)) !== 'gone') return [other];
    await deps.stores.connections.forget(other.connectionId);
    return [];
  });
  return inspected.flat();
}
