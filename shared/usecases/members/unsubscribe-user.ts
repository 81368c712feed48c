import { conversationRoom } from '../../domain/connection.ts';
import { isActive } from '../../domain/conversation.ts';
import type { Deps } from '../deps.ts';
import { retryConflicts } from '../retry-conflicts.ts';

type Needs = Pick<Deps, 'stores' | 'clock' | 'random'>;

/** Expired subscriptions too: a refresh that is under way may still extend one, and it would then deliver again. */
const EVEN_IF_EXPIRED = 0;

/**
 * Ends the delivery of a conversation to a user who is no longer an active member (MEMB-3). Each connection in one
 * transaction that requires the membership to be inactive: a user who was added again meanwhile stays subscribed.
 * A join that committed before the removal is found here; one that comes after it fails on the membership.
 */
export async function unsubscribeUser(deps: Needs, conversationId: string, userId: string): Promise<void> {
  const { connections, conversations } = deps.stores;
  const room = conversationRoom(conversationId);
  if (isActive(await conversations.member(conversationId, userId))) return;
  for (const subscription of await connections.subscriptionsOf(room, userId, EVEN_IF_EXPIRED)) {
    await retryConflicts(deps, 'unsubscribe', async () => {
      const outcome = await connections.unsubscribe(subscription);
      return outcome === 'conflict' ? undefined : outcome;
    });
  }
}
