import { type KeyboardEvent, useId, useState } from 'react';
import { Avatar } from '../parts/avatar.tsx';
import { Modal } from '../parts/modal.tsx';
import { useChat } from '../state/chat-context.ts';
import { useInbox } from '../state/use-inbox.ts';
import { navigate } from '../state/use-route.ts';
import { isForInputMethod } from '../text/composing.ts';
import { titleOf } from '../text/names.ts';

const SHOWN_MAX = 8;

/** Finds a conversation by its name and opens it. The focus stays in the field; arrow keys choose. */
export function Switcher({ onClose }: { readonly onClose: () => void }) {
  const { session } = useChat();
  const { items } = useInbox();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const listId = useId();
  const wanted = query.trim().toLowerCase();
  const found = items
    .map(({ conversation, info }) => ({
      id: conversation.id,
      kind: (conversation.info ?? info)?.kind,
      title: titleOf(conversation.info ?? info, conversation.id, session.userId),
    }))
    .filter(({ id, title }) => title.toLowerCase().includes(wanted) || id.toLowerCase().includes(wanted))
    .slice(0, SHOWN_MAX);

  const open = (id: string | undefined) => {
    if (id === undefined) return;
    onClose();
    navigate(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isForInputMethod(event.nativeEvent)) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setIndex((index + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') open(found[index]?.id);
    else return;
    event.preventDefault();
  };
  return (
    <Modal title="Find a conversation" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-label="Name of the conversation"
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={found.length > 0 ? `${listId}-${index}` : undefined}
        placeholder="Name"
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: the user has just asked for this field
        autoFocus
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="targets" role="listbox" id={listId} aria-label="Conversations">
        {found.map(({ id, kind, title }, at) => (
          <button
            key={id}
            type="button"
            role="option"
            id={`${listId}-${at}`}
            aria-selected={at === index}
            tabIndex={-1}
            className="menu-item"
            onClick={() => open(id)}
          >
            <Avatar name={title} size="small" kind={kind} />
            <bdi>{title}</bdi>
          </button>
        ))}
      </div>
      {found.length === 0 && <p className="quiet">No conversation has that name.</p>}
    </Modal>
  );
}
