import { connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * A TCP proxy before a server that fails as networks do: it cuts, delays, goes silent in either direction, and
 * refuses. WebSocket handshakes pass through unchanged.
 */
export class FaultyProxy {
  /** How long everything that passes is delayed, in milliseconds. The order stays. */
  delayMs = 0;
  /** Whether new connections are ended at once. */
  refusing = false;
  /** The number of connections that were let through so far. */
  accepted = 0;
  readonly #pairs = new Set<Pair>();
  readonly #silenced = new WeakSet<Socket>();
  readonly #server: Server;
  readonly #target: URL;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Starts a proxy for the server of this URL, on a port of its own. */
  static async before(url: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The server's URL by way of this proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as { port: number }).port);
    return url.href;
  }

  /** Ends all connections with a reset, as a pulled cable does. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  /** Lets nothing pass any more in this direction, or in both. Sockets stay open, later ones are not affected. */
  halfOpen(direction: 'up' | 'down' | 'both' = 'both'): void {
    for (const { client, server } of this.#pairs) {
      if (direction !== 'down') this.#silenced.add(client);
      if (direction !== 'up') this.#silenced.add(server);
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.refusing) {
      client.resetAndDestroy();
      return;
    }
    this.accepted += 1;
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const pair = { client, server };
    this.#pairs.add(pair);
    this.#pass(client, server);
    this.#pass(server, client);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        // The other end of a silent pair is not told.
        if (!this.#silenced.has(socket)) other.destroy();
        if (other.destroyed) this.#pairs.delete(pair);
      });
    }
  }

  #pass(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      setTimeout(() => {
        if (!this.#silenced.has(from) && !to.destroyed) to.write(chunk);
      }, this.delayMs);
    });
  }
}
