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

const CONVERSATION_ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

function read(): string | undefined {
  try {
    const id = decodeURIComponent(location.hash.replace(/^#\/?/, ''));
    return CONVERSATION_ID.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
