import { socketHandler } from './middleware/socket-handler.ts';
import { clock } from './runtime/clock.ts';
import { stores } from './runtime/stores.ts';

/** Deletes the connection's row, nothing else: the stream does the rest, as after a 410 or the row's end. */
export const handler = socketHandler(
  'DISCONNECT',
  () => ({ stores: stores(), clock }),
  async ({ stores }, actor) => {
    await stores.connections.forget(actor.connectionId);
    return { statusCode: 200 };
  },
);
