/**
 * `npm run redrive -- <queue url> <bus name> [<queue url>]`: publishes again what lies in queues of failures. Only
 * positions are published: `broadcast` reads the log, so entries go out as they are now. A client that has them drops
 * them by seq.
 */
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createPublisher } from '../shared/delivery/publish-to-bus.ts';
import { givenUpPositions, type StreamPart } from './redrive/given-up.ts';
import { readStream } from './redrive/read-stream.ts';

const [undeliveredQueueUrl, busName, publishFailuresQueueUrl] = process.argv.slice(2);
if (!undeliveredQueueUrl || !busName) {
  console.error('Usage: npm run redrive -- <UndeliveredQueueUrl> <BusName> [<PublishFailuresQueueUrl>]');
  console.error('All three are outputs of the stack.');
  process.exit(1);
}
const sqs = new SQSClient({});
const streams = new DynamoDBStreamsClient({});
const publish = createPublisher(new EventBridgeClient({}), busName);
/** Messages that could not be redriven: the queue shows them again after a while, and this run must end. */
const kept = new Set<string | undefined>();
let redriven = 0;
let dropped = 0;
for (const queueUrl of [undeliveredQueueUrl, publishFailuresQueueUrl]) {
  if (queueUrl !== undefined) await redriveAll(queueUrl);
}
console.log(`${redriven} ranges published again, ${dropped} ephemeral events dropped, ${kept.size} messages left.`);
if (kept.size > 0) process.exitCode = 1;

async function redriveAll(QueueUrl: string): Promise<void> {
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 });
    const { Messages = [] } = await sqs.send(receive);
    const fresh = Messages.filter(({ MessageId }) => !kept.has(MessageId));
    if (fresh.length === 0) return;
    for (const message of fresh) await redrive(QueueUrl, message);
  }
}

async function redrive(QueueUrl: string, { MessageId, Body = '', ReceiptHandle }: Message): Promise<void> {
  try {
    const positions = await givenUpPositions(Body, (part: StreamPart) => readStream(streams, part));
    const refused = await publish(positions.map((detail) => ({ type: 'entries-appended', detail })));
    if (refused.length > 0) throw new Error('the bus refuses events');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    redriven += positions.length;
    if (positions.length === 0) dropped += 1;
  } catch (error) {
    console.error(`Left in the queue: ${Body}\n  because ${error instanceof Error ? error.message : String(error)}`);
    kept.add(MessageId);
  }
}
