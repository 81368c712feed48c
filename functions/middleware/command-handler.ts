import middy from '@middy/core';
import { logger } from '../../shared/platform/logger.ts';
import { type Action, actions, type ReplyData, type ReplyingAction } from '../../shared/protocol/actions.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import { errorReply, type ReplyFrame, reply } from '../../shared/protocol/frames.ts';
import { type Envelope, parseFields, readEnvelope } from '../../shared/protocol/parse-command.ts';
import { closeConnection } from '../../shared/usecases/connections/close-connection.ts';
import { ConnectionEnded, requireLiveToken } from '../../shared/usecases/connections/live-connection.ts';
import type { Actor, Deps } from '../../shared/usecases/deps.ts';
import { chargeCommand, OutOfCommands } from '../../shared/usecases/rate-limit.ts';
import type { UseCases } from '../../shared/usecases/use-cases.ts';
import { requestLog } from './request-log.ts';
import { actorOf, type SocketResult, socketEvent } from './socket-event.ts';

export interface CommandRoute<A extends Action> {
  readonly deps: Deps;
  /** The use case of each action that this route carries; any other is `unknown-action` here (SEC-1). */
  readonly useCases: Pick<UseCases, A>;
  /**
   * Which frames take a token from the `command` bucket: `each` of them, or only those `refused`, where the route has a
   * limit of its own.
   */
  readonly charge: 'each' | 'refused';
}

/** The handler of a route that carries commands: parse, use case, translate (ENV-2, ENV-3). It never throws. */
export function commandHandler<A extends Action>(route: CommandRoute<A>) {
  return middy<unknown, SocketResult>()
    .use(requestLog())
    .handler(async (event: unknown): Promise<SocketResult> => handleFrame(route, event));
}

async function handleFrame<A extends Action>(route: CommandRoute<A>, event: unknown): Promise<SocketResult> {
  const parsed = socketEvent.safeParse(event);
  if (!parsed.success) {
    logger.error('not an event of the socket API', { error: parsed.error });
    return { statusCode: 500 };
  }
  const actor = actorOf(parsed.data);
  const envelope = readEnvelope(parsed.data.body ?? '', (action) => Object.hasOwn(route.useCases, action));
  logger.appendKeys({ action: envelope.action, connectionId: actor.connectionId });
  try {
    if (route.charge === 'each') await chargeCommand(route.deps, actor.userId);
    const answer = await run(route, actor, envelope);
    return answer ? { statusCode: 200, body: JSON.stringify(answer) } : { statusCode: 200 };
  } catch (error) {
    return refuse(route, actor, envelope, error);
  }
}

async function run<A extends Action>(
  { deps, useCases }: CommandRoute<A>,
  actor: Actor,
  envelope: Envelope,
): Promise<ReplyFrame | undefined> {
  const { action, requestId, fields, refusal } = envelope;
  await requireLiveToken(deps, actor, action !== undefined && actions[action].worksInGrace === true);
  if (refusal || !action || !fields) throw refusal ?? new Error('an envelope without fields');
  const perform = useCases[action as A] as (deps: Deps, actor: Actor, input: unknown) => Promise<unknown>;
  const data = await perform(deps, actor, parseFields(action, fields));
  if (data === undefined) return undefined;
  return reply(action as ReplyingAction, requestId, data as ReplyData<ReplyingAction>);
}

/** Tells every failure in the protocol's form. All but a refusal is `internal`, with an id that is in the log. */
async function refuse<A extends Action>(
  route: CommandRoute<A>,
  actor: Actor,
  { action, requestId }: Envelope,
  error: unknown,
): Promise<SocketResult> {
  const refusal = await charged(route, actor, asRefusal(error, actor));
  logger.appendKeys({ refused: refusal.code });
  const frame = errorReply(action, requestId, refusal);
  if (!(refusal instanceof ConnectionEnded)) return { statusCode: 200, body: JSON.stringify(frame) };
  // The reply would come after the close, so it is posted before (CONN-5).
  const closing = { reason: refusal.message, reconnect: true };
  try {
    await closeConnection(route.deps, actor.connectionId, closing, [frame]);
  } catch (error) {
    // The row outlives its socket: the next post to it meets a 410 and deletes it, or its end does.
    logger.error('a connection could not be forgotten', { error: error instanceof Error ? error : String(error) });
  }
  return { statusCode: 200 };
}

function asRefusal(error: unknown, actor: Actor): Refusal {
  if (error instanceof Refusal) return error;
  logger.error('a frame failed', { failureId: actor.requestId, error: error instanceof Error ? error : String(error) });
  return new Refusal(
    'internal',
    `something failed here (${actor.requestId})`,
    { retryAfterMs: 1_000 },
    { cause: error },
  );
}

/** A refusal takes a token too, or refused frames would be free. If none is left, it is `rate-limited` instead. */
async function charged<A extends Action>(route: CommandRoute<A>, actor: Actor, refusal: Refusal): Promise<Refusal> {
  if (route.charge === 'each' || refusal.code === 'internal') return refusal;
  if (refusal instanceof ConnectionEnded || refusal instanceof OutOfCommands) return refusal;
  try {
    await chargeCommand(route.deps, actor.userId);
    return refusal;
  } catch (error) {
    // The bucket's own failure must not hide why the frame was refused.
    return error instanceof Refusal ? error : refusal;
  }
}
