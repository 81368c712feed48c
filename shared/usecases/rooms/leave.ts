import { conversationRoom } from '../../domain/connection.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { isInRoom, requireConnection } from '../connections/live-connection.ts';
import type { Actor, Deps } from '../deps.ts';
import { chargeRoom } from '../rate-limit.ts';
import { retryConflicts } from '../retry-conflicts.ts';

/** Ends delivery on this connection; the membership stays. Leaving a room that was not joined is no error (LEAVE-1). */
export async function leave(
  deps: Deps,
  actor: Actor,
  { conversationId }: CommandInput<'leave'>,
): Promise<ReplyData<'leave'>> {
  await chargeRoom(deps, actor.userId);
  const connection = await requireConnection(deps, actor);
  if (isInRoom(connection, conversationId)) {
    await retryConflicts(deps, 'leave', async () => {
      const outcome = await deps.stores.connections.leave(connection, conversationRoom(conversationId), 0);
      return outcome === 'conflict' ? undefined : outcome;
    });
  }
  return { conversationId, success: true };
}
