import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { connect, type SocketClient } from '../support/socket-client.ts';

let server: WebSocketServer;
let client: SocketClient;

/** A server that sends the frames that a client asks for. */
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { requestId, send } = JSON.parse(String(data));
      for (const frame of send) socket.send(JSON.stringify(frame));
      if (requestId) socket.send(JSON.stringify({ event: 'reply', requestId, data: {} }));
    }),
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = await connect({ url: `ws://127.0.0.1:${port}` });
});

afterEach(async () => {
  await client.kill();
  server.close();
});

function frame(event: string, n: number) {
  return { event, data: { n } };
}

test('frames are kept in order; those in a batch count one by one', async () => {
  await client.request({ send: [frame('a', 1), { event: 'batch', data: { frames: [frame('b', 2), frame('a', 3)] } }] });
  expect(client.frames.map(({ event }) => event)).toEqual(['a', 'b', 'a', 'reply']);
});

test('each frame is taken once, starting with the earliest that matches', async () => {
  await client.request({ send: [frame('a', 1), frame('b', 2), frame('a', 3)] });
  expect((await client.next('a')).data.n).toBe(1);
  expect((await client.next('a')).data.n).toBe(3);
  expect((await client.next(({ data }) => data?.n === 2)).event).toBe('b');
});

test('a frame that is awaited before it comes goes to the first waiter', async () => {
  const both = [client.next('a'), client.next('a')];
  client.send({ send: [frame('a', 1), frame('a', 2)] });
  expect((await Promise.all(both)).map(({ data }) => data.n)).toEqual([1, 2]);
});

test('waiting in vain fails and names what came instead', async () => {
  await client.request({ send: [frame('b', 1)] });
  await expect(client.next('a', { timeoutMs: 1 })).rejects.toThrow(/no frame matched a .*"b"/s);
});

test('a waiter is told that the socket was closed', async () => {
  const awaited = expect(client.next('a')).rejects.toThrow(/closed/);
  for (const socket of server.clients) socket.close(1001);
  await awaited;
  expect(await client.closed).toBe(1001);
});
