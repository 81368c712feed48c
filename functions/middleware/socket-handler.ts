import middy from '@middy/core';
import { Refusal } from '../../shared/protocol/errors.ts';
import { errorReply } from '../../shared/protocol/frames.ts';
import { readEnvelope } from '../../shared/protocol/parse-command.ts';
import type { Actor, Deps } from '../../shared/usecases/deps.ts';
import { chargeCommand } from '../../shared/usecases/rate-limit.ts';
import { requestLog } from './request-log.ts';
import { actorOf, type SocketEvent, type SocketResult, socketEvent } from './socket-event.ts';

type Needs = Pick<Deps, 'stores' | 'clock'>;

/**
 * The handler of the gateway's own connect and disconnect events. A client's frame that names such a route is a frame
 * like any other: unknown, and charged (SEC-1).
 */
export function socketHandler<D extends Needs>(
  eventType: 'CONNECT' | 'DISCONNECT',
  deps: () => D,
  handle: (deps: D, actor: Actor, event: SocketEvent) => Promise<SocketResult>,
) {
  return middy()
    .use(requestLog())
    .handler(async (raw: unknown): Promise<SocketResult> => {
      const event = socketEvent.parse(raw);
      const actor = actorOf(event);
      if (event.requestContext.eventType === eventType) return handle(deps(), actor, event);
      return { statusCode: 200, body: JSON.stringify(await refuse(deps(), actor, event.body ?? '')) };
    });
}

async function refuse(deps: Needs, actor: Actor, body: string) {
  const { requestId, refusal } = readEnvelope(body, () => false);
  const charged = await chargeCommand(deps, actor.userId).catch((error: unknown) => error);
  const unknown = refusal ?? new Refusal('unknown-action', 'there is no such action here');
  return errorReply(undefined, requestId, charged instanceof Refusal ? charged : unknown);
}
