import type { Conversation, Member, Role } from '@parley/client';
import { type ReactNode, useState } from 'react';
import { Confirm } from '../parts/confirm.tsx';
import { Icon } from '../parts/icon.tsx';
import { MenuButton, type MenuItem } from '../parts/menu.tsx';
import { useAttempt } from '../parts/toasts.tsx';
import { useChat } from '../state/chat-context.ts';
import { hasMemberCommands, mayChangeRoles, mayDiscipline } from '../state/permissions.ts';
import { navigate } from '../state/use-route.ts';
import { nameOf } from '../text/names.ts';

const HOUR_MS = 3_600_000;
const ROLE_LABELS: Record<Role, string> = { member: 'Make a member', admin: 'Make an admin', owner: 'Make an owner' };

interface MemberMenuProps {
  readonly conversation: Conversation;
  readonly member: Member;
  onChanged(): void;
}

/** A question before a command that hits somebody. */
interface Question {
  readonly title: ReactNode;
  readonly text: string;
  readonly action: string;
  task(): Promise<unknown>;
}

/** What the user's role allows them to do with a member (ROLE-1). Removing and banning ask first. */
export function MemberMenu({ conversation, member, onChanged }: MemberMenuProps) {
  const { client, inbox, session } = useChat();
  const attempt = useAttempt();
  const [question, setQuestion] = useState<Question>();
  const { info, role } = conversation;
  const { userId, banned, mutedUntil } = member;
  const name = nameOf(userId);
  const self = userId === session.userId;
  const muted = mutedUntil !== undefined && Date.parse(mutedUntil) > Date.now();

  const run = (task: () => Promise<unknown>) => void attempt(task).then((done) => done && onChanged());
  const item = (label: string, task: () => Promise<unknown>): MenuItem => ({ label, run: () => run(task) });
  const ask = (asked: Question): MenuItem => ({
    label: `${asked.action}…`,
    danger: true,
    run: () => setQuestion(asked),
  });
  const update = (changes: Parameters<Conversation['updateMember']>[1]) => conversation.updateMember(userId, changes);
  const openDirect = async () => {
    const direct = await client.conversations.create({ kind: 'direct', members: [userId] });
    if (direct.info) inbox.add(direct.info);
    navigate(direct.id);
  };

  const writeTo: MenuItem = {
    label: `Write to ${name}`,
    content: (
      <>
        Write to <bdi>{name}</bdi>
      </>
    ),
    icon: 'send',
    run: () => void attempt(openDirect),
  };
  const discipline = !self && mayDiscipline(role, member);
  const roles = mayChangeRoles(role) && !banned ? (['owner', 'admin', 'member'] as const) : [];
  const items: MenuItem[] = [
    ...(self ? [] : [writeTo]),
    ...roles
      .filter((each) => each !== member.role)
      .map((each) => item(ROLE_LABELS[each], () => update({ role: each }))),
    ...(discipline && !banned
      ? [
          muted
            ? item('Unmute', () => update({ mutedUntil: null }))
            : item('Mute for an hour', () => update({ mutedUntil: new Date(Date.now() + HOUR_MS).toISOString() })),
          ask({
            title: titleOf('Remove', name),
            text:
              info?.kind === 'channel'
                ? 'They stop getting messages at once. They can join the channel again.'
                : 'They stop getting messages at once. Only an admin or an owner can add them again.',
            action: 'Remove',
            task: () => conversation.removeMember(userId),
          }),
          ask({
            title: titleOf('Ban', name),
            text: 'They stop getting messages at once, and cannot come back until an admin or an owner unbans them.',
            action: 'Ban',
            task: () => update({ banned: true }),
          }),
        ]
      : []),
    ...(discipline && banned ? [item('Unban', () => update({ banned: false }))] : []),
  ];
  if (!hasMemberCommands(info) || items.length === 0) return null;
  return (
    <>
      <MenuButton label={`Actions for ${name}`} items={items} className="icon-button member-menu">
        <Icon name="more" />
      </MenuButton>
      {question && (
        <Confirm
          title={question.title}
          text={question.text}
          action={question.action}
          onConfirm={() => run(question.task)}
          onClose={() => setQuestion(undefined)}
        />
      )}
    </>
  );
}

function titleOf(action: string, name: string): ReactNode {
  return (
    <>
      {action} <bdi>{name}</bdi>?
    </>
  );
}
