import { FRAME_MAX_BYTES } from '../../../shared/protocol/limits.ts';
import { ChatError, ownError } from '../errors.ts';
import type { ChatSocket, Clock } from '../platform/edges.ts';
import type { Action, CommandFields, ReplyData, ReplyingAction } from '../protocol.ts';
import { type Frame, framesIn, isEvent, isFailure } from './frames.ts';

/** The reply to a command that succeeded. */
export interface Reply<A extends ReplyingAction> {
  readonly event: string;
  readonly data: ReplyData<A>;
}

/** Why a link is of no use any more. */
export interface Loss {
  readonly reason: 'lost' | 'unresponsive' | 'unauthorized' | 'closing';
  /** CONN-6: false only if the server said so. */
  readonly reconnect: boolean;
  readonly retryAfterMs: number;
}

/** What a `Link` works with, and whom it tells. */
export interface LinkOptions {
  readonly clock: Clock;
  /** ENV-4: no reply for so long, and the outcome is unknown. */
  readonly replyTimeoutMs: number;
  /** A push, one by one; `late` is a reply that came after its time-out. */
  onFrame(frame: Frame, late: boolean): void;
  /** Once, whoever ended it. */
  onLoss(loss: Loss): void;
}

interface Pending {
  readonly action: Action;
  readonly heardBefore: number;
  resolve(frame: Frame): void;
  reject(error: ChatError): void;
  stopTimer(): void;
}

const NORMAL_CLOSURE = 1000;
let lastRequest = 0;

/**
 * One socket and what is pending on it: matches replies to commands (ENV-2, ENV-3), unfolds batches (ENV-6), and
 * notices a half-open socket by what does not come.
 */
export class Link {
  readonly opened: Promise<void>;
  readonly #socket: ChatSocket;
  readonly #options: LinkOptions;
  readonly #pending = new Map<string, Pending>();
  #heard = 0;
  #down = false;

  constructor(socket: ChatSocket, options: LinkOptions) {
    this.#socket = socket;
    this.#options = options;
    this.opened = new Promise((resolve) => {
      socket.onopen = () => resolve();
    });
    socket.onmessage = (event: { data: unknown }) => this.#read(event.data);
    socket.onclose = () => this.drop('lost');
    // Every error is followed by a close.
    socket.onerror = () => {};
  }

  /** Nothing will come through this link any more. */
  get down(): boolean {
    return this.#down;
  }

  /** Commands without a reply yet. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Sends a command; gives its reply. Rejects with the server's error, or with `timeout` or `disconnected`
   * where the outcome is unknown, or with `too-large` before anything is sent (ENV-1). `lateMs`: for so long it has been
   * due already; it waits the less for its reply.
   */
  request<A extends ReplyingAction>(action: A, fields: CommandFields<A>, lateMs = 0): Promise<Reply<A>> {
    return new Promise((answer, reject) => {
      if (this.#down) return reject(ownError('disconnected'));
      lastRequest += 1;
      const requestId = `r${lastRequest}`;
      const text = JSON.stringify({ action, requestId, ...fields });
      if (new TextEncoder().encode(text).byteLength > FRAME_MAX_BYTES) {
        const message = `unable to send the command; a frame has at most ${FRAME_MAX_BYTES} bytes`;
        return reject(new ChatError({ code: 'too-large', message, retryable: false }));
      }
      const ms = this.#options.replyTimeoutMs - lateMs;
      const stopTimer = this.#options.clock.setTimeout(() => this.#timeOut(requestId), ms);
      // The one place where a reply becomes what the protocol says of its action: the request id proves which it is.
      const resolve = ({ event, data }: { event: string; data: unknown }) =>
        answer({ event, data: data as ReplyData<A> });
      this.#pending.set(requestId, { action, heardBefore: this.#heard, resolve, reject, stopTimer });
      this.#socket.send(text);
    });
  }

  /** Sends a command to which a successful outcome has no reply (ENV-4). */
  post(action: 'typing', fields: CommandFields<'typing'>): void {
    if (!this.#down) this.#socket.send(JSON.stringify({ action, ...fields }));
  }

  /** Ends the link; what is pending rejects with `disconnected`. */
  drop(reason: Loss['reason'], reconnect = true, retryAfterMs = 0): void {
    if (this.#down) return;
    this.#down = true;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    try {
      this.#socket.close(NORMAL_CLOSURE);
    } catch {
      // A socket that never opened may refuse; it is let go either way.
    }
    this.#options.onLoss({ reason, reconnect, retryAfterMs });
    for (const [requestId, pending] of [...this.#pending]) {
      this.#pending.delete(requestId);
      pending.stopTimer();
      pending.reject(ownError('disconnected'));
    }
  }

  #timeOut(requestId: string): void {
    const pending = this.#pending.get(requestId);
    if (!pending) return;
    this.#pending.delete(requestId);
    // Silence since the command went out, or no pong: half-open. Other frames came: only this command's fate is
    // unknown, and a ping finds out whether ours still get through.
    if (pending.action === 'ping' || pending.heardBefore === this.#heard) this.drop('unresponsive');
    else this.request('ping', {}).catch(() => {});
    pending.reject(ownError(this.#down ? 'disconnected' : 'timeout'));
  }

  #read(text: unknown): void {
    if (this.#down) return;
    this.#heard += 1;
    for (const frame of framesIn(text)) this.#handle(frame);
  }

  #handle(frame: Frame): void {
    const { requestId } = frame;
    const pending = requestId === undefined ? undefined : this.#pending.get(requestId);
    if (pending) {
      this.#pending.delete(requestId as string);
      pending.stopTimer();
      if (!isFailure(frame)) {
        pending.resolve(frame);
        return;
      }
      const error = new ChatError(frame.data);
      // CONN-5: the server does not know this connection (any more); for the command that is a lost connection.
      const ended = error.code === 'unauthorized' && pending.action !== 'refresh-token';
      if (ended) this.drop('unauthorized');
      pending.reject(ended ? ownError('disconnected') : error);
    } else if (isEvent(frame, 'closing')) {
      const { reconnect, retryAfterMs } = frame.data;
      this.drop('closing', reconnect !== false, typeof retryAfterMs === 'number' ? retryAfterMs : 0);
    } else if (isFailure(frame)) {
      if (requestId === undefined && frame.data.code === 'unauthorized') this.drop('unauthorized');
    } else this.#options.onFrame(frame, requestId !== undefined);
  }
}
