import type { Rate } from '../protocol/limits.ts';

/** The outcome of asking for one token: the new theoretical arrival time, or when to ask again. Milliseconds. */
export type Taken = { readonly ok: true; readonly tat: number } | { readonly ok: false; readonly retryAfterMs: number };

/**
 * GCRA: `tat` is the time (ms since the epoch) at which the bucket will be full again, undefined or past if it is full.
 * Pure, so the same rule serves the log's running state and the bucket rows.
 */
export function take(rate: Rate, tat: number | undefined, nowMs: number): Taken {
  const next = Math.max(tat ?? 0, nowMs) + rate.intervalMs;
  const overdrawnMs = next - nowMs - rate.burst * rate.intervalMs;
  return overdrawnMs > 0 ? { ok: false, retryAfterMs: overdrawnMs } : { ok: true, tat: next };
}
