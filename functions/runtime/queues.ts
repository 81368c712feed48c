import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { EnvironmentKey } from '../../shared/platform/environment.ts';
import { readEnvironment } from '../../shared/platform/read-environment.ts';
import { once } from './once.ts';
import { TIME_LIMITS } from './time-limits.ts';

const client = /* @__PURE__ */ once(() => new SQSClient({ requestHandler: TIME_LIMITS }));

/** Puts `body` on a queue as JSON, to be seen after `delaySeconds`. Rejects if the queue did not take it. */
export type SendToQueue = (body: unknown, delaySeconds?: number) => Promise<void>;

/** The queue whose URL the stack gave the function under this name. */
export function queue(url: EnvironmentKey & `${string}QueueUrl`): SendToQueue {
  return async (body, delaySeconds = 0) => {
    const message = { MessageBody: JSON.stringify(body), DelaySeconds: delaySeconds };
    await client().send(new SendMessageCommand({ QueueUrl: readEnvironment(url), ...message }));
  };
}
