import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { Refusal } from '../../protocol/errors.ts';
import { TOKEN_MAX_BYTES } from '../../protocol/limits.ts';
import type { Actor, Deps } from '../deps.ts';
import { ConnectionEnded, requireConnection, rowsExpireAt } from './live-connection.ts';

/**
 * CONN-3: extends the connection by a token of the same user that ends no earlier. Rows first, then the reply; if the
 * subscriptions could not all be extended the frame fails and is sent again.
 */
export async function refreshToken(
  deps: Deps,
  actor: Actor,
  { token }: CommandInput<'refresh-token'>,
): Promise<ReplyData<'refresh-token'>> {
  const connection = await requireConnection(deps, actor);
  const identity = token.length <= TOKEN_MAX_BYTES ? await deps.verifyToken(token) : undefined;
  if (!identity) throw new Refusal('unauthorized', 'the token is not valid');
  if (identity.userId !== actor.userId) throw new Refusal('unauthorized', "the token is another user's");
  if (identity.tokenExpiresAt < connection.tokenExpiresAt) {
    throw new Refusal('unauthorized', 'the token ends earlier than the one before');
  }
  const { tokenExpiresAt } = identity;
  const expiresAt = rowsExpireAt(tokenExpiresAt, connection.connectedAt);
  // If another frame of this connection has extended it further meanwhile, that end stays.
  if (!(await deps.stores.connections.extend(connection, tokenExpiresAt, expiresAt))) throw new ConnectionEnded();
  return { expiresAt: new Date(tokenExpiresAt).toISOString() };
}
