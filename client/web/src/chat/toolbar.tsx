import type { ChatMessage, Role } from '@parley/client';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { MenuButton, type MenuItem } from '../parts/menu.tsx';
import { mayModerate } from '../state/permissions.ts';
import { QUICK_REACTIONS } from '../text/emoji.ts';
import { type Actions, useActions } from './message-actions.tsx';
import { useOpenConversation } from './open-conversation.ts';

interface ToolbarProps {
  readonly message: ChatMessage;
  readonly own: boolean;
  readonly role: Role | undefined;
  /** -1 unless the keyboard is on this message. */
  readonly tabIndex: number;
}

const QUICK_SHOWN = 3;

/** The actions on a message that is in the log. */
export function Toolbar({ message, own, role, tabIndex }: ToolbarProps) {
  const actions = useActions();
  const { conversation } = useOpenConversation();
  const readers = conversation.info?.kind === 'group';
  const items = itemsFor(message, own, role, actions, readers);
  return (
    <div className="toolbar" role="toolbar" aria-label="Message actions">
      {QUICK_REACTIONS.slice(0, QUICK_SHOWN).map((emoji) => (
        <button
          key={emoji}
          type="button"
          className="icon-button emoji"
          aria-label={`React with ${emoji}`}
          tabIndex={tabIndex}
          onClick={() => actions.toggleReaction(message, emoji)}
        >
          {emoji}
        </button>
      ))}
      <IconButton
        icon="smile"
        label="React"
        tabIndex={tabIndex}
        onClick={(event) => actions.openPalette(event.currentTarget, message)}
      />
      <IconButton icon="reply" label="Reply" tabIndex={tabIndex} onClick={() => actions.reply(message)} />
      {items.length > 0 && (
        <MenuButton label="More" items={items} tabIndex={tabIndex}>
          <Icon name="more" />
        </MenuButton>
      )}
    </div>
  );
}

function itemsFor(
  message: ChatMessage,
  own: boolean,
  role: Role | undefined,
  actions: Actions,
  readers: boolean,
): MenuItem[] {
  const copied = message.content !== undefined;
  return [
    ...(copied ? [{ label: 'Copy text', icon: 'copy', run: () => actions.copy(message) } as const] : []),
    { label: 'Forward', icon: 'forward', run: () => actions.forward(message) },
    ...(readers ? [{ label: 'Read by', icon: 'checks', run: () => actions.showReaders(message) } as const] : []),
    ...(own && copied ? [{ label: 'Edit', icon: 'edit', run: () => actions.edit(message) } as const] : []),
    ...(own || mayModerate(role)
      ? [{ label: 'Delete', icon: 'trash', danger: true, run: () => actions.askDelete(message) } as const]
      : []),
  ];
}
