import { conversationRoom } from '../../domain/connection.ts';
import type { CommandInput } from '../../protocol/actions.ts';
import { PRESENCE_ROOM_MAX, RATES } from '../../protocol/limits.ts';
import { requireMember } from '../access.ts';
import type { Actor, Deps } from '../deps.ts';

/** TYPE-1: tells the room that a user is typing. It is not stored or answered, and beyond the rate silently dropped. */
export async function showTyping(
  deps: Deps,
  actor: Actor,
  { conversationId, isTyping }: CommandInput<'typing'>,
): Promise<void> {
  const { userId } = actor;
  const now = deps.clock.now();
  await requireMember(deps.stores.conversations, conversationId, userId, 'type', now);
  const taken = await deps.stores.connections.takeToken({ rate: 'typing', userId, conversationId }, RATES.typing, now);
  if (!taken.ok) return;
  await deps.deliver([
    {
      rooms: [conversationRoom(conversationId)],
      frames: [{ event: 'user-typing', data: { conversationId, userId, isTyping } }],
      exceptUserId: userId,
      maxConnections: PRESENCE_ROOM_MAX,
    },
  ]);
}
