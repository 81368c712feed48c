import { authorizeHandler } from '../../functions/authorize.ts';
import { broadcastHandler } from '../../functions/broadcast.ts';
import { defaultHandler } from '../../functions/command.ts';
import { connectHandler } from '../../functions/connect.ts';
import { connectionChangesHandler } from '../../functions/connection-changes.ts';
import { disconnectHandler } from '../../functions/disconnect.ts';
import { joinHandler } from '../../functions/join.ts';
import { leaveHandler } from '../../functions/leave.ts';
import { publishEventsHandler } from '../../functions/publish-events.ts';
import type { SendToQueue } from '../../functions/runtime/queues.ts';
import { sendMessageHandler } from '../../functions/send-message.ts';
import { settlePresenceHandler } from '../../functions/settle-presence.ts';
import { typingHandler } from '../../functions/typing.ts';
import type { FunctionName } from '../../infra/code.ts';
import type { PublishToBus } from '../../shared/domain/bus-events.ts';
import type { Report } from '../../shared/domain/report.ts';
import type { Deps } from '../../shared/usecases/deps.ts';

/** What the functions of a chat are made of. */
export interface Parts {
  readonly deps: Deps;
  readonly publish: PublishToBus;
  readonly presenceQueue: SendToQueue;
  readonly undeliveredQueue: SendToQueue;
  readonly report: Report;
  readonly allowQueryToken: boolean;
}

/** All functions of the stack, made as each makes itself, on the parts that a test gives. */
export function createFunctions(parts: Parts) {
  const { deps } = parts;
  const { stores, clock } = deps;
  const all = { ...parts, ...deps, ...stores, now: clock.now };
  return {
    authorize: authorizeHandler(() => all),
    connect: connectHandler(() => deps),
    disconnect: disconnectHandler(() => deps),
    'send-message': sendMessageHandler(deps),
    join: joinHandler(deps),
    leave: leaveHandler(deps),
    typing: typingHandler(deps),
    command: defaultHandler(deps),
    'publish-events': publishEventsHandler(() => all),
    broadcast: broadcastHandler(() => all),
    'connection-changes': connectionChangesHandler(() => all),
    'settle-presence': settlePresenceHandler(() => all),
  } satisfies Record<FunctionName, unknown>;
}
export type ChatFunctions = ReturnType<typeof createFunctions>;

const CONTEXT = {
  functionName: 'a-function',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:a-function',
  awsRequestId: 'an-invocation',
};

/** Invokes a function as Lambda does. The event is what JSON can hold. Rejects if the function does. */
export async function invoke<R>(
  fn: (event: unknown, context: typeof CONTEXT & never) => Promise<R>,
  event: unknown,
): Promise<R> {
  return fn(event, CONTEXT as never);
}
