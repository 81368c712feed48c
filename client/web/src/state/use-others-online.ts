import type { Conversation, OnlineUser, Status } from '@parley/client';
import { useConnection, usePresence } from '@parley/client/react';
import { useChat } from './chat-context.ts';

const NOBODY: readonly OnlineUser[] = [];

export interface OthersOnline {
  /** Nobody without a connection: who was there before it was lost may be gone by now. */
  readonly online: readonly OnlineUser[];
  /** What to show beside a user's name; undefined if nobody can know. */
  statusOf(userId: string | undefined): Status | 'offline' | undefined;
}

/** Who is online, as far as this device can know. */
export function useOthersOnline(conversation: Conversation): OthersOnline {
  const { client } = useChat();
  const { state } = useConnection(client);
  const known = usePresence(conversation);
  const connected = state === 'connected';
  const online = connected ? known : NOBODY;
  return {
    online,
    statusOf: (userId) =>
      connected ? (online.find((each) => each.userId === userId)?.status ?? 'offline') : undefined,
  };
}
