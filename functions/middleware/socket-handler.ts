import middy from '@middy/core';
import { logger } from '../../shared/platform/logger.ts';
import type { Actor, Deps } from '../../shared/usecases/deps.ts';
import { chargeCommand } from '../../shared/usecases/rate-limit.ts';
import { requestLog } from './request-log.ts';
import { actorOf, type SocketEvent, type SocketResult, socketEvent } from './socket-event.ts';

type Needs = Pick<Deps, 'stores' | 'clock'>;

/**
 * The handler of the gateway's own connect and disconnect events. A client's frame that names such a route does nothing
 * (SEC-1), but it is charged. It gets no reply: these routes have no route response, so AWS would drop one, and only
 * emulators would carry it.
 */
export function socketHandler<D extends Needs>(
  eventType: 'CONNECT' | 'DISCONNECT',
  deps: () => D,
  handle: (deps: D, actor: Actor, event: SocketEvent) => Promise<SocketResult>,
) {
  return middy<unknown, SocketResult>()
    .use(requestLog())
    .handler(async (raw: unknown): Promise<SocketResult> => {
      const event = socketEvent.parse(raw);
      const actor = actorOf(event);
      if (event.requestContext.eventType === eventType) return handle(deps(), actor, event);
      logger.appendKeys({ refused: 'unknown-action' });
      await charge(deps(), actor);
      return { statusCode: 200 };
    });
}

/** An empty bucket and a failing table change nothing: there is nothing to do and nobody to tell. */
async function charge(deps: Needs, actor: Actor): Promise<void> {
  await chargeCommand(deps, actor.userId).catch((error: unknown) => logger.appendKeys({ chargeFailed: String(error) }));
}
