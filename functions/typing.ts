import type { Deps } from '../shared/usecases/deps.ts';
import { showTyping } from '../shared/usecases/typing/show-typing.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

/** The `typing` route. */
export function typingHandler(deps: Deps) {
  return commandHandler({ deps, useCases: { typing: showTyping }, charge: 'refused' });
}

export const handler = typingHandler(deps);
