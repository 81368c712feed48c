import type { Status } from '@parley/client';
import { useConnection } from '@parley/client/react';
import { useState } from 'react';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { MenuButton, type MenuItem } from '../parts/menu.tsx';
import { useAttempt, useToast } from '../parts/toasts.tsx';
import { useChat } from '../state/chat-context.ts';
import { readTheme, setTheme, type Theme } from '../state/theme.ts';
import { nameOf } from '../text/names.ts';

const STATUSES: readonly { readonly status: Status; readonly label: string }[] = [
  { status: 'online', label: 'Online' },
  { status: 'away', label: 'Away' },
  { status: 'busy', label: 'Busy' },
];
const THEMES: readonly { readonly theme: Theme; readonly label: string }[] = [
  { theme: 'system', label: 'Theme: same as the system' },
  { theme: 'light', label: 'Theme: light' },
  { theme: 'dark', label: 'Theme: dark' },
];

/** The user who is signed in, and the status that others see. */
export function Profile({ onSignOut }: { readonly onSignOut: () => Promise<void> }) {
  const { client, session } = useChat();
  const { state } = useConnection(client);
  const [status, setStatus] = useState<Status>('online');
  const [theme, setShownTheme] = useState(readTheme);
  const attempt = useAttempt();
  const showToast = useToast();
  const name = session.name ?? nameOf(session.userId);
  const shown = state === 'connected' ? status : 'offline';

  const statusItems = STATUSES.map(
    ({ status: next, label }): MenuItem => ({
      label,
      checked: status === next,
      run() {
        setStatus(next);
        void attempt(() => client.setStatus(next));
      },
    }),
  );
  const otherItems: MenuItem[] = [
    ...THEMES.map(({ theme: next, label }) => ({
      label,
      checked: theme === next,
      run() {
        setTheme(next);
        setShownTheme(next);
      },
    })),
    {
      label: 'Copy my user id',
      icon: 'copy',
      run: () =>
        void attempt(async () => {
          await navigator.clipboard.writeText(session.userId);
          showToast('Copied. Others can use it to add you.');
        }),
    },
    { label: 'Sign out', danger: true, run: () => void onSignOut() },
  ];
  return (
    <footer className="profile">
      <MenuButton named label="Status" className="profile-status" items={statusItems}>
        <Avatar name={name} status={shown} />
        <span className="profile-name">
          <strong title={session.userId} dir="auto">
            {name}
          </strong>
          <span className="quiet">{shown === 'offline' ? 'Not connected' : labelOf(shown)}</span>
          <span className="hidden">: change status</span>
        </span>
      </MenuButton>
      <MenuButton label="Settings" items={otherItems}>
        <Icon name="settings" />
      </MenuButton>
    </footer>
  );
}

function labelOf(status: Status): string {
  return STATUSES.find((each) => each.status === status)?.label ?? status;
}
