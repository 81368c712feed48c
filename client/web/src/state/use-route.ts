import { isConversationId } from '@parley/client';
import { useSyncExternalStore } from 'react';

/** The open conversation is in the address, `#/general`: it survives a reload and can be linked to. */
export function useRoute(): string | undefined {
  return useSyncExternalStore(subscribe, read);
}

/** Opens a conversation, or the list without one. */
export function navigate(conversationId?: string): void {
  location.hash = conversationId ? `#/${encodeURIComponent(conversationId)}` : '#/';
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

function read(): string | undefined {
  try {
    const id = decodeURIComponent(location.hash.replace(/^#\/?/, ''));
    return isConversationId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
