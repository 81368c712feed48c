import { Refusal } from '../shared/protocol/errors.ts';
import { PROTOCOL_VERSION } from '../shared/protocol/version.ts';
import { openConnection } from '../shared/usecases/connections/open-connection.ts';
import type { Deps } from '../shared/usecases/deps.ts';
import { headersOf, offeredProtocols } from './middleware/socket-event.ts';
import { socketHandler } from './middleware/socket-handler.ts';
import { deps } from './runtime/deps.ts';

/** Registers the connection that `authorize` let pass. A failure of ours fails the handshake, so a client tries again. */
export function connectHandler(deps: () => Deps) {
  return socketHandler('CONNECT', deps, async (deps, actor, event) => {
    try {
      await openConnection(deps, actor);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'rate-limited') return { statusCode: 429 };
      throw error;
    }
    // Of the subprotocols offered, the one that the server speaks: a browser fails a handshake that does not echo it.
    const offered = offeredProtocols(headersOf(event));
    return {
      statusCode: 200,
      ...(offered.includes(PROTOCOL_VERSION) && { headers: { 'Sec-WebSocket-Protocol': PROTOCOL_VERSION } }),
    };
  });
}

export const handler = connectHandler(() => deps);
