import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { logger } from '../../shared/platform/logger.ts';
import { toEntryItem } from '../../shared/store/items.ts';
import { aMessage } from '../support/stored.ts';

/** What the function sent, by the operation's name, from a queue and a bus on the loopback interface. */
const sent: { readonly operation: string; readonly body: Record<string, unknown> }[] = [];
let server: Server;

beforeAll(async () => {
  logger.setLogLevel('SILENT');
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    sent.push({ operation, body });
    // The client compares the digest with what it sent.
    const MD5OfMessageBody = createHash('md5').update(String(body.MessageBody)).digest('hex');
    const answers: Record<string, object> = {
      PutEvents: { Entries: [{ EventId: 'e' }] },
      SendMessage: { MessageId: 'm', MD5OfMessageBody },
    };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answers[operation]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' },
    ...{ BUS_NAME: 'bus', UNDELIVERED_QUEUE_URL: `${endpoint}/1/undelivered`, CHAT_TABLE: 'chat' },
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

test('an entry that cannot be read is named for a redrive, and holds up nothing behind it', async () => {
  const { handler } = await import('../../functions/publish-events.ts');
  const record = (id: string, item: object) => {
    const NewImage = marshall(item, { removeUndefinedValues: true });
    const Keys = { pk: NewImage.pk, sk: NewImage.sk };
    const dynamodb = { SequenceNumber: id, ApproximateCreationDateTime: Date.now() / 1_000, Keys, NewImage };
    return { eventName: 'INSERT', dynamodb };
  };
  const readable = (seq: number) => toEntryItem(aMessage({ conversationId: 'general', seq }));
  const unknown = { ...readable(2), kind: 'message-from-the-future' };
  const Records = [record('1', readable(1)), record('2', unknown), {}, record('3', readable(3))];
  const context = { functionName: 'publish-events', awsRequestId: 'r' };
  expect(await (handler as (event: unknown, context: unknown) => Promise<unknown>)({ Records }, context)).toEqual({
    batchItemFailures: [],
  });
  const events = sent.filter(({ operation }) => operation === 'PutEvents').flatMap(({ body }) => body.Entries);
  const details = events.map((entry) => JSON.parse((entry as { Detail: string }).Detail));
  expect(details).toMatchObject([
    { conversationId: 'general', entries: [{ frame: { data: { seq: 1 } } }, { frame: { data: { seq: 3 } } }] },
  ]);
  const named = sent.filter(({ operation }) => operation === 'SendMessage').map(({ body }) => body.MessageBody);
  expect(named.map((body) => JSON.parse(String(body)))).toEqual([{ conversationId: 'general', from: 2, to: 2 }]);
});
