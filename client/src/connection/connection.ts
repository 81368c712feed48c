import { ownError } from '../errors.ts';
import type { Clock, Lifecycle, LifecycleEvent, SocketFactory } from '../platform/edges.ts';
import { Waiters } from '../platform/waiters.ts';
import type { Pong } from '../protocol.ts';
import type { Frame } from './frames.ts';
import { HandoverTimer } from './handover-timer.ts';
import { Link, type Loss } from './link.ts';
import { RetryPlan } from './retry-plan.ts';
import type { ConnectionState, StateChange, StateReason, TokenReason } from './states.ts';

/** What a `Connection` works with, and whom it tells. */
export interface ConnectionOptions {
  readonly url: string;
  readonly tokenIn: 'subprotocol' | 'query';
  readonly openSocket: SocketFactory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly lifecycle: Lifecycle;
  readonly replyTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly handoverAfterMs: number;
  token(reason: TokenReason): Promise<string>;
  onChange(change: StateChange): void;
  /** Whether it is the same user as before; one client never serves two. */
  accepts(pong: Pong): boolean;
  /** A link whose hello was answered. With `handover` the one before still delivers, until `retire()`. */
  onUp(link: Link, pong: Pong, handover: boolean): void;
  onFrame(frame: Frame, late: boolean): void;
  /** Someone looks, or the network changed, while connected: a good moment to prove the link. */
  onWake(): void;
  /** Nobody looks any more, or the page ends. */
  onHidden(): void;
}

interface Attempt {
  link?: Link;
  opened?: boolean;
  stopTimer(): void;
}

/** How often a retiring link is looked at: its last replies may still be on their way. */
const RETIRE_CHECK_MS = 250;

/**
 * The connection's state machine: one link at a time, a new one after every loss (CONN-6), and a second one shortly
 * before the server would end the first (CONN-5). Its transition table is in the README.
 */
export class Connection {
  state: ConnectionState = 'idle';
  readonly #options: ConnectionOptions;
  #link: Link | undefined;
  #retiring: Link | undefined;
  #attempt: Attempt | undefined;
  readonly #retries: RetryPlan;
  readonly #handover: HandoverTimer;
  readonly #waiters = new Waiters<Link>();
  #tokenReason: TokenReason = 'connect';
  #upAt = 0;
  #stopTimer = () => {};
  #stopLifecycle: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#retries = new RetryPlan(options.clock, options.random);
    this.#handover = new HandoverTimer(options.clock, options.random, options.handoverAfterMs, () => {
      if (this.state === 'connected' && !this.#attempt) void this.#open('handover');
    });
  }

  /** The link that commands go out on; undefined unless connected. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** Begins to connect; where it waits for the next attempt, it makes one now. */
  connect(): void {
    if (this.state === 'connecting' || this.state === 'connected') return;
    this.#stopLifecycle ??= this.#options.lifecycle.on((event) => this.#onLifecycle(event));
    if (this.#options.lifecycle.online || this.state === 'offline') this.#start('connect');
    else this.#goOffline();
  }

  /** Ends everything; `connect()` begins again. */
  close(reason: 'close' | 'refused' | 'user-changed' = 'close'): void {
    if (this.state === 'closed') return;
    this.#stopLifecycle?.();
    this.#stopLifecycle = undefined;
    this.#retries.succeeded();
    this.#abandon();
    this.#set('closed', reason);
    this.#waiters.reject(ownError('closed'));
  }

  /** The current link, as soon as there is one. Rejects with `closed`. */
  ready(): Promise<Link> {
    if (this.#link) return Promise.resolve(this.#link);
    if (this.state === 'closed') return Promise.reject(ownError('closed'));
    return this.#waiters.wait();
  }

  /** After a handover: everything is resumed on the new link. The old one ends when its last reply is there. */
  retire(): void {
    const link = this.#retiring;
    if (!link) return;
    if (link.pending === 0) link.drop('lost');
    else this.#options.clock.setTimeout(() => this.#retiring === link && this.retire(), RETIRE_CHECK_MS);
  }

  #start(reason: StateReason): void {
    this.#stopTimer();
    this.#set('connecting', reason);
    void this.#open(this.#tokenReason);
  }

  /** Opens a link and says hello (CONN-4). Whatever happens to an attempt that was replaced is of no interest. */
  async #open(tokenReason: TokenReason): Promise<void> {
    const { clock, connectTimeoutMs, openSocket } = this.#options;
    const attempt: Attempt = {
      stopTimer: clock.setTimeout(() => this.#fail(attempt, 'timeout'), connectTimeoutMs),
    };
    this.#attempt = attempt;
    let cause: StateReason = 'token-failed';
    try {
      const token = await this.#options.token(tokenReason);
      if (this.#attempt !== attempt) return;
      cause = 'handshake-failed';
      const socket = await openSocket(...this.#target(token));
      const link = new Link(socket, {
        clock,
        replyTimeoutMs: this.#options.replyTimeoutMs,
        onFrame: this.#options.onFrame,
        onLoss: (loss) => this.#lost(link, loss),
      });
      if (this.#attempt !== attempt) return link.drop('lost');
      attempt.link = link;
      await link.opened;
      attempt.opened = true;
      cause = 'unauthorized';
      const { data: pong } = await link.request('ping', {});
      if (this.#attempt !== attempt) return;
      if (this.#options.accepts(pong)) this.#up(link, pong, attempt);
      else this.close('user-changed');
    } catch {
      this.#fail(attempt, cause);
    }
  }

  #target(token: string): [url: string, protocols: string[]] {
    if (this.#options.tokenIn === 'subprotocol') return [this.#options.url, ['chat.v1', `bearer.${token}`]];
    const url = new URL(this.#options.url);
    url.searchParams.set('token', token);
    return [url.href, []];
  }

  #up(link: Link, pong: Pong, attempt: Attempt): void {
    const handover = this.#link !== undefined;
    attempt.stopTimer();
    this.#attempt = undefined;
    this.#retiring?.drop('lost');
    this.#retiring = this.#link;
    this.#link = link;
    this.#upAt = this.#options.clock.now();
    this.#tokenReason = 'connect';
    this.#handover.start();
    if (!handover) this.#set('connected', 'opened');
    if (this.#link !== link) return;
    this.#options.onUp(link, pong, handover);
    this.#waiters.resolve(link);
  }

  #fail(attempt: Attempt, reason: StateReason, loss?: Loss): void {
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    attempt.stopTimer();
    attempt.link?.drop('lost');
    if (this.#link) this.#handover.failed();
    else this.#wait(reason, loss);
  }

  #lost(link: Link, loss: Loss): void {
    if (link === this.#retiring) this.#retiring = undefined;
    const attempt = this.#attempt;
    if (attempt?.link === link) this.#fail(attempt, attempt.opened ? loss.reason : 'handshake-failed', loss);
    if (link !== this.#link) return;
    this.#link = undefined;
    this.#handover.stop();
    const livedMs = this.#options.clock.now() - this.#upAt;
    // The second socket of a handover is on its way: it replaces what was just lost.
    if (attempt) this.#set('connecting', loss.reason);
    else this.#wait(loss.reason, loss, livedMs);
  }

  /** CONN-6: full jitter after any close, soon after a link that worked; a new token after a failed handshake; a stop only on `reconnect: false`. */
  #wait(reason: StateReason, loss?: Loss, livedMs?: number): void {
    if (loss?.reconnect === false) {
      this.close('refused');
      return;
    }
    const refused = reason === 'handshake-failed' || reason === 'unauthorized' || reason === 'token-failed';
    this.#tokenReason = refused ? 'refused' : 'connect';
    // A server that closes links may close thousands at once, and a link that it does not know did not work.
    const broke = reason === 'lost' || reason === 'unresponsive';
    const ms =
      broke && livedMs !== undefined
        ? this.#retries.afterLoss(livedMs)
        : this.#retries.afterFailure(loss?.retryAfterMs ?? 0);
    if (this.#options.lifecycle.online) this.#retryIn('waiting', reason, ms);
    else this.#goOffline();
  }

  /** Platforms are wrong about being offline now and then, so this state tries too, as rarely as CONN-6 allows. */
  #goOffline(): void {
    this.#retryIn('offline', 'offline', this.#retries.whileOffline());
  }

  #retryIn(state: 'waiting' | 'offline', reason: StateReason, ms: number): void {
    this.#stopTimer();
    this.#retries.planned(ms);
    this.#stopTimer = this.#options.clock.setTimeout(() => this.#start('retry'), ms);
    this.#set(state, reason, ms);
  }

  #onLifecycle(event: LifecycleEvent): void {
    const { state } = this;
    if (event === 'offline' && (state === 'connecting' || state === 'connected' || state === 'waiting')) {
      this.#abandon();
      this.#goOffline();
      return;
    }
    if (event === 'hidden') this.#options.onHidden();
    if (event !== 'online' && event !== 'visible') return;
    if (state === 'connected') this.#options.onWake();
    if (state === 'offline' ? event !== 'online' : state !== 'waiting') return;
    // Sooner, but never later than planned.
    const ms = this.#retries.sooner();
    if (state === 'offline' || this.#retries.isEarlier(ms)) this.#retryIn('waiting', event, ms);
  }

  /** Lets go of every link and timer, without a change of state. */
  #abandon(): void {
    this.#stopTimer();
    this.#handover.stop();
    this.#attempt?.stopTimer();
    const links = [this.#attempt?.link, this.#retiring, this.#link];
    this.#attempt = this.#retiring = this.#link = undefined;
    for (const link of links) link?.drop('lost');
  }

  #set(current: ConnectionState, reason: StateReason, retryIn?: number): void {
    const previous = this.state;
    this.state = current;
    this.#options.onChange({ previous, current, reason, ...(retryIn !== undefined && { retryIn }) });
  }
}
