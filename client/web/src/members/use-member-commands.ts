import type { Conversation, Member, Role } from '@parley/client';
import type { MenuItem } from '../parts/menu.tsx';
import { useAttempt } from '../parts/toasts.tsx';
import { useChat } from '../state/chat-context.ts';
import { hasMemberCommands, mayChangeRoles, mayDiscipline } from '../state/permissions.ts';
import { navigate } from '../state/use-route.ts';
import { nameOf } from '../text/names.ts';

const HOUR_MS = 3_600_000;
const ROLE_LABELS: Record<Role, string> = { member: 'Make a member', admin: 'Make an admin', owner: 'Make an owner' };

/** What the user's role allows them to do with a member (ROLE-1), as menu items. */
export function useMemberCommands(conversation: Conversation, member: Member, onChanged: () => void): MenuItem[] {
  const { client, inbox, session } = useChat();
  const attempt = useAttempt();
  const { info, role } = conversation;
  const { userId, banned, mutedUntil } = member;
  const self = userId === session.userId;
  const muted = mutedUntil !== undefined && Date.parse(mutedUntil) > Date.now();

  const item = (label: string, task: () => Promise<unknown>, danger = false): MenuItem => ({
    label,
    danger,
    run: () => void attempt(task).then((done) => done && onChanged()),
  });
  const update = (changes: Parameters<Conversation['updateMember']>[1]) => conversation.updateMember(userId, changes);

  const writeTo: MenuItem = {
    label: `Write to ${nameOf(userId)}`,
    icon: 'send',
    run: () =>
      void attempt(async () => {
        const direct = await client.conversations.create({ kind: 'direct', members: [userId] });
        if (direct.info) inbox.add(direct.info);
        navigate(direct.id);
      }),
  };
  if (!hasMemberCommands(info)) return [];
  const discipline = !self && mayDiscipline(role, member);
  const roles = mayChangeRoles(role) && !banned ? (['owner', 'admin', 'member'] as const) : [];
  return [
    ...(self ? [] : [writeTo]),
    ...roles
      .filter((each) => each !== member.role)
      .map((each) => item(ROLE_LABELS[each], () => update({ role: each }))),
    ...(discipline && !banned
      ? [
          muted
            ? item('Unmute', () => update({ mutedUntil: null }))
            : item('Mute for an hour', () => update({ mutedUntil: new Date(Date.now() + HOUR_MS).toISOString() })),
          item('Remove', () => conversation.removeMember(userId), true),
        ]
      : []),
    ...(discipline
      ? [banned ? item('Unban', () => update({ banned: false })) : item('Ban', () => update({ banned: true }), true)]
      : []),
  ];
}
