import type { Older } from './use-older.ts';

/** The same height as in the stylesheet: the list must know how much space is above it. */
export const BEGINNING_PX = 56;

/** Shown above the oldest loaded message. Its height never changes, so that nothing below it moves. */
export function TimelineTop({ hasOlder, older }: { readonly hasOlder: boolean; readonly older: Older }) {
  if (!hasOlder) return <p className="beginning quiet">This is the beginning of the conversation.</p>;
  return (
    <p className="beginning quiet">
      {older.loading ? (
        'Loading older messages…'
      ) : (
        <button type="button" className="link" onClick={older.load}>
          {older.failed ? 'Older messages could not be loaded. Try again' : 'Load older messages'}
        </button>
      )}
    </p>
  );
}
