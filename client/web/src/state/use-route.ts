import { isConversationId } from '@parley/client';
import { useSyncExternalStore } from 'react';

/** What the address says is open. */
export interface Route {
  readonly conversationId: string | undefined;
  /** The members cover the conversation, on a narrow screen: a step of their own, so that Back closes them first. */
  readonly members: boolean;
}

const MEMBERS = '/members';
/** Marks the step in the history that opened the members, so that closing them can take it back. */
const OPENED_HERE = { openedMembers: true };

/** The open conversation is in the address, `#/general`: it survives a reload and can be linked to. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const path = hash.replace(/^#\/?/, '');
  const members = path.endsWith(MEMBERS);
  return { conversationId: idIn(members ? path.slice(0, -MEMBERS.length) : path), members };
}

/** Opens a conversation, or the list without one. */
export function navigate(conversationId?: string): void {
  location.hash = conversationId ? hashOf(conversationId) : '#/';
}

/** Covers the conversation with its members. */
export function openMembers(conversationId: string): void {
  history.pushState(OPENED_HERE, '', hashOf(conversationId) + MEMBERS);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Goes back from the members to the conversation. */
export function closeMembers(conversationId: string): void {
  if ((history.state as Partial<typeof OPENED_HERE> | null)?.openedMembers) history.back();
  else {
    // The page was loaded like this: there is nothing to go back to.
    history.replaceState(undefined, '', hashOf(conversationId));
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}

export function hashOf(conversationId: string): string {
  return `#/${encodeURIComponent(conversationId)}`;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  window.addEventListener('popstate', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
    window.removeEventListener('popstate', changed);
  };
}

function idIn(path: string): string | undefined {
  try {
    const id = decodeURIComponent(path);
    return isConversationId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
