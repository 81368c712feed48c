import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ChatSocket } from '../../client/src/platform/edges.ts';
import { openNodeSocket } from '../../client/src/platform/node-socket.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const each of undo.splice(0)) each();
});

/** A server from the `ws` library, and the package's own socket connected to it. */
async function connected(): Promise<{
  peer: WebSocket;
  socket: ChatSocket;
  received: string[];
  closed: Promise<number>;
}> {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  undo.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const connection = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const { port } = server.address() as { port: number };
  const socket = await openNodeSocket(`ws://127.0.0.1:${port}/stage?x=1`, ['chat.v1', 'bearer.x']);
  const received: string[] = [];
  socket.onmessage = ({ data }: { data: string }) => received.push(data);
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }: { code: number }) => resolve(code);
  });
  await new Promise<void>((resolve) => {
    socket.onopen = () => resolve();
  });
  const peer = await connection;
  undo.push(() => peer.terminate());
  return { peer, socket, received, closed };
}

function next(peer: WebSocket) {
  return new Promise<string>((resolve) => peer.once('message', (data) => resolve(String(data))));
}

describe('the socket for Node 20 and 21 (RFC 6455)', () => {
  it.each([0, 1, 125, 126, 32_000])('carries texts of %i characters both ways, whole', async (length) => {
    const { peer, socket, received } = await connected();
    const text = 'ü'.repeat(length);
    const arrives = next(peer);
    socket.send(text);
    expect(await arrives).toBe(text);
    peer.send(text);
    socket.send('ping');
    await next(peer);
    peer.send('end');
    await expect.poll(() => received).toEqual([text, 'end']);
  });

  it('reads texts of over 64 KiB, fragments cut inside a character, and several frames at once', async () => {
    const { peer, received } = await connected();
    const long = 'x'.repeat(70_000);
    peer.send(long);
    const bytes = Buffer.from('grüße');
    peer.send(bytes.subarray(0, 3), { binary: false, fin: false });
    peer.send(bytes.subarray(3), { binary: false, fin: true });
    for (const text of ['a', 'b', 'c']) peer.send(text);
    await expect.poll(() => received).toEqual([long, 'grüße', 'a', 'b', 'c']);
  });

  it('answers pings, and offers the subprotocols', async () => {
    const { peer } = await connected();
    const ponged = new Promise<string>((resolve) => peer.once('pong', (data) => resolve(String(data))));
    peer.ping('are you there');
    expect(await ponged).toBe('are you there');
    expect(peer.protocol).toBe('chat.v1');
  });

  it('reports the close code, and 1006 when there was none', async () => {
    const first = await connected();
    first.peer.close(4_001);
    expect(await first.closed).toBe(4_001);
    const second = await connected();
    second.peer.terminate();
    expect(await second.closed).toBe(1_006);
  });

  it('closes with a handshake', async () => {
    const { peer, socket } = await connected();
    const code = new Promise((resolve) => peer.once('close', resolve));
    socket.close(1000);
    expect(await code).toBe(1000);
  });

  it('reports a refused handshake as a close, as browsers do', async () => {
    const server = createServer((_request, response) => response.writeHead(403).end()).listen(0, '127.0.0.1');
    undo.push(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const socket = await openNodeSocket(`ws://127.0.0.1:${port}`, []);
    const code = await new Promise<number>((resolve) => {
      socket.onclose = (event: { code: number }) => resolve(event.code);
    });
    expect(code).toBe(1_006);
  });
});
