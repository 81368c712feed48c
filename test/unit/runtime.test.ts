import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { logger } from '../../shared/platform/logger.ts';
import { recordsOf } from '../support/batches.ts';
import { invoke } from '../support/chat-functions.ts';
import { aConnection, aSubscription } from '../support/stored.ts';

interface Sent {
  /** The operation's name, or method and path of a call that has none. */
  readonly operation: string;
  readonly body: Record<string, unknown>;
  readonly authorization: string;
  readonly sessionToken: string | undefined;
}

/** What the functions' own clients sent to AWS, which is a server on the loopback interface. */
let sent: Sent[];
/** The status that the management API answers. */
let status: number;
let server: Server;

beforeEach(async () => {
  vi.resetModules();
  logger.setLogLevel('SILENT');
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  sent = [];
  status = 200;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const target = request.headers['x-amz-target'];
    const operation = target ? String(target).split('.').at(-1) : `${request.method} ${request.url}`;
    const body = text === '' ? {} : JSON.parse(text);
    sent.push({
      ...{ operation: operation ?? '', body, authorization: String(request.headers.authorization) },
      sessionToken: request.headers['x-amz-security-token'] as string | undefined,
    });
    if (!target) return response.writeHead(status).end();
    // The client compares the digest with what it sent.
    const MD5OfMessageBody = createHash('md5').update(String(body.MessageBody)).digest('hex');
    const answer = { Entries: [{ EventId: 'e' }], MessageId: 'm', MD5OfMessageBody, Items: [], Count: 0 };
    return response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-west-1' },
    ...{ AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' },
    ...{ MANAGEMENT_ENDPOINT: `${endpoint}/live`, BUS_NAME: 'the-bus', PRESENCE_QUEUE_URL: `${endpoint}/1/presence` },
    ...{ CHAT_TABLE: 'the-chat', CONNECTIONS_TABLE: 'the-connections' },
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

const room = conversationRoom('c');
const typing = { event: 'user-typing', data: { conversationId: 'c', userId: 'ann', isTyping: true } } as const;
function calls() {
  return sent.map(({ operation, body }) => [operation, body.TableName]);
}

test('the gateway speaks to the stage that the stack names, as the function; each call is tried twice at most', async () => {
  const { gateway } = await import('../../functions/runtime/gateway.ts');
  expect(await gateway().post('abc=', '{}', 1_000)).toBe('posted');
  expect(await gateway().inspect('abc=')).toBe('open');
  await gateway().close('abc=');
  const path = '/live/@connections/abc%3D';
  expect(sent.map(({ operation }) => operation)).toEqual([`POST ${path}`, `GET ${path}`, `DELETE ${path}`]);
  for (const { authorization, sessionToken } of sent) {
    expect(authorization).toMatch(/Credential=AKID\/\d{8}\/eu-west-1\/execute-api\/aws4_request/);
    expect(sessionToken).toBe('session');
  }
  sent.length = 0;
  status = 500;
  expect(await gateway().inspect('abc=')).toBe('unknown');
  expect(sent).toHaveLength(2);
});

test('a farewell that the management API refuses is heard, and one that it takes is not', async () => {
  const { gateway } = await import('../../functions/runtime/gateway.ts');
  const { logger: ofFunctions } = await import('../../shared/platform/logger.ts');
  const warn = vi.spyOn(ofFunctions, 'warn').mockImplementation(() => undefined);
  await gateway().post('abc=', '{}', 1_000);
  expect(warn).not.toHaveBeenCalled();
  status = 403;
  expect(await gateway().post('abc=', '{}', 1_000)).toEqual({ refused: 403 });
  expect(JSON.stringify(warn.mock.calls, (_, value) => (value instanceof Error ? value.message : value))).toContain(
    'the management API answered 403 to a post',
  );
});

test('without a session token none is sent', async () => {
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  const { poster } = await import('../../functions/runtime/poster.ts');
  await poster().post('abc=', '{}', 1_000);
  expect(sent.map(({ sessionToken }) => sessionToken)).toEqual([undefined]);
});

test('commands read and write the tables that the stack names, and post to rooms themselves', async () => {
  const { deps } = await import('../../functions/runtime/deps.ts');
  await deps.stores.log.head('c');
  await deps.deliver([{ rooms: [room], frames: [typing] }]);
  expect(deps.gateway.post).toBeTypeOf('function');
  expect(calls()).toEqual([
    ['Query', 'the-chat'],
    ['Query', 'the-connections'],
  ]);
});

test('a stretch of time is waited for, and no longer', async () => {
  const { clock } = await import('../../functions/runtime/clock.ts');
  const before = clock.now();
  await clock.sleep(20);
  expect(clock.now() - before).toBeGreaterThanOrEqual(19);
});

test('the end of a socket is written to the connections’ table', async () => {
  const { handler } = await import('../../functions/disconnect.ts');
  const authorizer = { principalId: 'ann', userId: 'ann', tokenExpiresAt: '9999999999999' };
  const requestContext = { eventType: 'DISCONNECT', connectionId: 'abc=', requestId: 'r', authorizer };
  expect(await invoke(handler, { requestContext })).toEqual({ statusCode: 200 });
  expect(calls()).toEqual([['DeleteItem', 'the-connections']]);
});

test('a change of a connection goes to the queue that the stack names', async () => {
  const { handler } = await import('../../functions/connection-changes.ts');
  const subscription = aSubscription(aConnection({ userId: 'ann', connectionId: 'abc=' }), room, 0);
  const Records = recordsOf({ item: 'subscription', old: subscription, next: undefined });
  expect(await invoke(handler, { Records })).toEqual({ batchItemFailures: [] });
  expect(sent.map(({ operation, body }) => [operation, body])).toMatchObject([
    [
      'SendMessage',
      {
        ...{ QueueUrl: process.env.PRESENCE_QUEUE_URL, DelaySeconds: 6 },
        MessageBody: JSON.stringify({ room, userId: 'ann' }),
      },
    ],
  ]);
});

test('what is on the bus is posted to whoever is in the connections’ table', async () => {
  const { handler } = await import('../../functions/broadcast.ts');
  const detail = { rooms: [room], frames: [typing] };
  await invoke(handler, { source: 'parley', 'detail-type': 'frames-to-rooms', detail });
  expect(calls()).toEqual([['Query', 'the-connections']]);
});
