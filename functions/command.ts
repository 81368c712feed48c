import { defaultCommands } from './commands.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

/** The `$default` route: every action without a function of its own, and every frame that is not a command at all. */
export const handler = commandHandler({ deps, useCases: defaultCommands, charge: 'each' });
