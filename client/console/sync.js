import { systemClock } from './clock.js';
import { hasGap } from './log.js';

/** LOG-5: a gap often closes by itself; what is missing is asked for after 1.5 s and up to 1 s of jitter. */
const GAP_WAIT_MS = 1_500;
const GAP_JITTER_MS = 1_000;
const PAGE = 100;

/**
 * Fetches what a log lacks: after a gap, after a `pong` that names a higher head, and older pages.
 *
 * @param {object} options
 * @param {(conversationId: string) => import('./log.js').Log | undefined} options.logOf undefined: not joined now
 * @param {(conversationId: string, input: import('./log.js').Input) => void} options.reduce
 * @param {(action: string, fields: any) => Promise<any>} options.request the reply's page is reduced by whoever reads the socket
 * @param {import('./clock.js').Clock} [options.clock]
 * @param {() => number} [options.random]
 */
export function createSync({ logOf, reduce, request, clock = systemClock, random = Math.random }) {
  /** @type {Map<string, any>} */
  const timers = new Map();
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();

  async function fetchPage(conversationId, range) {
    reduce(conversationId, { type: 'fetching' });
    try {
      const { data } = await request('history', { conversationId, limit: PAGE, ...range });
      return data;
    } finally {
      reduce(conversationId, { type: 'fetched' });
    }
  }

  async function forward(conversationId) {
    for (let log = logOf(conversationId); log?.position !== undefined; log = logOf(conversationId)) {
      const before = log.position;
      const page = await fetchPage(conversationId, { after: before });
      const reached = logOf(conversationId)?.position ?? before;
      if (!page.hasMore || reached === before) return;
    }
  }

  return {
    /** After every change of a log: starts its gap timer, or stops it. */
    check(/** @type {string} */ conversationId) {
      const log = logOf(conversationId);
      const gap = log !== undefined && hasGap(log);
      if (!gap) {
        clock.clearTimeout(timers.get(conversationId));
        timers.delete(conversationId);
      } else if (!timers.has(conversationId)) {
        const fire = () => {
          timers.delete(conversationId);
          // Lost again: the next push, join or pong tries again.
          this.catchUp(conversationId).then(
            () => this.check(conversationId),
            () => {},
          );
        };
        timers.set(conversationId, clock.setTimeout(fire, GAP_WAIT_MS + random() * GAP_JITTER_MS));
      }
    },
    /** Everything after the position; one run at a time for each log. */
    catchUp(/** @type {string} */ conversationId) {
      const current = running.get(conversationId);
      if (current) return current;
      const run = forward(conversationId).finally(() => running.delete(conversationId));
      running.set(conversationId, run);
      return run;
    },
    /** The page before what is held. */
    async older(/** @type {string} */ conversationId) {
      const log = logOf(conversationId);
      if (log && log.from > 1) await fetchPage(conversationId, { before: log.from });
    },
    stop() {
      for (const timer of timers.values()) clock.clearTimeout(timer);
      timers.clear();
    },
  };
}
