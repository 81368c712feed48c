import type { Deps } from '../shared/usecases/deps.ts';
import { defaultCommands } from './commands.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

/** The `$default` route: every action without a function of its own, and every frame that is not a command at all. */
export function defaultHandler(deps: Deps) {
  return commandHandler({ deps, useCases: defaultCommands, charge: 'each' });
}

export const handler = defaultHandler(deps);
