import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGateway } from '../../shared/delivery/gateway.ts';
import type { Gateway } from '../../shared/domain/ports.ts';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };

let server: Server;
let gateway: Gateway;
let requests: { readonly request: IncomingMessage; readonly body: string }[];
let answer: number | 'reset';

beforeEach(async () => {
  requests = [];
  answer = 200;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({ request, body: Buffer.concat(chunks).toString('utf8') });
    if (answer === 'reset') request.socket.destroy();
    else response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  gateway = createGateway({ endpoint: `http://127.0.0.1:${port}/live`, region: 'eu-west-1', credentials: CREDENTIALS });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('posts the text as it is, signed, to the connection, whose id is escaped', async () => {
  expect(await gateway.post('abc=', '{"event":"pong","data":"é"}')).toBe('posted');

  const [posted] = requests;
  expect(posted?.request.method).toBe('POST');
  expect(posted?.request.url).toBe('/live/@connections/abc%3D');
  expect(posted?.body).toBe('{"event":"pong","data":"é"}');
  expect(posted?.request.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
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

it.each([204, 410, 'reset'] as const)('closes a socket and minds no answer (%s)', async (status) => {
  answer = status;
  await gateway.close('abc');
  expect(requests[0]?.request.method).toBe('DELETE');
});
