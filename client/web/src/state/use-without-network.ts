import { useConnection } from '@parley/client/react';
import { useChat } from './chat-context.ts';

/** Whether the server cannot be asked for now: what is not on this device will take longer than a moment. */
export function useWithoutNetwork(): boolean {
  const { client } = useChat();
  const { state } = useConnection(client);
  return state === 'offline' || state === 'waiting';
}
