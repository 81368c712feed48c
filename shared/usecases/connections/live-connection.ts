import { type Connection, conversationRoom, ROW_MAX_LIFE_MS, userRoom } from '../../domain/connection.ts';
import { Refusal } from '../../protocol/errors.ts';
import { TOKEN_GRACE_MS } from '../../protocol/limits.ts';
import type { Actor, Deps } from '../deps.ts';

/**
 * CONN-5: the connection is past its end, or unknown to the server. Its sender is told, and the socket is closed: it
 * would never get a push again.
 */
export class ConnectionEnded extends Refusal {
  constructor() {
    super('unauthorized', 'the connection has ended');
    this.name = 'ConnectionEnded';
  }
}

/** The connection's own row; throws `ConnectionEnded` if there is none, or none that lives. */
export async function requireConnection(deps: Deps, actor: Actor): Promise<Connection> {
  const connection = await deps.stores.connections.connection(actor.connectionId);
  if (!connection || connection.expiresAt <= deps.clock.now()) throw new ConnectionEnded();
  return connection;
}

/**
 * CONN-3: whether a frame may still be handled. Until the token's `exp` as the handshake saw it this costs no read;
 * later the connection's row tells of a refresh. `inGrace`: the command is one of those that work for 60 s more.
 */
export async function requireLiveToken(deps: Deps, actor: Actor, inGrace: boolean): Promise<void> {
  const now = deps.clock.now();
  if (now < actor.tokenExpiresAt) return;
  const { tokenExpiresAt } = await requireConnection(deps, actor);
  // The row that was just read ends with the grace, if not before it (`rowsExpireAt`).
  if (now < tokenExpiresAt || inGrace) return;
  throw new Refusal('token-expired', 'refresh the token');
}

/** When a connection's rows end: 60 s after its token, at most 2 h 5 min after it was opened (ms since the epoch). */
export function rowsExpireAt(tokenExpiresAt: number, connectedAt: number): number {
  return Math.min(tokenExpiresAt + TOKEN_GRACE_MS, connectedAt + ROW_MAX_LIFE_MS);
}

/** Whether the connection gets the frames of a conversation. */
export function isInRoom(connection: Connection, conversationId: string): boolean {
  const room = conversationRoom(conversationId);
  return connection.rooms.some((joined) => joined.room.kind === room.kind && joined.room.id === room.id);
}

/** The rooms of a connection that was just opened: its user's. */
export function firstRooms(userId: string): Connection['rooms'] {
  return [{ room: userRoom(userId), shard: 0 }];
}
