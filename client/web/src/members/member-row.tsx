import type { Conversation, Member, Status } from '@parley/client';
import { Avatar } from '../parts/avatar.tsx';
import { useChat } from '../state/chat-context.ts';
import { nameOf } from '../text/names.ts';
import { durationOf } from '../text/time.ts';
import { MemberMenu } from './member-menu.tsx';

interface MemberRowProps {
  readonly conversation: Conversation;
  readonly member: Member;
  /** Undefined if nobody can know. */
  readonly status: Status | 'offline' | undefined;
  onChanged(): void;
}

export function MemberRow({ conversation, member, status, onChanged }: MemberRowProps) {
  const { session } = useChat();
  const { userId, role, banned, mutedUntil } = member;
  const name = nameOf(userId);
  const mutedMs = mutedUntil ? Date.parse(mutedUntil) - Date.now() : 0;
  const remarks = [
    ...(status ? [status] : []),
    ...(role === 'member' ? [] : [role]),
    ...(banned ? ['banned'] : []),
    ...(mutedMs > 0 ? [`muted for ${durationOf(mutedMs)}`] : []),
  ];
  return (
    <li className="member" data-user={userId} data-banned={banned || undefined}>
      <Avatar name={name} status={banned ? undefined : status} />
      <span className="member-name">
        <strong title={userId}>
          <bdi>{name}</bdi>
          {userId === session.userId && <span className="quiet"> (you)</span>}
        </strong>
        <span className="quiet">{remarks.join(' · ')}</span>
      </span>
      <MemberMenu conversation={conversation} member={member} onChanged={onChanged} />
    </li>
  );
}
