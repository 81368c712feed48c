/**
 * Time as the modules see it; tests move it by hand.
 * @typedef {{ now: () => number, setTimeout: (callback: () => void, ms: number) => any, clearTimeout: (timer: any) => void }} Clock
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};
