import type { Older } from './use-older.ts';

export interface TimelineContext {
  readonly hasOlder: boolean;
  readonly older: Older;
}

/** What stands above the oldest message that is loaded. Always of one height, so that nothing moves below it. */
export function Beginning({ context }: { readonly context?: TimelineContext }) {
  if (!context) return null;
  const { hasOlder, older } = context;
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
