import type { Deps } from './deps.ts';

const MAX_ATTEMPTS = 8;
const FIRST_BACKOFF_MS = 15;

/**
 * Repeats a transaction that met another one: `attempt` gives undefined for a conflict. With full jitter; after eight
 * the frame fails as `internal`, and may be sent again.
 */
export async function retryConflicts<T>(
  deps: Pick<Deps, 'clock' | 'random'>,
  what: string,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let tried = 0; tried < MAX_ATTEMPTS; tried += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
    await deps.clock.sleep(deps.random() * FIRST_BACKOFF_MS * 2 ** tried);
  }
  throw new Error(`${what}: still in conflict after ${MAX_ATTEMPTS} attempts`);
}
