import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DescribeTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import '../support/provided.ts';
import { commandEnvironment } from '../../scripts/emulator/aws-environment.ts';
import { BUS_SOURCE } from '../../shared/domain/bus-names.ts';
import { createStores } from '../../shared/store/stores.ts';
import { Chat } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { openTables, type TestTables } from '../support/tables.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/redrive.ts', import.meta.url));
const ACCOUNT = '000000000000';

/** The script as an operator runs it, on queues, a bus and a stream of the emulator. */
describe('npm run redrive', () => {
  const target = inject('emulator');
  const sqs = new SQSClient(target);
  const bus = new EventBridgeClient(target);
  const streams = new DynamoDBStreamsClient(target);
  const busName = `bus-${randomUUID()}`;
  let opened: TestTables;
  let undelivered: string;
  let givenUp: string;
  let published: string;

  beforeAll(async () => {
    opened = await openTables(target);
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const;
    await opened.client.send(new UpdateTableCommand({ TableName: opened.tables.chat, StreamSpecification }));
    [undelivered, givenUp, published] = [await queue(), await queue(), await queue()];
    await bus.send(new CreateEventBusCommand({ Name: busName }));
    const EventPattern = JSON.stringify({ source: [BUS_SOURCE] });
    await bus.send(new PutRuleCommand({ Name: 'all', EventBusName: busName, EventPattern }));
    const Arn = `arn:aws:sqs:${target.region}:${ACCOUNT}:${published.split('/').at(-1)}`;
    await bus.send(new PutTargetsCommand({ Rule: 'all', EventBusName: busName, Targets: [{ Id: 'queue', Arn }] }));
  });
  afterAll(async () => {
    await opened?.close();
    for (const client of [sqs, bus, streams]) client.destroy();
  });

  async function queue(): Promise<string> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }));
    return QueueUrl;
  }

  /** What Lambda puts into the queue of failures for the records of the table so far. */
  async function nameAllRecords(): Promise<string> {
    const { Table } = await opened.client.send(new DescribeTableCommand({ TableName: opened.tables.chat }));
    const StreamArn = Table?.LatestStreamArn ?? '';
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const [shard] = StreamDescription?.Shards ?? [];
    const iterator = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId: shard?.ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator.ShardIterator }));
    const numbers = Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
    const place = { startSequenceNumber: numbers[0], endSequenceNumber: numbers.at(-1), batchSize: numbers.length };
    return JSON.stringify({ DDBStreamBatchInfo: { streamArn: StreamArn, shardId: shard?.ShardId, ...place } });
  }

  test('delivers again what publish-events and Lambda gave up on, and empties the queues', async () => {
    const chat = new Chat({ broken: () => createStores(DynamoDBDocumentClient.from(opened.client), opened.tables) });
    const [ann, bob] = [await chat.connect('ann'), await chat.connect('bob')];
    const { conversationId } = await chat.ask(ann, 'create-conversation', { kind: 'group', members: ['bob'] });
    await chat.ask(bob, 'join', { conversationId });
    for (const content of ['one', 'two', 'three']) await chat.ask(ann, 'send-message', { conversationId, content });
    await sqs.send(new SendMessageCommand({ QueueUrl: givenUp, MessageBody: await nameAllRecords() }));
    const positions = JSON.stringify({ conversationId, from: 2, to: 3 });
    await sqs.send(new SendMessageCommand({ QueueUrl: undelivered, MessageBody: positions }));

    const env = commandEnvironment(target);
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, undelivered, busName, givenUp], { env });

    expect(stdout).toBe('2 ranges published again, 0 ephemeral events dropped, 0 messages left.\n');
    for (const QueueUrl of [undelivered, givenUp]) expect(await waiting(QueueUrl)).toBe('0');
    const events = [await nextEvent(), await nextEvent()];
    expect(events.map(({ detail }) => detail)).toEqual([
      { conversationId, from: 2, to: 3 },
      { conversationId, from: 1, to: 3 },
    ]);
    for (const event of events) await invoke(chat.functions.broadcast, event);
    const contents = chat.gateway.take(bob.connectionId).map(({ data }) => (data as { content?: string }).content);
    expect(contents).toEqual(['two', 'three', 'one', 'two', 'three']);
  });

  test('leaves in the queue what the stream has no more', async () => {
    const gone = JSON.parse(await nameAllRecords());
    gone.DDBStreamBatchInfo.shardId = 'shardId-00000000000000000000-gone';
    gone.DDBStreamBatchInfo.startSequenceNumber = '000000000000000000001';
    await sqs.send(new SendMessageCommand({ QueueUrl: givenUp, MessageBody: JSON.stringify(gone) }));
    const env = commandEnvironment(target);
    const run = promisify(execFile)(process.execPath, [SCRIPT, undelivered, busName, givenUp], { env });
    await expect(run).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('1 messages left.') });
  });

  async function waiting(QueueUrl: string): Promise<string | undefined> {
    const names = ['ApproximateNumberOfMessages'] as const;
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
    return Attributes?.ApproximateNumberOfMessages;
  }

  async function nextEvent(): Promise<{ readonly detail: unknown }> {
    const receive = new ReceiveMessageCommand({ QueueUrl: published, WaitTimeSeconds: 10 });
    const { Messages = [] } = await sqs.send(receive);
    return JSON.parse(Messages[0]?.Body ?? 'null');
  }
});
