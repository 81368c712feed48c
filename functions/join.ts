import type { Deps } from '../shared/usecases/deps.ts';
import { join } from '../shared/usecases/rooms/join.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

/** The `join` route. */
export function joinHandler(deps: Deps) {
  return commandHandler({ deps, useCases: { join }, charge: 'refused' });
}

export const handler = joinHandler(deps);
