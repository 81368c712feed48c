import { badgeText, type Unread, unreadText } from '../text/unread.ts';

/** How much is unread, for the eye; a screen reader gets it in words. Nothing, if nothing is. */
export function Badge({ unread }: { readonly unread: Unread }) {
  if (unread.count === 0) return null;
  return (
    <span className="badge">
      <span aria-hidden="true">{badgeText(unread)}</span>
      <span className="hidden">{unreadText(unread)}</span>
    </span>
  );
}
