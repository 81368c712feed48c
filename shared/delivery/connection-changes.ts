import type { Connection, Room } from '../domain/connection.ts';
import { mapBounded } from '../domain/map-bounded.ts';
import type { Clock, ConnectionStore } from '../domain/ports.ts';
import type { Report } from '../domain/report.ts';

/** A change of the connections table, with the stream record it came in. */
export type ConnectionChange = { readonly recordId: string } & (
  | { readonly type: 'connection-gone'; readonly connection: Connection }
  | { readonly type: 'subscribed' | 'unsubscribed'; readonly room: Room; readonly userId: string }
);

/** A user's presence in a room has to be looked at, after a delay. */
export interface PresenceCheck {
  readonly room: Room;
  readonly userId: string;
  /** So that a reload within 5 s says nothing (PRES-1). */
  readonly delaySeconds: number;
}

export interface ConnectionChangeDeps {
  readonly connections: Pick<ConnectionStore, 'dropSubscription'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly report: Report;
  /** Gives the checks that the queue did not take. */
  readonly enqueue: (checks: readonly PresenceCheck[]) => Promise<readonly PresenceCheck[]>;
}

const AFTER_LEAVING_SECONDS = 6;
/** Deletes that begin in one call. The rest of the function's minute is for those under way, and for the queue. */
const BUDGET_MS = 25_000;

/**
 * The one path of clean-up. All that ends a connection deletes just its row; then this deletes its subscriptions and
 * has presence looked at. Gives the records that must come again. Doing it twice does no harm.
 *
 * A batch may hold a hundred connections with 201 rooms each. So deletes begin in the order of the records, a bounded
 * number at once, and for a bounded time: what is left comes again, and each call brings the batch some way.
 */
export async function handleConnectionChanges(
  deps: ConnectionChangeDeps,
  changes: readonly ConnectionChange[],
): Promise<readonly string[]> {
  const failed = new Set<string>();
  const deadline = deps.clock.now() + BUDGET_MS;
  await mapBounded(leftBehind(changes), async ({ recordId, room, shard, userId, connectionId }) => {
    if (failed.has(recordId)) return;
    if (deps.clock.now() >= deadline) return void failed.add(recordId);
    try {
      await deps.connections.dropSubscription(room, shard, userId, connectionId);
    } catch (error) {
      failed.add(recordId);
      deps.report('drop-subscription', error);
    }
  });
  const checks = changes.flatMap((change) => presenceCheck(change) ?? []);
  const refused = new Set(await deps.enqueue(checks.map(({ check }) => check)));
  for (const { check, recordId } of checks) if (refused.has(check)) failed.add(recordId);
  return [...failed];
}

/** What the connections that are gone left behind, in the order of their records. */
function* leftBehind(changes: readonly ConnectionChange[]) {
  for (const change of changes) {
    if (change.type !== 'connection-gone') continue;
    const { userId, connectionId, rooms } = change.connection;
    for (const { room, shard } of rooms) yield { recordId: change.recordId, room, shard, userId, connectionId };
  }
}

/** In a user room only leaving matters: its presence row is the user's status, which ends with the last connection. */
function presenceCheck(change: ConnectionChange): { check: PresenceCheck; recordId: string } | undefined {
  if (change.type === 'connection-gone') return undefined;
  const { room, userId, type, recordId } = change;
  if (type === 'subscribed' && room.kind === 'user') return undefined;
  return { check: { room, userId, delaySeconds: type === 'subscribed' ? 0 : AFTER_LEAVING_SECONDS }, recordId };
}
