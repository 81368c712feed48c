import type { Commands } from '../connection/commands.ts';
import { asChatError } from '../errors.ts';
import type { Clock } from '../platform/edges.ts';
import { Waiters } from '../platform/waiters.ts';
import type { Marked } from '../protocol.ts';

/** What a `Marker` works with, and whom it tells. */
export interface MarkerOptions {
  readonly conversationId: string;
  readonly commands: Commands;
  readonly clock: Clock;
  onMarked(marked: Marked): void;
}

/** Marks within this time go out as one (READ-1: clients coalesce). */
const COALESCE_MS = 500;

/** Sends one's own marks: the furthest wanted, one command at a time. What fails is wanted again with the next. */
export class Marker {
  readonly #options: MarkerOptions;
  #read = 0;
  #delivered = 0;
  #sentRead = 0;
  #sentDelivered = 0;
  #stopTimer: (() => void) | undefined;
  #stopAsking: (() => void) | undefined;
  #sending = false;
  readonly #waiters = new Waiters<void>();

  constructor(options: MarkerOptions) {
    this.#options = options;
  }

  /** Resolves when the server has it; at once if it had it already. */
  want(wanted: { readSeq?: number; deliveredSeq?: number }): Promise<void> {
    this.#read = Math.max(this.#read, wanted.readSeq ?? 0);
    this.#delivered = Math.max(this.#delivered, wanted.deliveredSeq ?? 0, this.#read);
    if (!this.#due) return Promise.resolve();
    const marked = this.#waiters.wait();
    this.#schedule();
    return marked;
  }

  /** The server knows of these already: a join said so, or another device. */
  known(mark: { readSeq: number; deliveredSeq: number }): void {
    this.#sentRead = Math.max(this.#sentRead, mark.readSeq);
    this.#sentDelivered = Math.max(this.#sentDelivered, mark.deliveredSeq);
  }

  /**
   * Asks for what is unread, once for all who ask within half a second: a mark that moves nothing is answered with the
   * state as it is (READ-1).
   */
  ask(): void {
    this.#stopAsking ??= this.#options.clock.setTimeout(() => void this.#ask(), COALESCE_MS);
  }

  /** Forgets what the restored log does not know (LOG-6). */
  reset(): void {
    this.#read = this.#delivered = this.#sentRead = this.#sentDelivered = 0;
  }

  get #due(): boolean {
    return this.#read > this.#sentRead || this.#delivered > this.#sentDelivered;
  }

  async #ask(): Promise<void> {
    const { commands, conversationId, onMarked } = this.#options;
    this.#stopAsking = undefined;
    try {
      onMarked(await commands.call('mark', { conversationId, readSeq: 0 }));
    } catch {
      // It stays an upper bound until the next mark or join.
    }
  }

  #schedule(): void {
    if (this.#sending) return;
    this.#stopTimer ??= this.#options.clock.setTimeout(() => void this.#send(), COALESCE_MS);
  }

  async #send(): Promise<void> {
    const { commands, conversationId, onMarked } = this.#options;
    const waiters = this.#waiters.take();
    const readSeq = this.#read;
    const deliveredSeq = this.#delivered;
    this.#stopTimer = undefined;
    this.#sending = true;
    try {
      const fields = readSeq > this.#sentRead ? { readSeq, deliveredSeq } : { deliveredSeq };
      const marked = await commands.call('mark', { conversationId, ...fields });
      this.known({ readSeq, deliveredSeq });
      onMarked(marked);
      waiters.resolve();
    } catch (error) {
      waiters.reject(asChatError(error));
    } finally {
      this.#sending = false;
      if (this.#waiters.size > 0) this.#schedule();
    }
  }
}
