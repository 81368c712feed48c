import type { Deps } from '../shared/usecases/deps.ts';
import { sendMessage } from '../shared/usecases/messages/send-message.ts';
import { commandHandler } from './middleware/command-handler.ts';
import { deps } from './runtime/deps.ts';

/** The `send-message` route. */
export function sendMessageHandler(deps: Deps) {
  return commandHandler({ deps, useCases: { 'send-message': sendMessage }, charge: 'refused' });
}

export const handler = sendMessageHandler(deps);
