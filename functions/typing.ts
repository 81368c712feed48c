import { showTyping } from '../shared/usecases/typing/show-typing.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

export const handler = commandHandler({ deps, useCases: { typing: showTyping }, charge: 'refused' });
