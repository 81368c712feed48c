import type { ChatSocket, SocketFactory } from '../../client/src/platform/edges.ts';

type Handler<E> = ((event: E) => void) | null;

/** A client's command as it was sent. */
export interface SentFrame {
  readonly action: string;
  readonly requestId?: string;
  readonly [field: string]: unknown;
}

/** A socket with the test at its other end. */
export class FakeSocket implements ChatSocket {
  onopen: Handler<never> = null;
  onmessage: Handler<never> = null;
  onclose: Handler<never> = null;
  onerror: Handler<never> = null;
  readonly url: string;
  readonly protocols: readonly string[];
  readonly sent: SentFrame[] = [];
  closedByClient = false;

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as SentFrame);
  }

  close(): void {
    this.closedByClient = true;
  }

  /** Lets the handshake succeed. */
  open(): void {
    this.onopen?.({} as never);
  }

  /** Ends the connection. */
  end(code = 1006): void {
    this.onclose?.({ code } as never);
  }

  push(event: string, data: object): void {
    this.raw(JSON.stringify({ event, data }));
  }

  raw(data: unknown): void {
    this.onmessage?.({ data } as never);
  }

  /** The last command with this action. There must be one. */
  last(action: string): SentFrame {
    const frame = this.sent.findLast((each) => each.action === action);
    if (!frame) throw new Error(`no ${action} was sent; sent: ${this.sent.map((each) => each.action).join(', ')}`);
    return frame;
  }

  /** Answers the last command with this action. */
  answer(action: string, event: string, data: object): void {
    this.raw(JSON.stringify({ event, requestId: this.last(action).requestId, data }));
  }

  refuse(action: string, code: string, more: object = {}): void {
    const retryable = code === 'rate-limited' || code === 'internal';
    const event = action === 'send-message' ? 'message-error' : 'error';
    this.answer(action, event, { code, message: `unable to go on; ${code}`, retryable, ...more });
  }
}

/** Opens fake sockets and remembers them. */
export function fakeSockets(): { sockets: FakeSocket[]; openSocket: SocketFactory } {
  const sockets: FakeSocket[] = [];
  return {
    sockets,
    openSocket: (url, protocols) => {
      const socket = new FakeSocket(url, protocols);
      sockets.push(socket);
      return socket;
    },
  };
}
