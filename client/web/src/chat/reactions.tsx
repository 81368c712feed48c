import type { ChatMessage } from '@parley/client';
import { IconButton } from '../parts/icon-button.tsx';
import { useActions } from './message-actions.tsx';

interface ReactionsProps {
  readonly message: ChatMessage;
  readonly tabIndex: number;
}

/** The reactions to a message, with their counts. Pressing one adds the user's own, or takes it back. */
export function Reactions({ message, tabIndex }: ReactionsProps) {
  const { toggleReaction, openPalette } = useActions();
  if (message.reactions.length === 0) return null;
  return (
    <div className="reactions">
      {message.reactions.map(({ emoji, count, mine }) => (
        <button
          key={emoji}
          type="button"
          className="reaction"
          aria-pressed={mine}
          aria-label={`${emoji} ${count}`}
          tabIndex={tabIndex}
          onClick={() => toggleReaction(message, emoji)}
        >
          <span aria-hidden="true">{emoji}</span> {count}
        </button>
      ))}
      <IconButton
        icon="plus"
        label="Add a reaction"
        className="reaction-add"
        tabIndex={tabIndex}
        onClick={(event) => openPalette(event.currentTarget, message)}
      />
    </div>
  );
}
