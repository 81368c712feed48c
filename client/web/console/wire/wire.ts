import type { ChatSocket, SocketFactory } from '@parley/client';
import { FRAME_MAX_BYTES } from '../../../../shared/protocol/limits.ts';
import type { Direction } from './frame-log.ts';

/** What happened to a frame written by hand. */
export type RawOutcome = 'sent' | 'not-open' | 'too-large';

/** Sits between the SDK and its sockets. It hears every frame, and sends frames of its own on the SDK's socket. */
export class Wire {
  readonly #open: SocketFactory;
  readonly #heard: (direction: Direction, text: string) => void;
  /** In the order in which they opened. During a handover there are two. */
  readonly #sockets = new Set<ChatSocket>();

  /** `heard` is called with every frame, in the order of the wire, before the SDK sees it. */
  constructor(open: SocketFactory, heard: (direction: Direction, text: string) => void) {
    this.#open = open;
    this.#heard = heard;
  }

  /** For `createClient`. */
  readonly openSocket: SocketFactory = async (url, protocols) => this.#tap(await this.#open(url, protocols));

  /**
   * Sends a frame as it is, well-formed or not: the server's answer to a bad frame is worth seeing too. Only a frame
   * over 32 KiB is not sent, because the gateway would close the socket without a word (ENV-1).
   */
  send(text: string): RawOutcome {
    if (new TextEncoder().encode(text).length > FRAME_MAX_BYTES) return 'too-large';
    const socket = [...this.#sockets].at(-1);
    if (!socket) return 'not-open';
    this.#heard('out', text);
    socket.send(text);
    return 'sent';
  }

  #tap(inner: ChatSocket): ChatSocket {
    const outer: ChatSocket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (text) => {
        this.#heard('out', text);
        inner.send(text);
      },
      close: (code, reason) => {
        this.#sockets.delete(inner);
        inner.close(code, reason);
      },
    };
    inner.onopen = (event: never) => {
      this.#sockets.add(inner);
      outer.onopen?.(event);
    };
    inner.onmessage = (event: { data: unknown }) => {
      this.#heard('in', String(event.data));
      outer.onmessage?.(event as never);
    };
    inner.onclose = (event: never) => {
      this.#sockets.delete(inner);
      outer.onclose?.(event);
    };
    inner.onerror = (event: never) => outer.onerror?.(event);
    return outer;
  }
}
