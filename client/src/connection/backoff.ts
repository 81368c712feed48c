/** CONN-6: no reconnect sooner, */
const WAIT_MIN_MS = 1_000;
/** and none later than this. */
const WAIT_MAX_MS = 30_000;

/**
 * CONN-6, full jitter: anything between 1 s and a ceiling that doubles with every failure in a row, 30 s at most.
 * `failures` counts from 1; `random` gives 0 up to 1. Milliseconds.
 */
export function backoffMs(failures: number, random: () => number): number {
  const ceiling = Math.min(WAIT_MAX_MS, WAIT_MIN_MS * 2 ** Math.min(failures, 10));
  return Math.round(WAIT_MIN_MS + random() * (ceiling - WAIT_MIN_MS));
}
