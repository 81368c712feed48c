import { useConversation } from '@parley/client/react';
import { useEffect, useMemo } from 'react';
import { MemberPanel } from '../members/member-panel.tsx';
import { useChat } from '../state/chat-context.ts';
import { useMembers } from '../state/use-members.ts';
import { usePageTitle } from '../state/use-page-title.ts';
import { useStanding } from '../state/use-standing.ts';
import { titleOf } from '../text/names.ts';
import { ChatHeader } from './chat-header.tsx';
import { Composer } from './composer.tsx';
import { Ended } from './ended.tsx';
import { MessageActions } from './message-actions.tsx';
import { MutedNote } from './muted-note.tsx';
import { OpenConversationContext } from './open-conversation.ts';
import { Timeline } from './timeline.tsx';
import { TypingLine } from './typing-line.tsx';
import { useComposition } from './use-composition.ts';
import { useMemberPanel } from './use-member-panel.ts';

/** One conversation: its header, its messages, the message field and its members. */
export function ChatView({ conversationId }: { readonly conversationId: string }) {
  const { client, inbox, session } = useChat();
  const conversation = useConversation(client, conversationId);
  const { info, state, error } = conversation;
  const panel = useMemberPanel(conversationId);
  const composition = useComposition(conversation, session.userId);
  const members = useMembers(conversation);
  const { exclusion, mutedUntil } = useStanding(conversation, session.userId);
  const open = useMemo(() => ({ conversation, members }), [conversation, members]);
  const title = titleOf(info, conversationId, session.userId);

  usePageTitle(title);
  useEffect(() => {
    // A user who opens a channel by its address becomes a member of it (JOIN-3).
    if (state === 'live' && info) inbox.add(info);
  }, [inbox, state, info]);

  if (exclusion || state === 'ended') {
    return <Ended title={title} conversation={conversation} error={error} exclusion={exclusion} />;
  }
  return (
    <OpenConversationContext value={open}>
      <MessageActions conversation={conversation} composition={composition}>
        <ChatHeader conversation={conversation} title={title} panelOpen={panel.open} onTogglePanel={panel.toggle} />
        <main className="chat" aria-label={title}>
          <Timeline conversation={conversation} />
          <TypingLine conversation={conversation} />
          {mutedUntil ? (
            <MutedNote until={mutedUntil} />
          ) : (
            <Composer conversation={conversation} composition={composition} members={members.members} title={title} />
          )}
        </main>
        {panel.open && (
          <MemberPanel conversation={conversation} members={members} onUse={panel.use} onClose={panel.toggle} />
        )}
      </MessageActions>
    </OpenConversationContext>
  );
}
