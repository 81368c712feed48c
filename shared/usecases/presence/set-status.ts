import { PRESENCE_LIFE_MS, type PresenceRow, type Room, userRoom } from '../../domain/connection.ts';
import { mapBounded } from '../../domain/map-bounded.ts';
import type { RoomFrames } from '../../domain/ports.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { PRESENCE_ROOM_MAX } from '../../protocol/limits.ts';
import { requireConnection } from '../connections/live-connection.ts';
import type { Actor, Deps } from '../deps.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import { settlePresence } from './settle-presence.ts';

/**
 * PRES-1: a status is the user's, last wins, and ends with the last connection. It is announced in the rooms that this
 * connection joined, each by its own presence row, so that versions keep growing.
 */
export async function setStatus(
  deps: Deps,
  actor: Actor,
  { status }: CommandInput<'set-status'>,
): Promise<ReplyData<'set-status'>> {
  const { connections } = deps.stores;
  const { userId } = actor;
  const room = userRoom(userId);
  await retryConflicts(deps, 'set-status', async () => {
    const before = await connections.presence(room, userId);
    const now = deps.clock.now();
    const version = Math.max((before?.version ?? 0) + 1, now);
    const expiresAt = now + PRESENCE_LIFE_MS;
    const row: PresenceRow = { room, userId, online: true, status, version, lastSeenAt: now, expiresAt };
    return (await connections.putPresence(row, before?.version)) || undefined;
  });
  // Read after the write: if the connection ended before it, nobody else would take the status back.
  const connection = await requireConnection(deps, actor).catch(async (ended: unknown) => {
    await settlePresence(deps, room, userId);
    throw ended;
  });
  const joined = connection.rooms.map(({ room }) => room).filter(({ kind }) => kind === 'conversation');
  await announceIn(deps, joined, userId);
  return { status };
}

/**
 * Settles each room's presence, a bounded number at once, and then tells all rooms together: one budget for the command,
 * not one for each of up to 200 rooms. A room that fails lets no other begin; but those that are settled are told
 * before it throws, because a repeated command finds nothing to say there.
 */
async function announceIn(deps: Deps, rooms: readonly Room[], userId: string): Promise<void> {
  const deliveries: RoomFrames[] = [];
  const failures: unknown[] = [];
  await mapBounded(rooms, async (room) => {
    if (failures.length > 0) return;
    try {
      const frame = await settlePresence(deps, room, userId);
      if (frame) deliveries.push({ rooms: [room], frames: [frame], maxConnections: PRESENCE_ROOM_MAX });
    } catch (error) {
      failures.push(error);
    }
  });
  await deps.deliver(deliveries);
  if (failures.length > 0) throw failures[0];
}
