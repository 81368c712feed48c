import type { Room, Subscription } from '../domain/connection.ts';
import { mapBounded } from '../domain/map-bounded.ts';
import type { ConnectionStore } from '../domain/ports.ts';

export interface RecipientQuery {
  readonly rooms: readonly Room[];
  readonly except?: string | undefined;
  readonly exceptUserId?: string | undefined;
  /** A conversation room with more connections, expired ones included, is left out; user rooms never are. */
  readonly maxConnections?: number | undefined;
}

/**
 * The connections that are in one of the rooms now, each once. Reads every page, but no more of a room that may have only
 * so many connections than it takes to know that it has more.
 */
export async function findRecipients(
  connections: Pick<ConnectionStore, 'subscriptions' | 'firstSubscriptions'>,
  { rooms, except, exceptUserId, maxConnections }: RecipientQuery,
  nowMs: number,
): Promise<readonly Subscription[]> {
  const perRoom = await mapBounded(rooms, async (room) => {
    if (room.kind === 'conversation' && maxConnections !== undefined) {
      const { subscriptions, hasMore } = await connections.firstSubscriptions(room, nowMs, maxConnections);
      return hasMore ? [] : subscriptions;
    }
    const found: Subscription[] = [];
    for await (const page of connections.subscriptions(room, nowMs)) found.push(...page);
    return found;
  });
  const unique = new Map(perRoom.flat().map((subscription) => [subscription.connectionId, subscription]));
  return [...unique.values()].filter(({ connectionId, userId }) => connectionId !== except && userId !== exceptUserId);
}
