import { Icon } from '../parts/icon.tsx';
import { momentOf } from '../text/time.ts';

/** Stands in place of the message field while the user is muted. */
export function MutedNote({ until }: { readonly until: string }) {
  return (
    <p className="muted-note" role="status">
      <Icon name="muted" />
      <span>
        You are muted until <time dateTime={until}>{momentOf(until)}</time>. Until then you can read, but not write.
      </span>
    </p>
  );
}
