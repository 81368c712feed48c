import { isActive } from '../../domain/conversation.ts';
import { mapBounded } from '../../domain/map-bounded.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { Actor, Deps } from '../deps.ts';
import { requireConnection } from './live-connection.ts';

/**
 * CONN-4: says that the connection lives, and which of the client's logs are behind. It proves that no entry at a log's
 * end was missed. One row for the connection, and for each position a member row and the log's newest entry.
 */
export async function ping(
  deps: Deps,
  actor: Actor,
  { positions = [] }: CommandInput<'ping'>,
): Promise<ReplyData<'ping'>> {
  const { conversations, log } = deps.stores;
  const { userId } = actor;
  const connection = await requireConnection(deps, actor);
  const ids = [...new Set(positions.map(({ conversationId }) => conversationId))];
  const members =
    ids.length > 0 ? await conversations.members(ids.map((conversationId) => ({ conversationId, userId }))) : [];
  const mine = new Set(members.filter(isActive).map(({ conversationId }) => conversationId));
  const read = positions.filter(({ conversationId }) => mine.has(conversationId));
  const heads = await mapBounded(read, async ({ conversationId, seq }) => {
    const head = (await log.head(conversationId))?.seq ?? 0;
    return head > seq ? [{ conversationId, head }] : [];
  });
  return {
    at: new Date(deps.clock.now()).toISOString(),
    userId,
    expiresAt: new Date(connection.tokenExpiresAt).toISOString(),
    protocol: PROTOCOL_VERSION,
    behind: heads.flat(),
  };
}
