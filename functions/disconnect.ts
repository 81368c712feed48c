import type { Deps } from '../shared/usecases/deps.ts';
import { socketHandler } from './middleware/socket-handler.ts';
import { clock } from './runtime/clock.ts';
import { stores } from './runtime/stores.ts';

/**
 * Deletes the connection's row, nothing else: the stream does the rest, as after a 410 or the row's end. The gateway
 * tells of an end at most once and hears no answer: a row that could not be deleted goes with the next post to it.
 */
export function disconnectHandler(deps: () => Pick<Deps, 'stores' | 'clock'>) {
  return socketHandler('DISCONNECT', deps, async ({ stores }, actor) => {
    await stores.connections.forget(actor.connectionId);
    return { statusCode: 200 };
  });
}

export const handler = disconnectHandler(() => ({ stores: stores(), clock }));
