import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { once } from './once.ts';
import { TIME_LIMITS } from './time-limits.ts';

const client = /* @__PURE__ */ once(() => new SQSClient({ requestHandler: TIME_LIMITS }));

/** Puts `body` on a queue as JSON, to be seen after `delaySeconds`. Rejects if the queue did not take it. */
export async function sendToQueue(queueUrl: string, body: unknown, delaySeconds = 0): Promise<void> {
  const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify(body), DelaySeconds: delaySeconds };
  await client().send(new SendMessageCommand(message));
}
