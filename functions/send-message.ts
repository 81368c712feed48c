import { sendMessage } from '../shared/usecases/messages/send-message.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

export const handler = commandHandler({ deps, useCases: { 'send-message': sendMessage }, charge: 'refused' });
