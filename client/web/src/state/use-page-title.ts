import { useEffect, useSyncExternalStore } from 'react';
import { isolate } from '../text/names.ts';
import { badgeText } from '../text/unread.ts';
import { useChat } from './chat-context.ts';

const ICON = '/icon.svg';
const ICON_UNREAD = '/icon-unread.svg';

/** Names the page after what is open, and lets its title and icon say how much is unread. */
export function usePageTitle(title: string | undefined): void {
  const { inbox } = useChat();
  const unread = useSyncExternalStore(inbox.subscribe, inbox.unread);
  useEffect(() => {
    const count = unread.count > 0 ? `(${badgeText(unread)}) ` : '';
    document.title = `${count}${title ? `${isolate(title)} · ` : ''}Parley`;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = unread.count > 0 ? ICON_UNREAD : ICON;
  }, [title, unread]);
  useEffect(
    () => () => {
      document.title = 'Parley';
    },
    [],
  );
}
