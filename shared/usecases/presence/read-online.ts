import type { Room } from '../../domain/connection.ts';
import type { ConnectionStore } from '../../domain/ports.ts';
import { JOIN_ROSTER_MAX } from '../../protocol/limits.ts';
import type { Presence } from '../../protocol/shapes.ts';

/** Who has a connection in the room now, with each user's status: up to 100 users (JOIN-1). */
export async function readOnline(store: ConnectionStore, room: Room, nowMs: number): Promise<Presence[]> {
  const userIds = new Set<string>();
  for await (const page of store.subscriptions(room, nowMs)) {
    for (const { userId } of page) userIds.add(userId);
    if (userIds.size >= JOIN_ROSTER_MAX) break;
  }
  const listed = [...userIds].slice(0, JOIN_ROSTER_MAX);
  const statuses = listed.length > 0 ? await store.statuses(listed) : new Map();
  return listed.map((userId) => ({ userId, status: statuses.get(userId) ?? 'online' }));
}
