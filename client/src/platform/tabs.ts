import type { Clock, Lifecycle, Locks } from './edges.ts';
import { randomId } from './system.ts';

/** Nothing waits for a lock longer than this. */
const WAIT_MAX_MS = 1_000;
/** A tab that has kept a message unsent for so long may hang, or be frozen with the lock in its hands. */
const STEAL_AFTER_MS = 120_000;

/** What `Tabs` works with, and whom it tells. */
export interface TabsOptions {
  /** Undefined: every tab acts as if it were alone. */
  readonly locks: Locks | undefined;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** The client is closed, until it connects again. */
  closed(): boolean;
  /** What this tab wrote, itself or another, is not in the hands of this one alone any more. */
  onLost(tab: string): void;
  /** Someone looks at this tab again. */
  onVisible(): void;
}

/**
 * Which tab takes care of what a tab wrote. A tab that someone looks at holds its own lock, and those of tabs that were
 * closed or put aside, whose messages it sends. One that nobody looks at holds none, as it may be frozen for days. That
 * a message is sent once hangs on no lock: storage and the server see to it (`SendPosition`), whoever holds what.
 */
export class Tabs {
  /** This tab, until it is closed or reloaded. */
  readonly id = randomId();
  readonly #options: TabsOptions;
  readonly #held = new Map<string, () => void>();
  readonly #asking = new Map<string, Promise<boolean>>();
  /** When a message was first seen in another tab's hands. */
  readonly #unsentSince = new Map<string, number>();
  #off: (() => void) | undefined;
  /** The last request was not answered in time: until one is, nobody waits. */
  #late = false;

  constructor(options: TabsOptions) {
    this.#options = options;
  }

  /** There are locks to tell other tabs by. */
  get shared(): boolean {
    return this.#options.locks !== undefined;
  }

  /** Takes this tab's own lock, from whoever has it. */
  async open(): Promise<void> {
    const { closed, lifecycle, onVisible } = this.#options;
    if (!this.shared || closed()) return;
    this.#off ??= lifecycle.on((event) => {
      if (event === 'hidden') this.#release();
      if (event === 'visible') onVisible();
    });
    if (lifecycle.visible) await this.take(this.id);
  }

  /** Leaves everything to other tabs. */
  close(): void {
    this.#off?.();
    this.#off = undefined;
    this.#release();
  }

  /** While this stays true, no other tab touches what this tab wrote. */
  holds(tab: string): boolean {
    return !this.shared || this.#held.has(tab);
  }

  /**
   * Whether this message, which a tab wrote, is in no other tab's hands; with someone looking, none gets it from here
   * on. Never rejects. Where locks fail or do not answer within a second it is yes: as if there were none.
   */
  async take(tab: string, clientMessageId = ''): Promise<boolean> {
    if (this.holds(tab) || (await this.#askOnce(tab))) return true;
    const now = this.#options.clock.now();
    const since = this.#unsentSince.get(clientMessageId) ?? now;
    this.#unsentSince.set(clientMessageId, since);
    return now - since >= STEAL_AFTER_MS && this.#ask(tab, true);
  }

  /** Asked twice at a time, this tab would be in its own way. */
  #askOnce(tab: string): Promise<boolean> {
    const asking = this.#asking.get(tab) ?? this.#ask(tab, tab === this.id).finally(() => this.#asking.delete(tab));
    this.#asking.set(tab, asking);
    return asking;
  }

  #ask(tab: string, steal: boolean): Promise<boolean> {
    const { clock, closed, lifecycle, locks } = this.#options;
    return new Promise((resolve) => {
      const late = () => {
        this.#late = true;
        resolve(true);
      };
      const stop = clock.setTimeout(late, this.#late ? 0 : WAIT_MAX_MS);
      let release: (() => void) | undefined;
      const answered = (lock: unknown) => {
        stop();
        this.#late = false;
        resolve(lock !== null);
        if (lock === null || !lifecycle.visible || closed()) return undefined;
        return new Promise<void>((end) => {
          release = end;
          this.#held.set(tab, end);
        });
      };
      const how = steal ? { steal } : { ifAvailable: true };
      const asked = new Promise((done) => done(locks?.request(`parley:${tab}`, how, answered)));
      void asked
        .catch(() => {})
        .then(() => {
          stop();
          resolve(true);
          if (release && this.#held.get(tab) === release) this.#drop(tab);
        });
    });
  }

  #release(): void {
    for (const [tab, release] of [...this.#held]) {
      this.#drop(tab);
      release();
    }
  }

  #drop(tab: string): void {
    this.#held.delete(tab);
    this.#options.onLost(tab);
  }
}
