import type { Jump } from './use-jump.ts';

/** Says that older messages are being loaded up to the one that the user wants to see. */
export function SearchBar({ jump: { search, jump, stop } }: { readonly jump: Jump }) {
  if (!search) return null;
  return (
    <div className="search-bar" role="status">
      <span>{search.paused ? 'That message is far back.' : 'Going back to that message…'}</span>
      {search.paused && (
        <button type="button" className="button small" onClick={() => jump(search.seq)}>
          Keep loading
        </button>
      )}
      <button type="button" className="button small" onClick={stop}>
        Stop
      </button>
    </div>
  );
}
