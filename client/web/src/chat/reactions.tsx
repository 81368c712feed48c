import type { ChatMessage } from '@parley/client';
import { useEffect, useId, useState } from 'react';
import { IconButton } from '../parts/icon-button.tsx';
import { useChat } from '../state/chat-context.ts';
import { listOf, nameOf } from '../text/names.ts';
import { useActions } from './message-actions.tsx';
import { useOpenConversation } from './open-conversation.ts';
import { type Reactors, reactorsOf } from './reactors.ts';

interface ReactionsProps {
  readonly message: ChatMessage;
  readonly tabIndex: number;
}

const NAMES_SHOWN = 10;
/** A pointer that only passes by asks for nothing. */
const REST_MS = 150;

/** The reactions to a message, with their counts. Pressing one adds the user's own, or takes it back. */
export function Reactions({ message, tabIndex }: ReactionsProps) {
  const { toggleReaction, openPalette } = useActions();
  const tipId = useId();
  /** The emoji that the pointer or the keyboard is on. */
  const [on, setOn] = useState<string>();
  const reactors = useReactors(message, on !== undefined);
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
          aria-describedby={on === emoji ? tipId : undefined}
          tabIndex={tabIndex}
          onClick={() => toggleReaction(message, emoji)}
          onPointerEnter={() => setOn(emoji)}
          onPointerLeave={() => setOn(undefined)}
          onFocus={() => setOn(emoji)}
          onBlur={() => setOn(undefined)}
        >
          <span aria-hidden="true">{emoji}</span> {count}
          {on === emoji && reactors && (
            <span className="tip" role="tooltip" id={tipId}>
              <Names userIds={reactors.get(emoji) ?? []} count={count} /> reacted with {emoji}
            </span>
          )}
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

function Names({ userIds, count }: { readonly userIds: readonly string[]; readonly count: number }) {
  const { session } = useChat();
  const others = userIds.filter((userId) => userId !== session.userId).map(nameOf);
  const names = others.length < userIds.length ? ['You', ...others] : others;
  const shown = names.slice(0, NAMES_SHOWN);
  // Some names may be out of reach; the count is right.
  const unnamed = Array.from({ length: Math.max(0, count - shown.length) }, () => '');
  return <bdi>{listOf([...shown, ...unnamed], shown.length)}</bdi>;
}

/** The names behind the reactions, once they are wanted. */
function useReactors(message: ChatMessage, wanted: boolean): Reactors | undefined {
  const { conversation } = useOpenConversation();
  const [read, setRead] = useState<{ readonly of: ChatMessage; readonly reactors: Reactors }>();
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    const timer = setTimeout(() => {
      // Without the names the count is still there.
      reactorsOf(conversation, message).then(
        (reactors) => current && setRead({ of: message, reactors }),
        () => {},
      );
    }, REST_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [conversation, message, wanted]);
  return read?.of === message ? read.reactors : undefined;
}
