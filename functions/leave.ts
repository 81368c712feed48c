import type { Deps } from '../shared/usecases/deps.ts';
import { leave } from '../shared/usecases/rooms/leave.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

/** The `leave` route. */
export function leaveHandler(deps: Deps) {
  return commandHandler({ deps, useCases: { leave }, charge: 'refused' });
}

export const handler = leaveHandler(deps);
