import { useState } from 'react';
import { Boundary } from '../parts/boundary.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useChat } from '../state/chat-context.ts';
import { useInbox } from '../state/use-inbox.ts';
import { useWithoutNetwork } from '../state/use-without-network.ts';
import { titleOf } from '../text/names.ts';
import { ConversationRow } from './conversation-row.tsx';
import { FirstSteps } from './first-steps.tsx';
import type { Kind } from './new-conversation.tsx';
import { Profile } from './profile.tsx';

interface SidebarProps {
  readonly selected: string | undefined;
  /** The open conversation, while the user may be looking at it. */
  readonly seen: string | undefined;
  onCreate(kind: Kind): void;
  onFind(): void;
  onSignOut(): Promise<void>;
}

/** With this many conversations there is a field to find one. */
const SEARCH_FROM = 8;

/** The user's conversations, and the user's own name and status below them. */
export function Sidebar({ selected, seen, onCreate, onFind, onSignOut }: SidebarProps) {
  const { session } = useChat();
  const { items, loaded } = useInbox();
  const withoutNetwork = useWithoutNetwork();
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
        <IconButton icon="search" label="Find a conversation (Ctrl or ⌘ + K)" onClick={onFind} />
        <IconButton icon="plus" label="New conversation" onClick={() => onCreate('channel')} />
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
        {shown.length > 0 && (
          <ul>
            {shown.map((item) => (
              <Boundary key={item.conversation.id} of={item} fallback={() => <BrokenRow />}>
                <ConversationRow
                  item={item}
                  selected={item.conversation.id === selected}
                  seen={item.conversation.id === seen}
                />
              </Boundary>
            ))}
          </ul>
        )}
        {shown.length === 0 && (
          <p className="quiet note" data-newcomer={loaded && items.length === 0}>
            {nothingShown(loaded, wanted, withoutNetwork)}
          </p>
        )}
        {loaded && items.length === 0 && (
          <div className="only-narrow">
            <FirstSteps onCreate={onCreate} />
          </div>
        )}
      </nav>
      <Profile onSignOut={onSignOut} />
    </aside>
  );
}

function BrokenRow() {
  return <li className="quiet note">A conversation that cannot be shown.</li>;
}

function nothingShown(loaded: boolean, wanted: string, withoutNetwork: boolean): string {
  if (!loaded && !wanted) return withoutNetwork ? 'Your conversations are not on this device.' : 'Loading…';
  return wanted ? 'No conversation has that name.' : 'No conversations yet.';
}
