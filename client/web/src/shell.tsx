import { useConnection } from '@parley/client/react';
import { useEffect, useState } from 'react';
import { ChatView } from './chat/chat-view.tsx';
import { ConnectionBanner } from './inbox/connection-banner.tsx';
import { FirstSteps } from './inbox/first-steps.tsx';
import { type Kind, NewConversation } from './inbox/new-conversation.tsx';
import { Sidebar } from './inbox/sidebar.tsx';
import { Switcher } from './inbox/switcher.tsx';
import { Boundary } from './parts/boundary.tsx';
import { useChat } from './state/chat-context.ts';
import { useInbox } from './state/use-inbox.ts';
import { usePageTitle } from './state/use-page-title.ts';
import { useRoute } from './state/use-route.ts';
import { useVisible } from './state/use-visible.ts';

/** The list beside the open conversation; a narrow screen shows only one of the two. */
export function Shell({ onSignOut }: { readonly onSignOut: () => Promise<void> }) {
  const { client, inbox } = useChat();
  const { conversationId } = useRoute();
  const { state } = useConnection(client);
  const visible = useVisible();
  const [creating, setCreating] = useState<Kind>();
  const [finding, setFinding] = useState(false);
  const seen = visible ? conversationId : undefined;
  useEffect(() => inbox.look(seen), [inbox, seen]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === 'k';
      if (!wanted) return;
      // In browsers it leads to the address bar.
      event.preventDefault();
      setFinding((open) => !open);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <div className="shell" data-open={conversationId !== undefined} data-connection={state}>
      <ConnectionBanner />
      <Sidebar
        selected={conversationId}
        seen={seen}
        onCreate={setCreating}
        onFind={() => setFinding(true)}
        onSignOut={onSignOut}
      />
      {conversationId ? (
        <Boundary of={conversationId} fallback={(retry) => <BrokenChat onRetry={retry} />}>
          <ChatView key={conversationId} conversationId={conversationId} />
        </Boundary>
      ) : (
        <NothingOpen onCreate={setCreating} />
      )}
      {creating && <NewConversation kind={creating} onClose={() => setCreating(undefined)} />}
      {finding && <Switcher onClose={() => setFinding(false)} />}
    </div>
  );
}

function NothingOpen({ onCreate }: { readonly onCreate: (kind: Kind) => void }) {
  const { items, loaded } = useInbox();
  usePageTitle(undefined);
  if (loaded && items.length === 0) {
    return (
      <main className="empty-chat">
        <FirstSteps onCreate={onCreate} />
      </main>
    );
  }
  return (
    <main className="empty-chat">
      <img src="/icon.svg" alt="" width="56" height="56" />
      <h1>Pick a conversation</h1>
      <p className="quiet">
        or start a new one from the list. <kbd>Ctrl</kbd> or <kbd>⌘</kbd> + <kbd>K</kbd> finds one by its name.
      </p>
    </main>
  );
}

function BrokenChat({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <main className="empty-chat">
      <h1>Something went wrong</h1>
      <p role="alert">This conversation cannot be shown. What you have written is kept.</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </main>
  );
}
