import { Refusal } from '../shared/protocol/errors.ts';
import { openConnection } from '../shared/usecases/connections/open-connection.ts';
import { headerOf } from './middleware/socket-event.ts';
import { socketHandler } from './middleware/socket-handler.ts';
import { deps } from './runtime/deps.ts';

/** The one of the offered subprotocols that the server speaks; browsers fail a handshake that does not echo it. */
const SUBPROTOCOL = 'chat.v1';

/** Registers the connection that `authorize` let pass. */
export const handler = socketHandler(
  'CONNECT',
  () => deps,
  async (deps, actor, event) => {
    try {
      await openConnection(deps, actor);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'rate-limited') return { statusCode: 429 };
      throw error;
    }
    const offered = headerOf(event.headers, 'sec-websocket-protocol')
      ?.split(',')
      .map((name) => name.trim());
    return {
      statusCode: 200,
      ...(offered?.includes(SUBPROTOCOL) && { headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } }),
    };
  },
);
