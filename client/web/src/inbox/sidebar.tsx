import { useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useChat } from '../state/chat-context.ts';
import { useInbox } from '../state/use-inbox.ts';
import { titleOf } from '../text/names.ts';
import { ConversationRow } from './conversation-row.tsx';
import { NewConversation } from './new-conversation.tsx';
import { Profile } from './profile.tsx';

interface SidebarProps {
  readonly selected: string | undefined;
  onSignOut(): Promise<void>;
}

/** With this many conversations there is a field to find one. */
const SEARCH_FROM = 8;

/** The user's conversations, and the user's own name and status below them. */
export function Sidebar({ selected, onSignOut }: SidebarProps) {
  const { session } = useChat();
  const { items, loaded } = useInbox();
  const [creating, setCreating] = useState(false);
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const shown = wanted
    ? items.filter(({ info, conversation }) =>
        titleOf(info, conversation.id, session.userId).toLowerCase().includes(wanted),
      )
    : items;
  return (
    <aside className="sidebar" aria-label="Conversations">
      <header className="sidebar-head">
        <h1>Chats</h1>
        <IconButton icon="plus" label="New conversation" onClick={() => setCreating(true)} />
      </header>
      {items.length >= SEARCH_FROM && (
        <input
          type="search"
          className="search"
          aria-label="Find a conversation"
          placeholder="Find"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      )}
      <nav className="conversations" aria-label="Conversations">
        {shown.length > 0 ? (
          <ul>
            {shown.map((item) => (
              <ConversationRow key={item.conversation.id} item={item} selected={item.conversation.id === selected} />
            ))}
          </ul>
        ) : (
          <p className="quiet note">{nothingShown(loaded, wanted)}</p>
        )}
        {loaded && items.length === 0 && (
          <button type="button" className="button wide" onClick={() => setCreating(true)}>
            <Icon name="plus" /> Start a conversation
          </button>
        )}
      </nav>
      <Profile onSignOut={onSignOut} />
      {creating && <NewConversation onClose={() => setCreating(false)} />}
    </aside>
  );
}

function nothingShown(loaded: boolean, wanted: string): string {
  if (!loaded) return 'Loading…';
  return wanted ? 'No conversation has that name.' : 'No conversations yet.';
}
