import type { Room } from '../../domain/connection.ts';
import type { ConnectionStore } from '../../domain/ports.ts';
import { JOIN_ROSTER_MAX } from '../../protocol/limits.ts';
import type { Presence } from '../../protocol/shapes.ts';

/**
 * Who is in the room now, with each user's status: the users of its first 100 connections, in order of user id, and
 * `selfId`, who is known to be there (JOIN-1). In a room of up to so many connections, the only kind in which presence is
 * announced, those are all.
 */
export async function readOnline(
  store: ConnectionStore,
  room: Room,
  selfId: string,
  nowMs: number,
): Promise<Presence[]> {
  const { subscriptions } = await store.firstSubscriptions(room, nowMs, JOIN_ROSTER_MAX);
  const found = subscriptions.map(({ userId }) => userId);
  const userIds = [...new Set(found.includes(selfId) ? found : [selfId, ...found])].slice(0, JOIN_ROSTER_MAX);
  const statuses = await store.statuses(userIds);
  return userIds.map((userId) => ({ userId, status: statuses.get(userId) ?? 'online' }));
}
