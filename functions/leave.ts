import { leave } from '../shared/usecases/rooms/leave.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

export const handler = commandHandler({ deps, useCases: { leave }, charge: 'refused' });
