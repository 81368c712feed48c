import { Avatar } from '../parts/avatar.tsx';
import { nameOf } from '../text/names.ts';
import type { Mention } from './use-mention.ts';

/** The members whose id begins with what the user types after the @. The focus stays in the field. */
export function MentionList({ mention }: { readonly mention: Mention }) {
  const { listId, candidates, index, choose } = mention;
  if (candidates.length === 0) return null;
  return (
    <div className="mentions" role="listbox" id={listId} aria-label="Members to mention">
      {candidates.map(({ userId }, at) => (
        <button
          key={userId}
          type="button"
          role="option"
          id={`${listId}-${at}`}
          aria-selected={at === index}
          tabIndex={-1}
          className="menu-item"
          // Before the field loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            choose(userId);
          }}
        >
          <Avatar name={nameOf(userId)} size="small" />
          <bdi>{userId}</bdi>
        </button>
      ))}
    </div>
  );
}
