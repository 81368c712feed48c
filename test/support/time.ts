import type { Clock, Random } from '../../shared/domain/ports.ts';

/** A clock that is moved by hand. A sleep returns at once, with the clock moved on by its length. */
export class HandClock implements Clock {
  #now: number;

  constructor(start = Date.parse('2026-01-01T00:00:00.000Z')) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  readonly sleep = async (ms: number): Promise<void> => this.advance(ms);

  readonly advance = (ms: number): void => {
    this.#now += Math.round(ms);
  };
}

/** Random numbers that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
