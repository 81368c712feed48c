import type { Connection } from '../../domain/connection.ts';
import { userRoom } from '../../domain/connection.ts';
import { rateLimited } from '../../domain/draft.ts';
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
  const open = await connections.subscriptionsOf(userRoom(userId), userId, connectedAt);
  const others = open.filter((other) => other.connectionId !== connectionId);
  const surplus = others.length + 1 - OPEN_CONNECTIONS_MAX;
  if (surplus <= 0) return;
  const oldest = others.toSorted((a, b) => a.connectedAt - b.connectedAt).slice(0, surplus);
  await Promise.all(
    oldest.map((other) =>
      closeConnection(deps, other.connectionId, { reason: 'too many connections', reconnect: false }),
    ),
  );
}
