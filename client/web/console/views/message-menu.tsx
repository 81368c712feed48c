import type { ChatMessage, Conversation, Role } from '@parley/client';
import { MenuButton, type MenuItem } from '../../src/parts/menu.tsx';
import { useAttempt } from '../../src/parts/toasts.tsx';
import { mayModerate } from '../../src/state/permissions.ts';
import { QUICK_REACTIONS } from '../../src/text/emoji.ts';
import type { Mode } from './mode.ts';

interface MessageMenuProps {
  readonly message: ChatMessage;
  readonly seq: number;
  readonly conversation: Conversation;
  readonly isMine: boolean;
  readonly role: Role | undefined;
  onBegin(kind: Mode['kind'], message: ChatMessage): void;
}

/** The actions on a message. */
export function MessageMenu({ message, seq, conversation, isMine, role, onBegin }: MessageMenuProps) {
  const attempt = useAttempt();
  const reactions: MenuItem[] = QUICK_REACTIONS.map((emoji) => ({
    label: `React with ${emoji}`,
    run: () => void attempt(() => conversation.react(seq, emoji)),
  }));
  const remove: MenuItem = { label: 'Delete', danger: true, run: () => void attempt(() => conversation.delete(seq)) };
  const items = [
    ...reactions,
    { label: 'Reply', run: () => onBegin('reply', message) },
    ...(isMine ? [{ label: 'Edit', run: () => onBegin('edit', message) }] : []),
    ...(isMine || mayModerate(role) ? [remove] : []),
  ];
  return (
    <MenuButton label={`Actions on message ${seq}`} className="more" items={items}>
      ⋯
    </MenuButton>
  );
}
