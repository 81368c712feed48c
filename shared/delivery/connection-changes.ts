import type { Connection, Room } from '../domain/connection.ts';
import type { ConnectionStore } from '../domain/ports.ts';

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
  /** Gives the checks that the queue did not take. */
  readonly enqueue: (checks: readonly PresenceCheck[]) => Promise<readonly PresenceCheck[]>;
}

const AFTER_LEAVING_SECONDS = 6;

/**
 * The one path of clean-up. All that ends a connection deletes just its row; then this deletes its subscriptions and
 * has presence looked at. Gives the records that must come again. Doing it twice does no harm.
 */
export async function handleConnectionChanges(
  deps: ConnectionChangeDeps,
  changes: readonly ConnectionChange[],
): Promise<readonly string[]> {
  const failed = new Set<string>();
  await Promise.all(
    changes.map(async (change) => {
      if (change.type !== 'connection-gone') return;
      const { connection } = change;
      const dropped = await Promise.allSettled(
        connection.rooms.map(({ room, shard }) =>
          deps.connections.dropSubscription(room, shard, connection.userId, connection.connectionId),
        ),
      );
      if (dropped.some(({ status }) => status === 'rejected')) failed.add(change.recordId);
    }),
  );
  const checks = changes.flatMap((change) => presenceCheck(change) ?? []);
  const refused = new Set(await deps.enqueue(checks.map(({ check }) => check)));
  for (const { check, recordId } of checks) if (refused.has(check)) failed.add(recordId);
  return [...failed];
}

/** In a user room only leaving matters: its presence row is the user's status, which ends with the last connection. */
function presenceCheck(change: ConnectionChange): { check: PresenceCheck; recordId: string } | undefined {
  if (change.type === 'connection-gone') return undefined;
  const { room, userId, type, recordId } = change;
  if (type === 'subscribed' && room.kind === 'user') return undefined;
  return { check: { room, userId, delaySeconds: type === 'subscribed' ? 0 : AFTER_LEAVING_SECONDS }, recordId };
}
