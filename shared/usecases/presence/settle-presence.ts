import { PRESENCE_LIFE_MS, type PresenceRow, type Room, userRoom } from '../../domain/connection.ts';
import { mapBounded } from '../../domain/map-bounded.ts';
import type { EphemeralFrame } from '../../protocol/events.ts';
import type { Status } from '../../protocol/identifiers.ts';
import type { Deps } from '../deps.ts';
import { retryConflicts } from '../retry-conflicts.ts';

/**
 * PRES-1, level-triggered: compares what was announced last about a user in a room with the subscriptions as they are,
 * and writes the row if they differ. Gives the frame to announce, if any. Any event may ask for it, late, twice or out
 * of order: it looks at how things are, not at what happened, so it converges.
 *
 * The row is read before the subscriptions and written only if it is still the one read. A subscription that changes in
 * between brings an event of its own, and that one reads this row or loses to it and looks again.
 */
export async function settlePresence(
  deps: Pick<Deps, 'stores' | 'clock' | 'random'>,
  room: Room,
  userId: string,
): Promise<EphemeralFrame | undefined> {
  const { connections } = deps.stores;
  const settled = await retryConflicts(deps, 'presence', async () => {
    const before = await connections.presence(room, userId);
    const now = deps.clock.now();
    const online = (await connections.subscriptionsOf(room, userId, now)).length > 0;
    const status = online ? await statusOf(deps, room, userId, before) : 'online';
    const announced = isAnnounced(before, online, status);
    if (announced && !(before && needsNewEnd(before, now))) return { changed: false } as const;
    const version = Math.max((before?.version ?? 0) + 1, now);
    const row: PresenceRow = {
      ...{ room, userId, online, status, version, expiresAt: now + PRESENCE_LIFE_MS },
      lastSeenAt: announced && before ? before.lastSeenAt : now,
    };
    if (!(await connections.putPresence(row, before?.version))) return undefined;
    return announced ? ({ changed: false } as const) : ({ changed: true, row } as const);
  });
  return settled.changed && room.kind === 'conversation' ? announcement(settled.row) : undefined;
}

/**
 * Drops subscriptions of a user in a room whose connection's row is gone: their clean-up was given up on, and they would
 * show the user online until their end. Dropping one asks for another look some seconds later, as any leaving does, so
 * this look may still count it: a reload says nothing (PRES-1). No join can have made one meanwhile, since a join
 * requires the row.
 */
export async function dropOrphans({ stores, clock }: Pick<Deps, 'stores' | 'clock'>, room: Room, userId: string) {
  const { connections } = stores;
  await mapBounded(await connections.subscriptionsOf(room, userId, clock.now()), async ({ shard, connectionId }) => {
    if (await connections.connection(connectionId)) return;
    await connections.dropSubscription(room, shard, userId, connectionId);
  });
}

/** What was announced last about a user in a room, if anything was. */
export async function currentPresence(
  deps: Pick<Deps, 'stores'>,
  room: Room,
  userId: string,
): Promise<EphemeralFrame | undefined> {
  const row = room.kind === 'conversation' ? await deps.stores.connections.presence(room, userId) : undefined;
  return row && announcement(row);
}

/** A user room's row is itself the status; elsewhere it is copied from there. */
async function statusOf(
  deps: Pick<Deps, 'stores'>,
  room: Room,
  userId: string,
  before: PresenceRow | undefined,
): Promise<Status> {
  const row = room.kind === 'user' ? before : await deps.stores.connections.presence(userRoom(userId), userId);
  return row?.online ? row.status : 'online';
}

/** Only of a user who is there: the row of a user who is gone is to end. */
function needsNewEnd({ online, expiresAt = 0 }: PresenceRow, now: number): boolean {
  return online && expiresAt - now <= PRESENCE_LIFE_MS / 2;
}

/** Whether that is what was announced last. Offline need not be announced of a user who was never seen. */
function isAnnounced(before: PresenceRow | undefined, online: boolean, status: Status): boolean {
  if (!before) return !online;
  return before.online === online && before.status === status;
}

function announcement({ room, userId, online, status, version, lastSeenAt }: PresenceRow): EphemeralFrame {
  const conversationId = room.id;
  return online
    ? { event: 'user:online', data: { conversationId, userId, status, version } }
    : {
        event: 'user:offline',
        data: { conversationId, userId, lastSeenAt: new Date(lastSeenAt).toISOString(), version },
      };
}
