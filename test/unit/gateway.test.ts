import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConnectionControl } from '../../shared/delivery/connection-control.ts';
import { createPoster } from '../../shared/delivery/post-to-connection.ts';
import type { Gateway } from '../../shared/domain/ports.ts';
import { FakeGateway } from '../support/fake-gateway.ts';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };

let server: Server;
let gateway: Gateway;
let requests: { readonly request: IncomingMessage; readonly body: string }[];
let answer: number | 'reset' | 'as the socket is';
/** The open sockets of the loopback server, by connection id. */
let open: Set<string>;

beforeEach(async () => {
  requests = [];
  answer = 200;
  open = new Set();
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({ request, body: Buffer.concat(chunks).toString('utf8') });
    if (answer === 'reset') request.socket.destroy();
    else response.writeHead(typeof answer === 'number' ? answer : statusAsTheSocketIs(request)).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const options = { endpoint: `http://127.0.0.1:${port}/live`, region: 'eu-west-1', credentials: CREDENTIALS };
  const client = new ApiGatewayManagementApiClient({ ...options, maxAttempts: 1 });
  gateway = { ...createPoster(options), ...createConnectionControl(client) };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** The status that API Gateway would answer: 410 for a socket that it does not have. */
function statusAsTheSocketIs({ method, url = '' }: IncomingMessage): number {
  const id = decodeURIComponent(url.slice(url.lastIndexOf('/') + 1));
  if (!open.has(id)) return 410;
  if (method === 'DELETE') open.delete(id);
  return method === 'DELETE' ? 204 : 200;
}

it('posts the text unchanged and signed, to the escaped connection id', async () => {
  expect(await gateway.post('abc=', '{"event":"pong","data":"é"}')).toBe('posted');

  const [posted] = requests;
  expect(posted?.request.method).toBe('POST');
  expect(posted?.request.url).toBe('/live/@connections/abc%3D');
  expect(posted?.body).toBe('{"event":"pong","data":"é"}');
  const scope = String.raw`AKIDEXAMPLE/\d{8}/eu-west-1/execute-api/aws4_request`;
  expect(posted?.request.headers.authorization).toMatch(
    new RegExp(`^AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$`),
  );
  expect(posted?.request.headers['x-amz-security-token']).toBe('session');
});

it.each([
  [410, 'gone'],
  [429, 'later'],
  [403, 'later'],
  [500, 'later'],
  ['reset', 'later'],
] as const)('takes %s for %s', async (status, outcome) => {
  answer = status;
  expect(await gateway.post('abc', '{}')).toBe(outcome);
});

it('keeps its connections open', async () => {
  for (let n = 0; n < 5; n += 1) await gateway.post('abc', '{}');
  expect(new Set(requests.map(({ request }) => request.socket.remotePort)).size).toBe(1);
});

it.each([204, 410, 429, 'reset'] as const)('closes a socket and ignores the answer (%s)', async (status) => {
  answer = status;
  await gateway.close('abc=');
  expect(requests[0]?.request.method).toBe('DELETE');
  expect(requests[0]?.request.url).toBe('/live/@connections/abc%3D');
});

it.each([
  [200, 'open'],
  [410, 'gone'],
  [429, 'unknown'],
  [403, 'unknown'],
  ['reset', 'unknown'],
] as const)('inspects a socket and takes %s for %s', async (status, state) => {
  answer = status;
  expect(await gateway.inspect('abc=')).toBe(state);
  expect(requests[0]?.request.method).toBe('GET');
  expect(requests[0]?.request.url).toBe('/live/@connections/abc%3D');
});

describe.each(['the real one', 'the fake'] as const)('a gateway, %s', (which) => {
  const opened = (id: string): Gateway => {
    const fake = new FakeGateway();
    (which === 'the fake' ? fake.open : open).add(id);
    answer = 'as the socket is';
    return which === 'the fake' ? fake : gateway;
  };
  const text = '{"event":"closing","data":{"reason":"the token has expired","reconnect":true}}';

  it('posts to an open socket, and reports it as open', async () => {
    const subject = opened('abc=');
    expect(await subject.inspect('abc=')).toBe('open');
    expect(await subject.post('abc=', text)).toBe('posted');
  });

  it('reports a socket as gone if it closed it, or if there never was one', async () => {
    const subject = opened('abc=');
    await subject.close('abc=');
    await subject.close('abc=');
    for (const id of ['abc=', 'never=']) {
      expect(await subject.inspect(id)).toBe('gone');
      expect(await subject.post(id, text)).toBe('gone');
    }
  });
});
