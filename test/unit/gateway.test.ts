import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createConnectionControl } from '../../shared/delivery/connection-control.ts';
import { createPoster, MAX_SOCKETS, type PosterOptions } from '../../shared/delivery/post-to-connection.ts';
import type { Gateway } from '../../shared/domain/ports.ts';
import { FakeGateway } from '../support/fake-gateway.ts';

const LIMIT_MS = 3_000;
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };

let server: Server;
let gateway: Gateway;
let requests: { readonly request: IncomingMessage; readonly body: string; readonly port: number | undefined }[];
let answer: number | 'reset' | 'cut' | 'never' | 'trickle' | 'as the socket is';
let options: PosterOptions;
let reports: string[];
/** The open sockets of the loopback server, by connection id. */
let open: Set<string>;

beforeEach(async () => {
  requests = [];
  reports = [];
  answer = 200;
  open = new Set();
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({ request, body: Buffer.concat(chunks).toString('utf8'), port: request.socket.remotePort });
    if (answer === 'never') return;
    if (answer === 'trickle') return trickle(response);
    if (answer === 'cut') return cut(response);
    if (answer === 'reset') request.socket.destroy();
    else response.writeHead(typeof answer === 'number' ? answer : statusAsTheSocketIs(request)).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  options = { endpoint: `http://127.0.0.1:${port}/live`, region: 'eu-west-1', credentials: CREDENTIALS };
  const report = (stage: string) => void reports.push(stage);
  const client = new ApiGatewayManagementApiClient({ ...options, maxAttempts: 1 });
  gateway = { ...createPoster(options), ...createConnectionControl(client, report) };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** One byte of an answer at a time, for ever. */
function trickle(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 1_000_000 });
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
}

/** The beginning of an answer, and then the end of the connection. */
function cut(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 10 });
  response.write('x', () => response.destroy());
}

/** The signature of a request as AWS computes it, from what has arrived. */
function signatureOf({ method, url = '', headers }: IncomingMessage, body: string): string {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const authorization = String(headers.authorization);
  const [, scope = '', names = ''] = /Credential=[^/]+\/(\S+), SignedHeaders=(\S+),/.exec(authorization) ?? [];
  const path = url.split('/').map(encodeURIComponent).join('/');
  const signed = names.split(';').map((name) => `${name}:${headers[name]}`);
  const canonical = [method, path, '', ...signed, '', names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const sign = (key: string | Buffer, part: string) => createHmac('sha256', key).update(part).digest();
  const key = scope.split('/').reduce<string | Buffer>(sign, `AWS4${CREDENTIALS.secretAccessKey}`);
  return sign(key, text).toString('hex');
}

/** The status that API Gateway would answer: 410 for a socket that it does not have. */
function statusAsTheSocketIs({ method, url = '' }: IncomingMessage): number {
  const id = decodeURIComponent(url.slice(url.lastIndexOf('/') + 1));
  if (!open.has(id)) return 410;
  if (method === 'DELETE') open.delete(id);
  return method === 'DELETE' ? 204 : 200;
}

it('posts the text unchanged and signed, to the escaped connection id', async () => {
  expect(await gateway.post('abc=', '{"event":"pong","data":"é"}', LIMIT_MS)).toBe('posted');

  const [posted] = requests;
  expect(posted?.request.method).toBe('POST');
  expect(posted?.request.url).toBe('/live/@connections/abc%3D');
  expect(posted?.body).toBe('{"event":"pong","data":"é"}');
  const scope = String.raw`AKIDEXAMPLE/\d{8}/eu-west-1/execute-api/aws4_request`;
  expect(posted?.request.headers.authorization).toMatch(
    new RegExp(`^AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$`),
  );
  expect(posted?.request.headers['x-amz-security-token']).toBe('session');
  expect(posted?.request.headers['content-type']).toBe('application/json');
});

it('signs as AWS does, whether or not the endpoint ends in a slash', async () => {
  const { post } = createPoster({ ...options, endpoint: `${options.endpoint}/` });
  expect(await post('abc=', '{"event":"pong","data":"é"}', LIMIT_MS)).toBe('posted');
  await gateway.post('abc=', '{}', LIMIT_MS);
  expect(requests).toHaveLength(2);
  for (const { request, body } of requests) {
    expect(request.url).toBe('/live/@connections/abc%3D');
    expect(request.headers.authorization).toContain(`Signature=${signatureOf(request, body)}`);
  }
});

it('speaks TLS to an https endpoint: what cannot answer that way gets nothing', async () => {
  const { post } = createPoster({ ...options, endpoint: options.endpoint.replace('http:', 'https:') });
  expect(await post('abc', '{}', LIMIT_MS)).toBe('later');
  expect(requests).toEqual([]);
});

it.each([
  [410, 'gone'],
  [429, 'later'],
  [500, 'later'],
  [503, 'later'],
  ['reset', 'later'],
  ['cut', 'later'],
  [300, { refused: 300 }],
  [400, { refused: 400 }],
  [403, { refused: 403 }],
  [413, { refused: 413 }],
  [302, { refused: 302 }],
] as const)('takes %s for %o', async (status, outcome) => {
  answer = status;
  expect(await gateway.post('abc', '{}', LIMIT_MS)).toEqual(outcome);
});

it('waits for an answer as long as it may, and no longer', async () => {
  answer = 'never';
  const startedAt = performance.now();
  expect(await gateway.post('abc', '{}', 200)).toBe('later');
  expect(performance.now() - startedAt).toBeGreaterThan(150);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

it('waits no longer for an answer that trickles, which keeps the socket busy', async () => {
  answer = 'trickle';
  const startedAt = performance.now();
  expect(await gateway.post('abc', '{}', 200)).toBe('later');
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

it('waits no longer for a socket either, when all are taken', async () => {
  answer = 'never';
  const startedAt = performance.now();
  const outcomes = await Promise.all(Array.from({ length: 200 }, (_, n) => gateway.post(`c${n}`, '{}', 300)));
  expect(new Set(outcomes)).toEqual(new Set(['later']));
  // One that is given up frees its socket for a moment.
  expect(requests.length).toBeLessThan(2 * MAX_SOCKETS);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

it.each([200, 'reset'] as const)('leaves no timer behind, which would keep the function awake (%s)', async (status) => {
  answer = status;
  const [set, clear] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
  onTestFinished(() => void vi.restoreAllMocks());
  const limitMs = LIMIT_MS - 1;
  await gateway.post('abc', '{}', limitMs);
  const index = set.mock.calls.findIndex(([, ms]) => ms === limitMs);
  expect(index).toBeGreaterThanOrEqual(0);
  await vi.waitFor(() => expect(clear).toHaveBeenCalledWith(set.mock.results[index]?.value));
});

it.each([400, 403, 404] as const)('reports it if it may not close or inspect a socket (%s)', async (status) => {
  answer = status;
  await gateway.close('abc=');
  expect(await gateway.inspect('abc=')).toBe('unknown');
  expect(reports).toEqual(['management-refused', 'management-refused']);
});

it.each([200, 410, 429, 500, 'reset'] as const)('reports no answer that is to be expected (%s)', async (status) => {
  answer = status;
  await gateway.close('abc=');
  await gateway.inspect('abc=');
  expect(reports).toEqual([]);
});

it('keeps its connections open', async () => {
  for (let n = 0; n < 5; n += 1) await gateway.post('abc', '{}', LIMIT_MS);
  expect(new Set(requests.map(({ port }) => port)).size).toBe(1);
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
    expect(await subject.post('abc=', text, LIMIT_MS)).toBe('posted');
  });

  it('reports a socket as gone if it closed it, or if there never was one', async () => {
    const subject = opened('abc=');
    await subject.close('abc=');
    await subject.close('abc=');
    for (const id of ['abc=', 'never=']) {
      expect(await subject.inspect(id)).toBe('gone');
      expect(await subject.post(id, text, LIMIT_MS)).toBe('gone');
    }
  });
});
