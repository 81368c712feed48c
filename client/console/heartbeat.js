import { systemClock } from './clock.js';

/** CONN-4: well before the gateway's 10 idle minutes, and often enough to notice a dead network. */
export const HEARTBEAT_MS = 120_000;
const REFRESH_BEFORE_MS = 180_000;

/**
 * The hello after opening, then a ping every two minutes; a token that soon ends is replaced.
 *
 * @param {object} options
 * @param {() => Promise<any>} options.ping rejects when no pong came
 * @param {() => Promise<void>} options.refresh
 * @param {(reason: string) => void} options.dead two pings in a row got no answer
 * @param {() => number | undefined} options.expiresAt of the token, in ms
 * @param {import('./clock.js').Clock} [options.clock]
 */
export function createHeartbeat({ ping, refresh, dead, expiresAt, clock = systemClock }) {
  let timer;
  let generation = 0;

  async function beat(mine, missed) {
    const answered = await ping().then(
      () => true,
      (error) => error.code !== 'timeout',
    );
    if (mine !== generation) return;
    if (!answered && missed > 0) return dead('the server does not answer');
    if (!answered) return beat(mine, missed + 1);
    const end = expiresAt();
    if (end !== undefined && end - clock.now() < REFRESH_BEFORE_MS) refresh().catch(() => {});
    timer = clock.setTimeout(() => void beat(mine, 0), HEARTBEAT_MS);
  }

  return {
    start() {
      generation += 1;
      void beat(generation, 0);
    },
    stop() {
      generation += 1;
      clock.clearTimeout(timer);
    },
  };
}
