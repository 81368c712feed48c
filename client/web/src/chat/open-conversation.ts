import type { Conversation } from '@parley/client';
import { createContext, useContext } from 'react';
import type { Members } from '../state/use-members.ts';

/** The conversation that is open, and its members. */
export interface OpenConversation {
  readonly conversation: Conversation;
  readonly members: Members;
}

export const OpenConversationContext = createContext<OpenConversation | undefined>(undefined);

/** @throws Error outside a conversation */
export function useOpenConversation(): OpenConversation {
  const open = useContext(OpenConversationContext);
  if (!open) throw new Error('unable to use the open conversation; none is open');
  return open;
}
