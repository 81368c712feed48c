import type { ReplyFrame } from '../../protocol/frames.ts';
import type { Deps } from '../deps.ts';

/** Why a socket is closed, as CONN-6 tells its client. */
export interface Closing {
  readonly reason: string;
  readonly reconnect: boolean;
}

/** For the whole farewell of a gateway that hangs, with the close after it, to end within the handler's time. */
const POST_MAX_MS = 1_000;

/**
 * Tells a client that its socket ends (CONN-6), closes it and forgets its row; the stream cleans up. A post that fails
 * changes nothing: the client then sees a close without a reason, and reconnects. `last` are frames to post before.
 */
export async function closeConnection(
  deps: Pick<Deps, 'gateway' | 'stores'>,
  connectionId: string,
  closing: Closing,
  last: readonly ReplyFrame[] = [],
): Promise<void> {
  for (const frame of [...last, { event: 'closing', data: closing }]) {
    await deps.gateway.post(connectionId, JSON.stringify(frame), POST_MAX_MS);
  }
  await deps.gateway.close(connectionId);
  await deps.stores.connections.forget(connectionId);
}
