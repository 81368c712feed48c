import type { Client } from '@parley/client';
import { createContext, useContext } from 'react';
import type { Session } from '../session/session.ts';
import type { Inbox } from './inbox.ts';

/** What every part of the signed-in app uses. */
export interface Chat {
  readonly client: Client;
  readonly session: Session;
  readonly inbox: Inbox;
}

export const ChatContext = createContext<Chat | undefined>(undefined);

/** @throws Error outside the signed-in app */
export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error('unable to use the chat; nobody is signed in');
  return chat;
}
