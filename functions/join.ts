import { join } from '../shared/usecases/rooms/join.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

export const handler = commandHandler({ deps, useCases: { join }, charge: 'refused' });
