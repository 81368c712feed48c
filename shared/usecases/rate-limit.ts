import { rateLimited } from '../domain/draft.ts';
import { Refusal } from '../protocol/errors.ts';
import { RATES } from '../protocol/limits.ts';
import type { Deps } from './deps.ts';

/** No token of the `command` bucket is left: the one refusal that takes none, because that was just tried. */
export class OutOfCommands extends Refusal {
  constructor(retryAfterMs: number) {
    super('rate-limited', 'you ask too much', { retryAfterMs });
  }
}

/**
 * Takes a token from the `command` bucket, which most commands, refused frames, repeated sends and deep walks share.
 * Throws `OutOfCommands` if there is none.
 */
export async function chargeCommand(deps: Pick<Deps, 'stores' | 'clock'>, userId: string): Promise<void> {
  const taken = await deps.stores.connections.takeToken({ rate: 'command', userId }, RATES.command, deps.clock.now());
  if (!taken.ok) throw new OutOfCommands(taken.retryAfterMs);
}

/** Takes a token from the user's `join` bucket, which leaves share. Throws `rate-limited` if there is none. */
export async function chargeRoom(deps: Pick<Deps, 'stores' | 'clock'>, userId: string): Promise<void> {
  const taken = await deps.stores.connections.takeToken({ rate: 'join', userId }, RATES.join, deps.clock.now());
  if (!taken.ok) throw rateLimited('you join and leave too fast', taken.retryAfterMs);
}
