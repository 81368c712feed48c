import { systemClock } from './clock.js';
import { createEmitter } from './emitter.js';

/**
 * One socket at a time, opened again after every loss (CONN-6).
 *
 *   idle ──connect──► connecting ──open──► open
 *                        ▲  └──────┬────────┘
 *                        │         │ lost, refused, no token
 *                      timer   reconnecting
 *   any ──disconnect, or `closing` with reconnect: false──► closed
 *
 * @typedef {'idle' | 'connecting' | 'open' | 'reconnecting' | 'closed'} State
 * @typedef {{ previous: State, current: State, reason: string, retryAt?: number }} Change
 * @typedef {object} Options
 * @property {string} url the API's address, without a token
 * @property {(fresh: boolean) => Promise<string>} getToken `fresh` after a refusal: do not give the same one again
 * @property {(url: string) => any} [openSocket]
 * @property {import('./clock.js').Clock} [clock]
 * @property {() => number} [random] 0 up to 1
 */

/** ENV-1: API Gateway closes the socket on anything larger, so it is measured before sending. */
export const MAX_FRAME_BYTES = 32 * 1024;
const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 30_000;
const CLOSED_BY_USER = 1000;

/**
 * CONN-6: full jitter between 1 s and a ceiling that doubles with every failure in a row, 30 s at most.
 * @param {number} failures in a row, from 1
 * @param {() => number} random
 */
export function reconnectDelayMs(failures, random) {
  const ceiling = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** failures);
  return Math.round(MIN_WAIT_MS + random() * (ceiling - MIN_WAIT_MS));
}

/**
 * @param {string} url
 * @param {string} token
 */
export function withToken(url, token) {
  return `${url}${url.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
}

/** @param {Options} options */
export function createConnection(options) {
  const {
    url,
    getToken,
    openSocket = (address) => new WebSocket(address),
    clock = systemClock,
    random = Math.random,
  } = options;
  /** @type {ReturnType<typeof createEmitter<Change>>} */
  const changes = createEmitter();
  /** @type {ReturnType<typeof createEmitter<string>>} */
  const frames = createEmitter();
  /** @type {State} */
  let state = 'idle';
  let socket;
  let timer;
  let failures = 0;
  let freshToken = false;
  /** @type {{ reason: string, reconnect: boolean, retryAfterMs?: number } | undefined} */
  let closing;
  // A late answer (token, socket event) of an attempt that was given up must not touch the next one.
  let attempt = 0;

  function become(current, reason, retryAt) {
    const previous = state;
    state = current;
    changes.emit({ previous, current, reason, ...(retryAt === undefined ? {} : { retryAt }) });
  }

  async function open(reason) {
    clock.clearTimeout(timer);
    attempt += 1;
    const mine = attempt;
    closing = undefined;
    become('connecting', reason);
    let token;
    try {
      token = await getToken(freshToken);
    } catch (error) {
      if (mine === attempt) lost(`no token: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (mine !== attempt) return;
    try {
      socket = openSocket(withToken(url, token));
    } catch {
      end('not a WebSocket address');
      return;
    }
    let opened = false;
    socket.onopen = () => {
      if (mine !== attempt) return;
      opened = true;
      freshToken = false;
      become('open', 'connected');
    };
    socket.onmessage = (event) => {
      if (mine === attempt && typeof event.data === 'string') frames.emit(event.data);
    };
    socket.onclose = (event) => {
      if (mine !== attempt) return;
      // Browsers do not tell a refused handshake from an unreachable server; both deserve a new token (CONN-6).
      if (!opened) freshToken = true;
      lost(opened ? `the connection was closed (${event?.code ?? 1006})` : 'refused, or the server cannot be reached');
    };
  }

  function release() {
    attempt += 1;
    clock.clearTimeout(timer);
    const old = socket;
    socket = undefined;
    if (old && old.readyState <= 1) old.close(CLOSED_BY_USER);
  }

  function end(reason) {
    release();
    become('closed', reason);
  }

  function lost(reason) {
    const announced = closing;
    release();
    if (announced && !announced.reconnect) return become('closed', announced.reason);
    failures += 1;
    const wait = Math.max(reconnectDelayMs(failures, random), announced?.retryAfterMs ?? 0);
    timer = clock.setTimeout(() => open('trying again'), wait);
    become('reconnecting', announced?.reason ?? reason, clock.now() + wait);
  }

  return {
    onChange: changes.on,
    onFrame: frames.on,
    get state() {
      return state;
    },
    connect() {
      if (state === 'idle' || state === 'closed' || state === 'reconnecting') void open('connecting');
    },
    /** @param {string} [reason] */
    disconnect(reason = 'disconnected') {
      if (state !== 'closed') end(reason);
    },
    /** Gives up a socket that no longer answers; the browser itself may take minutes to notice. */
    drop(/** @type {string} */ reason) {
      if (state === 'open') lost(reason);
    },
    /** The server answered: the next loss starts from a short wait again. */
    healthy() {
      failures = 0;
    },
    /** The token was refused on an open socket: bring another one next time. */
    tokenRefused() {
      freshToken = true;
    },
    /**
     * CONN-6: kept until the socket closes.
     * @param {{ reason?: string, reconnect?: boolean, retryAfterMs?: number }} announcement
     */
    closing({ reason = 'closed by the server', reconnect = true, retryAfterMs }) {
      closing = { reason, reconnect, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    },
    /**
     * @param {string} text
     * @returns {'sent' | 'not-open' | 'too-large'}
     */
    send(text) {
      if (new TextEncoder().encode(text).length > MAX_FRAME_BYTES) return 'too-large';
      if (state !== 'open' || socket?.readyState !== 1) return 'not-open';
      socket.send(text);
      return 'sent';
    },
  };
}
