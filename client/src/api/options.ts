import type { TokenReason } from '../connection/states.ts';
import type { CopyStorage } from '../copies/storage.ts';
import type { OutboxStorage } from '../outbox/storage.ts';
import type { Clock, Lifecycle, Locks, SocketFactory } from '../platform/edges.ts';

/** What `createClient` takes. Only `url` and `token` must be given. */
export interface ClientOptions {
  /** The WebSocket API's address (`wss://…`), without a token. */
  readonly url: string;
  /**
   * Gives a valid JWT. It is called before every connection and before the token in use expires. What it throws counts
   * as a failed attempt: the client tries again later, and the event `error` tells. After `refused`, the token given before was not accepted, so a
   * cached one will not do.
   *
   * @example
   * ```ts
   * createClient({
   *   url: 'wss://chat.example.com',
   *   token: async ({ reason }) => (await fetch(`/chat-token?fresh=${reason === 'refused'}`)).text(),
   * });
   * ```
   */
  token(context: { reason: TokenReason }): string | Promise<string>;
  /**
   * The token's `sub`. Give it if a token may be out of reach while offline, so that what is stored is shown, and what
   * is written is stored.
   * Default: it is read from the first token.
   */
  readonly userId?: string;
  /**
   * How the token travels (CONN-1): as a WebSocket subprotocol, or in the URL where the deployment allows that.
   * Default: `subprotocol`.
   */
  readonly tokenIn?: 'subprotocol' | 'query';
  /** Where unsent messages survive a reload. Default: IndexedDB in browsers, memory elsewhere. */
  readonly outbox?: OutboxStorage;
  /**
   * Where copies of conversations survive a reload, so that what was seen is there without a network. Default: IndexedDB
   * in browsers; elsewhere nothing is stored. Give `memoryCopies()`, and a browser stores nothing either.
   */
  readonly copies?: CopyStorage;
  /** Time between pings while the page is visible, and in Node, in milliseconds. Default: 60,000. */
  readonly heartbeatMs?: number;
  /**
   * Time between pings while the page is hidden, in milliseconds; below the 10 minutes after which idle sockets end.
   * Default: 240,000.
   */
  readonly hiddenHeartbeatMs?: number;
  /** After so many milliseconds without a reply, the outcome is unknown (ENV-4). Default: 10,000. */
  readonly replyTimeoutMs?: number;
  /**
   * An attempt to connect is given up after so many milliseconds: token, socket and hello together. `connect()` waits
   * as long, unless it is given a signal. Default: 15,000.
   */
  readonly connectTimeoutMs?: number;
  /**
   * Commands reject after so many milliseconds without a connection. Sends do not: they wait in the outbox. Default:
   * 30,000.
   */
  readonly commandTimeoutMs?: number;
  /**
   * Age in milliseconds at which a second socket takes over, before the server ends the first at 2 hours. Default:
   * 6,600,000 (110 minutes), up to 5 % sooner.
   */
  readonly handoverAfterMs?: number;
  /** A copy further behind than so many entries starts again from the newest page (`reset`). Default: 1,000. */
  readonly maxCatchUp?: number;
  /**
   * Messages kept in each conversation. Beyond it the oldest are let go, and can be loaded again. Default: 20,000.
   */
  readonly maxMessages?: number;
  /** Whether messages in direct conversations and groups are marked as delivered by themselves. Default: true. */
  readonly autoDelivered?: boolean;
  /**
   * Opens a socket. Default: the platform's `WebSocket`; in Node 20 and 21, which have none, one of the package's own.
   */
  readonly openSocket?: SocketFactory;
  /** Tells the time and sets timers. Default: the platform's. Tests replace it. */
  readonly clock?: Clock;
  /** Gives numbers from 0 up to 1, for jitter. Default: `Math.random`. Tests replace it. */
  readonly random?: () => number;
  /**
   * Gives ids that nobody else will ever choose: 1 to 64 letters, digits and `_ . : -`. Default: 128 random bits as
   * hex.
   */
  readonly newId?: () => string;
  /** Tells whether there is a network, and whether someone is looking. Default: the browser's events. */
  readonly lifecycle?: Lifecycle;
  /**
   * Tells this tab from others of the same user that share its outbox. Default: the browser's `navigator.locks`;
   * without it, a tab takes over what others wrote when it starts, and at no other time.
   */
  readonly locks?: Locks;
}
