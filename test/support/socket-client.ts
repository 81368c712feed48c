import { type ClientOptions, WebSocket } from 'ws';

const DEFAULT_TIMEOUT_MS = 15_000;

/** A frame as it was received. `data` is whatever the server sent. */
export interface Frame {
  readonly event?: string;
  readonly requestId?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read frames of thirty shapes, and a wrong path fails the test
  readonly data?: any;
}

export interface ConnectOptions {
  readonly url: string;
  /** Sent as `?token=` unless another way is chosen. */
  readonly token?: string;
  readonly sendTokenAs?: 'query' | 'header' | 'subprotocol';
  /** More headers, subprotocols and the like. */
  readonly options?: ClientOptions;
  readonly protocols?: readonly string[];
}

/** Which frame to wait for: an event's name, or a test of the frame. */
export type Predicate = string | ((frame: Frame) => boolean);

/** Thrown when the handshake is refused. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number) {
    super(`the handshake was refused with ${status}`);
    this.status = status;
  }
}

/**
 * Connects and waits until the socket is open.
 * @throws Refused if the handshake is answered with anything but 101
 */
export function connect({
  url,
  token,
  sendTokenAs = 'query',
  protocols = [],
  options = {},
}: ConnectOptions): Promise<SocketClient> {
  const address = token !== undefined && sendTokenAs === 'query' ? `${url}?token=${encodeURIComponent(token)}` : url;
  const authorization: Record<string, string> =
    token !== undefined && sendTokenAs === 'header' ? { authorization: `Bearer ${token}` } : {};
  const offered = token !== undefined && sendTokenAs === 'subprotocol' ? ['chat.v1', `bearer.${token}`] : protocols;
  const socket = new WebSocket(address, [...offered], {
    handshakeTimeout: DEFAULT_TIMEOUT_MS,
    ...options,
    headers: { ...authorization, ...options.headers },
  });
  const client = new SocketClient(socket);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(client));
    socket.once('unexpected-response', (request, response) => {
      reject(new Refused(response.statusCode ?? 0));
      request.destroy();
    });
    socket.once('error', reject);
  });
}

interface Waiter {
  readonly matches: (frame: Frame) => boolean;
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A raw client that adds nothing to what is sent. It keeps every frame in `frames`, in order, with those of a `batch`
 * one by one. `next` takes frames from a queue: each is taken once, whether it came before or comes after the call.
 */
export class SocketClient {
  /** Every frame received, in order, with batches unfolded (ENV-6). */
  readonly frames: Frame[] = [];
  /** Every text as it was received, batches included. */
  readonly texts: string[] = [];
  /** Resolves with the close code once the socket is closed. */
  readonly closed: Promise<number>;

  readonly #socket: WebSocket;
  readonly #queue: Frame[] = [];
  readonly #waiters = new Set<Waiter>();
  #lastRequest = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(String(data)));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => {
        for (const waiter of this.#waiters)
          waiter.reject(new Error(`the socket was closed (${code}) while a frame was awaited`));
        resolve(code);
      });
    });
  }

  /** Sends a frame: an object as JSON, a text as it is. */
  send(frame: object | string): void {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends a command with a `requestId`, its own if it has one, and gives the reply to it. */
  request(
    frame: { readonly requestId?: string } & Record<string, unknown>,
    options: { timeoutMs?: number } = {},
  ): Promise<Frame> {
    this.#lastRequest += 1;
    const requestId = frame.requestId ?? `r${this.#lastRequest}`;
    // Waits before it sends, so that no reply is missed.
    const reply = this.next((received) => received.requestId === requestId, options);
    this.send({ ...frame, requestId });
    return reply;
  }

  /**
   * Takes the first frame in the queue that matches, or waits for one.
   * @throws Error that says what came instead, after `timeoutMs` or when the socket closes
   */
  next(predicate: Predicate, { timeoutMs = DEFAULT_TIMEOUT_MS }: { timeoutMs?: number } = {}): Promise<Frame> {
    const matches = typeof predicate === 'string' ? (frame: Frame) => frame.event === predicate : predicate;
    const index = this.#queue.findIndex(matches);
    const [queued] = index >= 0 ? this.#queue.splice(index, 1) : [];
    if (queued) return Promise.resolve(queued);
    if (this.#socket.readyState > WebSocket.OPEN)
      return Promise.reject(new Error('the socket is closed and the frame never came'));
    return this.#wait(matches, String(predicate), timeoutMs);
  }

  /** Closes the socket properly and waits until it is closed. */
  async close(): Promise<void> {
    this.#socket.close(1000);
    await this.closed;
  }

  /** Drops the connection silently, as a lost network would. */
  async kill(): Promise<void> {
    this.#socket.terminate();
    await this.closed;
  }

  #wait(matches: Waiter['matches'], description: string, timeoutMs: number): Promise<Frame> {
    const { promise, resolve, reject } = Promise.withResolvers<Frame>();
    const waiter: Waiter = { matches, resolve, reject };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => {
      const seen = this.frames.slice(-10).map((frame) => JSON.stringify(frame).slice(0, 200));
      reject(
        new Error(
          `no frame matched ${description} within ${timeoutMs} ms; the last ones were:\n${seen.join('\n') || '(none)'}`,
        ),
      );
    }, timeoutMs);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  #receive(text: string): void {
    this.texts.push(text);
    for (const frame of unfold(JSON.parse(text) as Frame)) {
      this.frames.push(frame);
      const waiter = [...this.#waiters].find(({ matches }) => matches(frame));
      if (waiter) {
        this.#waiters.delete(waiter);
        waiter.resolve(frame);
      } else {
        this.#queue.push(frame);
      }
    }
  }
}

function unfold(frame: Frame): readonly Frame[] {
  return frame.event === 'batch' ? (frame.data.frames as Frame[]) : [frame];
}
