import type { Room, Subscription } from '../domain/connection.ts';
import type { ConnectionStore } from '../domain/ports.ts';

export interface RecipientQuery {
  readonly rooms: readonly Room[];
  readonly except?: string | undefined;
  readonly exceptUserId?: string | undefined;
  /** A conversation room with more connections is left out; user rooms never are. */
  readonly maxConnections?: number | undefined;
}

/** The connections that are in one of the rooms now, each once. Reads every page. */
export async function findRecipients(
  connections: Pick<ConnectionStore, 'subscriptions'>,
  { rooms, except, exceptUserId, maxConnections = Number.POSITIVE_INFINITY }: RecipientQuery,
  nowMs: number,
): Promise<readonly Subscription[]> {
  const perRoom = await Promise.all(
    rooms.map(async (room) => {
      const found: Subscription[] = [];
      for await (const page of connections.subscriptions(room, nowMs)) {
        found.push(...page);
        if (room.kind === 'conversation' && found.length > maxConnections) return [];
      }
      return found;
    }),
  );
  const unique = new Map(perRoom.flat().map((subscription) => [subscription.connectionId, subscription]));
  return [...unique.values()].filter(({ connectionId, userId }) => connectionId !== except && userId !== exceptUserId);
}
