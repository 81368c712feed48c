import { useState } from 'react';
import { EMOJI_GROUPS } from '../text/emoji.ts';
import { Popover } from './popover.tsx';

interface EmojiPaletteProps {
  readonly anchor: HTMLElement;
  onPick(emoji: string): void;
  onClose(): void;
}

/** A palette of emoji that can be searched by name. */
export function EmojiPalette({ anchor, onPick, onClose }: EmojiPaletteProps) {
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const groups = EMOJI_GROUPS.map(({ title, emoji }) => ({
    title,
    emoji: emoji.filter(({ name, emoji: sign }) => name.includes(wanted) || sign === wanted),
  })).filter(({ emoji }) => emoji.length > 0);
  const pick = (emoji: string) => {
    onClose();
    onPick(emoji);
  };
  return (
    <Popover anchor={anchor} label="Emoji" onClose={onClose}>
      <form
        className="palette"
        onSubmit={(event) => {
          event.preventDefault();
          const first = groups[0]?.emoji[0];
          if (first) pick(first.emoji);
        }}
      >
        <input
          type="search"
          aria-label="Search emoji"
          placeholder="Search"
          autoComplete="off"
          data-autofocus
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <div className="palette-groups">
          {groups.map(({ title, emoji }) => (
            <fieldset key={title}>
              <legend>{title}</legend>
              {emoji.map(({ emoji: sign, name }) => (
                <button
                  key={sign}
                  type="button"
                  className="emoji"
                  aria-label={name}
                  title={name}
                  onClick={() => pick(sign)}
                >
                  {sign}
                </button>
              ))}
            </fieldset>
          ))}
          {groups.length === 0 && <p className="quiet">No emoji has that name.</p>}
        </div>
      </form>
    </Popover>
  );
}
