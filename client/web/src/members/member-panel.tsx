import type { Conversation } from '@parley/client';
import { useState } from 'react';
import { Confirm } from '../parts/confirm.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useAttempt } from '../parts/toasts.tsx';
import { useChat } from '../state/chat-context.ts';
import { byRank, hasMemberCommands, mayModerate } from '../state/permissions.ts';
import type { Members } from '../state/use-members.ts';
import { useOthersOnline } from '../state/use-others-online.ts';
import { navigate } from '../state/use-route.ts';
import { explain } from '../text/explain.ts';
import { AddMember } from './add-member.tsx';
import { ConversationSettings } from './conversation-settings.tsx';
import { MemberRow } from './member-row.tsx';

interface MemberPanelProps {
  readonly conversation: Conversation;
  readonly members: Members;
  /** Something in it has the focus: the user is at it. */
  onUse(): void;
  onClose(): void;
}

/** The members of the conversation, and what the user's role allows. */
export function MemberPanel({ conversation, members: read, onUse, onClose }: MemberPanelProps) {
  const { inbox, session } = useChat();
  const { info, role } = conversation;
  const { members, complete, loading, error, refresh } = read;
  const { statusOf } = useOthersOnline(conversation);
  const [leaving, setLeaving] = useState(false);
  const attempt = useAttempt();
  const commands = hasMemberCommands(info);

  const leave = async () => {
    const done = await attempt(() => conversation.removeMember(session.userId));
    if (!done) return;
    inbox.remove(conversation.id);
    navigate();
  };
  return (
    <aside className="panel" aria-label="Members" onFocus={onUse}>
      <header className="panel-head">
        <h2>
          Members{' '}
          {members.length > 0 && <span className="quiet">{complete ? members.length : `${members.length}+`}</span>}
        </h2>
        <IconButton icon="close" label="Close members" onClick={onClose} />
      </header>
      {error !== undefined && <p className="problem">{explain(error)}</p>}
      {loading && members.length === 0 && <p className="quiet note">Loading…</p>}
      <ul className="members">
        {members.toSorted(byRank).map((member) => (
          <MemberRow
            key={member.userId}
            conversation={conversation}
            member={member}
            status={statusOf(member.userId)}
            onChanged={refresh}
          />
        ))}
      </ul>
      {info?.kind === 'group' && mayModerate(role) && <AddMember conversation={conversation} onAdded={refresh} />}
      {commands && mayModerate(role) && info && (
        <ConversationSettings key={`${info.name} ${info.slowModeSeconds}`} conversation={conversation} info={info} />
      )}
      {commands && (
        <button type="button" className="button wide" data-kind="danger-quiet" onClick={() => setLeaving(true)}>
          Leave {info?.kind}
        </button>
      )}
      {leaving && (
        <Confirm
          title={`Leave this ${info?.kind}?`}
          text={
            info?.kind === 'channel'
              ? 'You can join it again at any time.'
              : 'Only an admin or an owner can add you again.'
          }
          action="Leave"
          onConfirm={() => void leave()}
          onClose={() => setLeaving(false)}
        />
      )}
    </aside>
  );
}
