import { setTimeout as sleep } from 'node:timers/promises';

const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 200;

/** Full jitter before the try after `attempt` (from 0), so that two that collided do not collide again at once. */
export function pause(attempt: number): Promise<void> {
  return sleep(Math.random() * Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
}

export function isTransactionConflict(error: unknown): boolean {
  return error instanceof Error && error.name === 'TransactionConflictException';
}

/**
 * A single write is refused, too, while a transaction holds its item, and the SDK does not try again. `write` MUST be
 * harmless to repeat; after a second or so of conflicts the last one is thrown.
 */
export async function throughConflicts<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!isTransactionConflict(error) || attempt + 1 >= MAX_ATTEMPTS) throw error;
      await pause(attempt);
    }
  }
}
