import type { OutboxItem, OutboxStorage } from '../../client/src/outbox/storage.ts';
import type { ChatSocket, Clock, Locks, SocketFactory } from '../../client/src/platform/edges.ts';
import { FakeLifecycle } from './fake-lifecycle.ts';

type Task = Parameters<Locks['request']>[2];

interface Holder {
  readonly tab: FakeTab;
  /** The lock was taken away: the request of this holder rejects. */
  lose(): void;
}

export interface FakeBrowserOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** The longest time that storage and locks take to answer. */
  readonly delayMs?: number;
  /** `broken`: every request is granted, and nothing is held. `silent`: none is answered. */
  readonly locks?: 'sound' | 'broken' | 'silent';
}

/** What the tabs of one browser share: the rows of one store, which answers late but in order, and locks. */
export class FakeBrowser {
  readonly rows = new Map<string, OutboxItem>();
  /** Every row that was ever there, by its text. */
  readonly everStored = new Set<string>();
  readonly holders = new Map<string, Holder>();
  readonly options: Required<FakeBrowserOptions>;

  constructor(options: FakeBrowserOptions) {
    this.options = { delayMs: 20, locks: 'sound', ...options };
  }

  delay(): number {
    return Math.floor(this.options.random() * this.options.delayMs);
  }

  release(name: string, tab: FakeTab): void {
    if (this.holders.get(name)?.tab === tab) this.holders.delete(name);
  }
}

/**
 * One tab, with the edges that a client takes. Whatever comes to it from outside comes through `run`, so it can be ended
 * or frozen between any two things that happen to it.
 */
export class FakeTab {
  readonly lifecycle = new FakeLifecycle();
  readonly #browser: FakeBrowser;
  readonly #sockets = new Set<ChatSocket & { cut(told?: boolean): void }>();
  #state: 'awake' | 'frozen' | 'dead' = 'awake';
  #waiting: (() => void)[] = [];
  #lastOpAt = 0;
  /** Called before each thing that happens to this tab. */
  onStep: () => void = () => {};

  constructor(browser: FakeBrowser) {
    this.#browser = browser;
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  get frozen(): boolean {
    return this.#state === 'frozen';
  }

  run(what: () => void): void {
    if (this.#state === 'awake') this.onStep();
    if (this.#state === 'awake') what();
    else if (this.#state === 'frozen') this.#waiting.push(what);
  }

  /** Ends it as a crash does: nothing more happens, its locks are free, and its sockets close. */
  kill(): void {
    this.#state = 'dead';
    this.#waiting = [];
    for (const [name, { tab }] of [...this.#browser.holders]) if (tab === this) this.#browser.release(name, this);
    for (const socket of this.#sockets) socket.cut(false);
  }

  /** Nobody looks at it any more; then nothing runs in it. Its locks and sockets stay as they are. */
  freeze(): void {
    if (this.#state !== 'awake') return;
    this.lifecycle.emit('hidden');
    // Pages are told, and have a moment for what they then do.
    this.#state = 'frozen';
  }

  /** What waited happens now; then somebody looks at it. Or the other way round. */
  thaw(lookFirst = false): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'awake';
    if (lookFirst) this.lifecycle.emit('visible');
    for (const what of this.#waiting.splice(0)) this.run(what);
    if (!lookFirst && this.#state === 'awake') this.lifecycle.emit('visible');
  }

  readonly clock: Clock = {
    now: () => this.#browser.options.clock.now(),
    setTimeout: (what, ms) => {
      let undone = false;
      const undo = this.#browser.options.clock.setTimeout(() => this.run(() => undone || what()), ms);
      return () => {
        undone = true;
        undo();
      };
    },
  };

  /** A tab's sockets on this server. */
  sockets(open: SocketFactory): SocketFactory {
    return async (url, protocols) => {
      const inner = (await open(url, protocols)) as ChatSocket & { cut(told?: boolean): void };
      const outer: ChatSocket = {
        onopen: null,
        onmessage: null,
        onclose: null,
        onerror: null,
        send: (text) => inner.send(text),
        close: (code) => inner.close(code),
      };
      inner.onopen = (event) => this.run(() => outer.onopen?.(event));
      inner.onmessage = (event) => this.run(() => outer.onmessage?.(event));
      inner.onclose = (event) => this.run(() => outer.onclose?.(event));
      if (this.dead) inner.cut(false);
      this.#sockets.add(inner);
      return outer;
    };
  }

  /** The browser's store, as this tab uses it: what it wrote before its end may have come through, or not. */
  readonly storage: OutboxStorage = {
    load: (userId) =>
      this.#operate(() => [...this.#browser.rows.values()].filter((row) => row.userId === userId).map(clone)),
    put: (item) =>
      this.#operate(() => {
        this.#browser.rows.set(item.clientMessageId, clone(item));
        this.#browser.everStored.add(item.fields.content ?? '');
      }),
    remove: (clientMessageId) => this.#operate(() => void this.#browser.rows.delete(clientMessageId)),
  };

  #operate<T>(what: () => T): Promise<T> {
    const { clock, random } = this.#browser.options;
    this.#lastOpAt = Math.max(this.#lastOpAt, clock.now() + this.#browser.delay());
    return new Promise((resolve) => {
      clock.setTimeout(() => {
        if (this.dead && random() < 0.5) return;
        const result = what();
        clock.setTimeout(() => this.run(() => resolve(result)), this.#browser.delay());
      }, this.#lastOpAt - clock.now());
    });
  }

  readonly locks: Locks = {
    request: (name, options, task) =>
      new Promise<void>((resolve, reject) => {
        const { clock } = this.#browser.options;
        clock.setTimeout(
          () => this.#answer(name, options.steal === true, task, resolve, reject),
          this.#browser.delay(),
        );
      }),
  };

  #answer(name: string, steal: boolean, task: Task, resolve: () => void, reject: (error: Error) => void): void {
    const { holders, options } = this.#browser;
    if (this.dead || options.locks === 'silent') return;
    if (options.locks === 'broken') {
      this.run(() => void task({ name }));
      return;
    }
    const holder = holders.get(name);
    if (holder && !steal) {
      this.run(() => void Promise.resolve(task(null)).then(resolve));
      return;
    }
    holder?.lose();
    const mine: Holder = {
      tab: this,
      lose: () => this.run(() => reject(Object.assign(new Error('stolen'), { name: 'AbortError' }))),
    };
    holders.set(name, mine);
    this.run(
      () =>
        void Promise.resolve(task({ name })).then(() => {
          if (holders.get(name) === mine) holders.delete(name);
          resolve();
        }),
    );
  }
}

function clone(item: OutboxItem): OutboxItem {
  return structuredClone(item);
}
