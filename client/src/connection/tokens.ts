import type { Clock } from '../platform/edges.ts';
import type { Pong } from '../protocol.ts';
import { backoffMs } from './backoff.ts';
import type { Link } from './link.ts';

/** A token is replaced so long before it ends, or a third of its life before, if that is less. */
const LEAD_MAX_MS = 120_000;
/** No refresh follows another sooner, whatever the tokens say. */
const PAUSE_MIN_MS = 5_000;

/**
 * Keeps the link's token fresh (CONN-3). Expiry is reckoned in the server's time, so a wrong local clock does no harm.
 */
export class TokenKeeper {
  readonly #token: () => Promise<string>;
  readonly #clock: Clock;
  readonly #random: () => number;
  #serverAheadMs = 0;
  #failures = 0;
  #refreshing: Promise<void> | undefined;
  #link: Link | undefined;
  #stopTimer = () => {};

  constructor(token: () => Promise<string>, clock: Clock, random: () => number) {
    this.#token = token;
    this.#clock = clock;
    this.#random = random;
  }

  /** Takes charge of a new link, from what its hello said. */
  watch(link: Link, pong: Pong): void {
    this.#link = link;
    this.#serverAheadMs = Date.parse(pong.at) - this.#clock.now();
    this.#schedule(link, pong.expiresAt);
  }

  /** The link is gone. */
  stop(): void {
    this.#link = undefined;
    this.#stopTimer();
  }

  /** Gives the link a new token, once for all who ask meanwhile. Rejects if there is none or it is refused. */
  refresh(link: Link): Promise<void> {
    this.#refreshing ??= this.#refresh(link).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(link: Link): Promise<void> {
    this.#stopTimer();
    try {
      const { data } = await link.request('refresh-token', { token: await this.#token() });
      this.#failures = 0;
      this.#schedule(link, data.expiresAt);
    } catch (error) {
      this.#failures += 1;
      this.#later(link, backoffMs(this.#failures, this.#random));
      throw error;
    }
  }

  #schedule(link: Link, expiresAt: string): void {
    const left = Date.parse(expiresAt) - (this.#clock.now() + this.#serverAheadMs);
    this.#later(link, Math.max(PAUSE_MIN_MS, left - Math.min(LEAD_MAX_MS, left / 3)));
  }

  #later(link: Link, ms: number): void {
    this.#stopTimer();
    if (link !== this.#link || link.down) return;
    this.#stopTimer = this.#clock.setTimeout(() => {
      // A failure has scheduled the next try; past its time the server closes the socket (CONN-5).
      this.refresh(link).catch(() => {});
    }, ms);
  }
}

/** The `sub` of a JWT, unverified: it only says whose outbox this is. Undefined if it cannot be read. */
export function subjectOf(token: string): string | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { sub } = JSON.parse(atob(payload)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}
