import { useSyncExternalStore } from 'react';
import { useChat } from './chat-context.ts';
import type { InboxItem } from './inbox.ts';

/** The user's conversations. Renders again when one comes, goes or moves up. */
export function useInbox(): { items: readonly InboxItem[]; loaded: boolean } {
  const { inbox } = useChat();
  const items = useSyncExternalStore(inbox.subscribe, inbox.items);
  const loaded = useSyncExternalStore(inbox.subscribe, inbox.loaded);
  return { items, loaded };
}
