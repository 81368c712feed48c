import { asChatError, type ChatError, ownError } from '../errors.ts';
import { type CallSignal, throwIfAborted } from '../platform/abort.ts';
import type { Clock } from '../platform/edges.ts';
import type { CommandFields, ReplyData, ReplyingAction } from '../protocol.ts';
import { backoffMs } from './backoff.ts';
import type { Connection } from './connection.ts';
import type { Link, Reply } from './link.ts';
import type { TokenKeeper } from './tokens.ts';

/** What `Commands` works with. */
export interface CommandsOptions {
  readonly connection: Connection;
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
  readonly random: () => number;
  readonly commandTimeoutMs: number;
}

/** On one link, so often in all. */
const TRIES_MAX = 5;

/** Sends commands again as their errors allow; every command may be (RETRY-1). */
export class Commands {
  readonly #options: CommandsOptions;
  readonly #pauses = new Set<() => void>();

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** Waits so long on the client's clock, or until the client is closed. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        stop();
        this.#pauses.delete(end);
        resolve();
      };
      const stop = this.#options.clock.setTimeout(end, ms);
      this.#pauses.add(end);
    });
  }

  /** The client is closed: nobody waits any longer, and no timer keeps a process alive. */
  close(): void {
    for (const end of [...this.#pauses]) end();
  }

  /** How long to wait before the same command may succeed: as the server says, or by backoff. */
  delayOf(error: ChatError, tries: number): number {
    const jitter = this.#options.random() * 250;
    return error.retryAfterMs === undefined ? backoffMs(tries, this.#options.random) : error.retryAfterMs + jitter;
  }

  /**
   * A command on this very link; gives its reply's `data`. Waits out `rate-limited` and `internal`, refreshes after
   * `token-expired`, repeats what got no reply, some times. Rejects with `disconnected` when the link is gone.
   */
  async on<A extends ReplyingAction>(link: Link, action: A, fields: CommandFields<A>): Promise<ReplyData<A>> {
    return (await this.#ask(link, action, fields, Number.POSITIVE_INFINITY)).data;
  }

  /**
   * A command on whatever link there is, over reconnects, until the time for commands is up; gives its reply's `data`.
   */
  async call<A extends ReplyingAction>(
    action: A,
    fields: CommandFields<A>,
    signal?: CallSignal,
  ): Promise<ReplyData<A>> {
    return (await this.ask(action, fields, signal)).data;
  }

  /**
   * As `call`, with the event's name: the reply to a command that appends is an entry (LOG-3). After the signal was
   * aborted nothing is sent any more.
   */
  async ask<A extends ReplyingAction>(action: A, fields: CommandFields<A>, signal?: CallSignal): Promise<Reply<A>> {
    const { clock, commandTimeoutMs, connection } = this.#options;
    if (connection.state === 'idle') throw ownError('not-connected');
    const deadline = clock.now() + commandTimeoutMs;
    for (;;) {
      const link = await this.#before(deadline, connection.ready());
      try {
        return await this.#ask(link, action, fields, deadline, signal);
      } catch (thrown) {
        const error = asChatError(thrown);
        const again = error.code === 'disconnected' || error.code === 'timeout';
        if (!again || clock.now() >= deadline) throw error;
      }
    }
  }

  async #ask<A extends ReplyingAction>(
    link: Link,
    action: A,
    fields: CommandFields<A>,
    deadline: number,
    signal?: CallSignal,
  ): Promise<Reply<A>> {
    for (let tries = 1; ; tries += 1) {
      throwIfAborted(signal);
      try {
        return await link.request(action, fields);
      } catch (thrown) {
        const error = asChatError(thrown);
        if (tries >= TRIES_MAX || link.down) throw error;
        if (error.code === 'token-expired') await this.#refresh(link, error);
        else if (error.code !== 'timeout') {
          const ms = this.delayOf(error, tries);
          if (!error.retryable || this.#options.clock.now() + ms > deadline) throw error;
          await this.pause(ms);
        }
      }
    }
  }

  async #refresh(link: Link, error: ChatError): Promise<void> {
    try {
      await this.#options.tokens.refresh(link);
    } catch {
      throw error;
    }
  }

  #before(deadline: number, ready: Promise<Link>): Promise<Link> {
    return new Promise((resolve, reject) => {
      const left = deadline - this.#options.clock.now();
      const stop = this.#options.clock.setTimeout(() => reject(ownError('disconnected')), left);
      ready.then(resolve, reject).finally(stop);
    });
  }
}
