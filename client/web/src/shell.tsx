import { useConnection } from '@parley/client/react';
import { useEffect } from 'react';
import { ChatView } from './chat/chat-view.tsx';
import { ConnectionBanner } from './inbox/connection-banner.tsx';
import { Sidebar } from './inbox/sidebar.tsx';
import { useChat } from './state/chat-context.ts';
import { useRoute } from './state/use-route.ts';

/** The list beside the open conversation; a narrow screen shows only one of the two. */
export function Shell({ onSignOut }: { readonly onSignOut: () => Promise<void> }) {
  const { client } = useChat();
  const conversationId = useRoute();
  const { state } = useConnection(client);
  useEffect(() => {
    if (!conversationId) document.title = 'Parley';
  }, [conversationId]);
  return (
    <div className="shell" data-open={conversationId !== undefined} data-connection={state}>
      <ConnectionBanner />
      <Sidebar selected={conversationId} onSignOut={onSignOut} />
      {conversationId ? (
        <ChatView key={conversationId} conversationId={conversationId} />
      ) : (
        <main className="empty-chat">
          <img src="/icon.svg" alt="" width="56" height="56" />
          <h1>Pick a conversation</h1>
          <p className="quiet">or start a new one from the list.</p>
        </main>
      )}
    </div>
  );
}
