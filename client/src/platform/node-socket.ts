import type { ChatSocket } from './edges.ts';

/**
 * The parts of `node:http` and `node:https` that are used; typed here, as the package depends on no platform's types.
 */
interface NodeStream {
  on(event: string, listener: (chunk: Uint8Array) => void): void;
  write(bytes: Uint8Array): void;
  end(): void;
  destroy(): void;
  setNoDelay(on: boolean): void;
}
interface NodeRequest {
  on(
    event: 'upgrade',
    listener: (response: { headers: Record<string, string> }, stream: NodeStream, head: Uint8Array) => void,
  ): void;
  on(event: 'error' | 'response', listener: () => void): void;
  end(): void;
  destroy(): void;
}
interface NodeHttp {
  request(url: URL, options: { headers: Record<string, string> }): NodeRequest;
}

const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;
/** RFC 6455: the connection ended without a close frame. */
const ABNORMAL = 1006;
/** A peer that does not answer the end of the stream must not keep the process alive. */
const LINGER_MS = 1_000;

/**
 * A WebSocket client (RFC 6455) for Node 20 and 21: text frames, fragments, ping, close. No extensions; the frames that
 * the protocol knows are at most 32 KiB (ENV-1).
 */
export async function openNodeSocket(url: string, protocols: string[]): Promise<ChatSocket> {
  const target = new URL(url);
  const secure = target.protocol === 'wss:';
  target.protocol = secure ? 'https:' : 'http:';
  // Not by `import`: bundlers would follow it, or warn of it, and it never runs in a browser.
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const http = process?.getBuiltinModule?.(secure ? 'node:https' : 'node:http') as NodeHttp | undefined;
  if (!http) throw new Error('there is no WebSocket here');
  return new NodeSocket(http, target, protocols);
}

class NodeSocket implements ChatSocket {
  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  readonly #request: NodeRequest;
  #stream: NodeStream | undefined;
  #received: Uint8Array = new Uint8Array();
  #fragments: Uint8Array[] = [];
  #closed = false;

  constructor(http: NodeHttp, url: URL, protocols: string[]) {
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    this.#request = http.request(url, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': key,
        ...(protocols.length > 0 && { 'Sec-WebSocket-Protocol': protocols.join(', ') }),
      },
    });
    this.#request.on('upgrade', (_response, stream, head) => {
      this.#stream = stream;
      stream.setNoDelay(true);
      stream.on('data', (chunk) => this.#read(chunk));
      stream.on('close', () => this.#end(ABNORMAL));
      stream.on('error', () => this.#end(ABNORMAL));
      this.onopen?.({});
      if (head.length > 0) this.#read(head);
    });
    this.#request.on('response', () => this.#end(ABNORMAL));
    this.#request.on('error', () => this.#end(ABNORMAL));
    this.#request.end();
  }

  send(text: string): void {
    this.#write(OPCODE.text, new TextEncoder().encode(text));
  }

  close(code = 1000): void {
    this.#write(OPCODE.close, new Uint8Array([code >> 8, code & 255]));
    this.#end(code);
  }

  #end(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    const stream = this.#stream;
    if (stream) {
      stream.end();
      setTimeout(() => stream.destroy(), LINGER_MS);
    } else this.#request.destroy();
    this.onclose?.({ code });
  }

  /** A client's frames are masked (RFC 6455, 5.3). */
  #write(opcode: number, payload: Uint8Array): void {
    if (!this.#stream || this.#closed) return;
    const { length } = payload;
    const mask = crypto.getRandomValues(new Uint8Array(4));
    const size = length < 126 ? [128 | length] : [128 | 126, length >> 8, length & 255];
    const frame = new Uint8Array(1 + size.length + 4 + length);
    frame.set([128 | opcode, ...size]);
    frame.set(mask, 1 + size.length);
    const start = frame.length - length;
    for (let i = 0; i < length; i += 1) frame[start + i] = (payload[i] as number) ^ (mask[i % 4] as number);
    this.#stream.write(frame);
  }

  #read(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.#received.length + chunk.length);
    bytes.set(this.#received);
    bytes.set(chunk, this.#received.length);
    this.#received = bytes;
    while (!this.#closed && this.#readFrame()) {
      // Every whole frame that has come.
    }
  }

  #readFrame(): boolean {
    const bytes = this.#received;
    if (bytes.length < 2) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const short = view.getUint8(1) & 127;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < start) return false;
    const length = short === 126 ? view.getUint16(2) : short === 127 ? Number(view.getBigUint64(2)) : short;
    if (bytes.length < start + length) return false;
    this.#received = bytes.slice(start + length);
    this.#handle(view.getUint8(0), bytes.slice(start, start + length));
    return true;
  }

  #handle(first: number, payload: Uint8Array): void {
    const opcode = first & 15;
    if (opcode === OPCODE.ping) this.#write(OPCODE.pong, payload);
    else if (opcode === OPCODE.close) {
      const code = payload.length < 2 ? 1005 : ((payload[0] as number) << 8) | (payload[1] as number);
      this.#write(OPCODE.close, payload);
      this.#end(code);
    } else if (opcode <= OPCODE.text) {
      this.#fragments.push(payload);
      if (first & 128) {
        const decoder = new TextDecoder();
        const text = this.#fragments.map((part) => decoder.decode(part, { stream: true })).join('');
        this.#fragments = [];
        this.onmessage?.({ data: text });
      }
    }
  }
}
