/**
 * `npm run redrive -- <queue url> <bus name>`: publishes again what lies in the undelivered queue. Only positions are
 * published: `broadcast` reads the log, so entries go out as they are now. A client that has them drops them by seq.
 */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createPublisher } from '../shared/delivery/publish-to-bus.ts';
import { conversationId, seq } from '../shared/protocol/identifiers.ts';

const positions = z.object({ conversationId, from: seq, to: seq });
/** What `publish-events` gave up on, or the bus event that `broadcast` failed on; other events age, and are dropped. */
const message = z.union([positions, z.object({ detail: positions }).transform(({ detail }) => detail)]);

const [QueueUrl, busName] = process.argv.slice(2);
if (!QueueUrl || !busName) {
  console.error('Usage: npm run redrive -- <UndeliveredQueueUrl> <BusName>   (both are outputs of the stack)');
  process.exit(1);
}
const sqs = new SQSClient({});
const publish = createPublisher(new EventBridgeClient({}), busName);
let redriven = 0;
let dropped = 0;
for (;;) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
  );
  if (Messages.length === 0) break;
  for (const { Body = '', ReceiptHandle } of Messages) {
    const parsed = message.safeParse(JSON.parse(Body));
    if (parsed.success) {
      const refused = await publish([{ type: 'entries-appended', detail: parsed.data }]);
      if (refused.length > 0) throw new Error('the bus refuses events; what is left stays in the queue');
    }
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    if (parsed.success) redriven += 1;
    else dropped += 1;
  }
}
console.log(`${redriven} ranges published again, ${dropped} ephemeral events dropped.`);
