import { type } from '../shared/usecases/type.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

export const handler = commandHandler({ deps, useCases: { typing: type }, charge: 'refused' });
