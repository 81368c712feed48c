import type { Conversation } from '@parley/client';
import { useConnection } from '@parley/client/react';
import { Avatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useChat } from '../state/chat-context.ts';
import { useOthersOnline } from '../state/use-others-online.ts';
import { navigate } from '../state/use-route.ts';

interface ChatHeaderProps {
  readonly conversation: Conversation;
  readonly title: string;
  readonly panelOpen: boolean;
  onTogglePanel(): void;
}

export function ChatHeader({ conversation, title, panelOpen, onTogglePanel }: ChatHeaderProps) {
  const { client, session } = useChat();
  const { online, statusOf } = useOthersOnline(conversation);
  const { info, state } = conversation;
  const isDirect = info?.kind === 'direct';
  const other = info?.userIds?.find((userId) => userId !== session.userId);
  const status = statusOf(other);
  const { state: connection } = useConnection(client);
  const waiting = connection === 'connected' ? 'Catching up…' : 'Waiting for the connection…';
  const count = online.length === 1 ? '1 person here' : `${online.length} people here`;
  return (
    <header className="chat-head">
      <IconButton icon="back" label="Back to the list" className="only-narrow" onClick={() => navigate()} />
      <Avatar name={title} kind={info?.kind ?? 'channel'} status={isDirect ? status : undefined} />
      <div className="chat-title">
        <h1 dir="auto">{title}</h1>
        <span className="quiet" data-testid="presence">
          {state === 'joining' || connection !== 'connected' ? waiting : isDirect ? status : count}
        </span>
      </div>
      <IconButton
        icon="people"
        label={panelOpen ? 'Hide members' : 'Show members'}
        aria-expanded={panelOpen}
        onClick={onTogglePanel}
      />
    </header>
  );
}
