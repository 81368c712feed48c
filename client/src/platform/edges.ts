/** Undoes what returned it. Calling it twice is harmless. */
export type Off = () => void;

/** Time, so that tests can move it by hand: the option `clock`. */
export interface Clock {
  /**
   * The time in milliseconds since the epoch.
   *
   * @example
   * ```ts
   * const clock: Clock = { now: () => 0, setTimeout: () => () => {} };
   * clock.now(); // 0
   * ```
   */
  now(): number;
  /**
   * Runs once after so many milliseconds; gives the undo.
   *
   * @example
   * ```ts
   * const undo = clock.setTimeout(() => console.log('a second later'), 1_000);
   * undo();
   * ```
   */
  setTimeout(run: () => void, ms: number): () => void;
}

/** A handler as sockets keep it: those of the browser's `WebSocket` fit, and those of `ws`. */
export type SocketHandler = ((event: never) => void) | null;

/**
 * What the client needs of a WebSocket; the platform's has it. The client assigns its handlers in the turn in which the
 * factory's promise resolves. To see or to change the frames, wrap a socket: hand on `send`, and the handlers' events.
 */
export interface ChatSocket {
  /** Called when the socket is open. */
  onopen: SocketHandler;
  /** Called with every message, `{ data: string }`. */
  onmessage: SocketHandler;
  /** Called once, when the socket is closed, whoever closed it. */
  onclose: SocketHandler;
  /** Called before `onclose` when the socket failed. */
  onerror: SocketHandler;
  /**
   * Sends a text frame of at most 32 KiB.
   *
   * @example
   * ```ts
   * socket.send(JSON.stringify({ action: 'ping', requestId: '1' }));
   * ```
   */
  send(text: string): void;
  /**
   * Closes the socket; `code` is 1000.
   *
   * @example
   * ```ts
   * socket.close(1000);
   * ```
   */
  close(code?: number, reason?: string): void;
}

/**
 * Opens a socket to `url` with these subprotocols: the option `openSocket`. What it throws counts as a failed attempt.
 */
export type SocketFactory = (url: string, protocols: string[]) => ChatSocket | Promise<ChatSocket>;

/** What happened around the client: the network came or went, the page became visible or hidden. */
export type LifecycleEvent = 'online' | 'offline' | 'visible' | 'hidden';

/** What the surroundings tell, such as an app's foreground and background: the option `lifecycle`. */
export interface Lifecycle {
  /** Whether there is a network, as far as known. */
  readonly online: boolean;
  /** Whether someone is looking. */
  readonly visible: boolean;
  /**
   * Calls `listener` with every change; gives the undo.
   *
   * @example
   * ```ts
   * const off = lifecycle.on((event) => console.log(event));
   * off();
   * ```
   */
  on(listener: (event: LifecycleEvent) => void): () => void;
}

/**
 * What the client needs of the Web Locks API, which all tabs of an origin share: the option `locks`. The browser's
 * `navigator.locks` fits.
 */
export interface Locks {
  /**
   * Asks for the lock of this name and calls `task` when it is granted; the lock is held until what `task` gives is
   * settled. `ifAvailable`: `task` gets null at once if it is held. `steal`: it is taken from whoever holds it, whose
   * request then rejects.
   *
   * @example
   * ```ts
   * await navigator.locks.request('parley:tab', { ifAvailable: true }, (lock) => console.log(lock !== null));
   * ```
   */
  request(
    name: string,
    options: { ifAvailable?: boolean; steal?: boolean },
    task: (lock: { readonly name: string } | null) => Promise<void> | undefined,
  ): Promise<unknown>;
}
