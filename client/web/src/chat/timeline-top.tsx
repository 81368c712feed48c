import type { Older } from './use-older.ts';

/** As in the stylesheet: the list has to know what stands above it. */
export const BEGINNING_PX = 56;

/** What stands above the oldest message that is loaded. Always of one height, so that nothing moves below it. */
export function TimelineTop({ hasOlder, older }: { readonly hasOlder: boolean; readonly older: Older }) {
  if (!hasOlder) return <p className="beginning quiet">This is the beginning.</p>;
  return (
    <p className="beginning quiet">
      {older.loading ? (
        'Loading older messages…'
      ) : (
        <button type="button" className="link" onClick={older.load}>
          {older.failed ? 'That did not work. Load older messages' : 'Load older messages'}
        </button>
      )}
    </p>
  );
}
