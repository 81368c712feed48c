import { useEffect, useState } from 'react';
import icon from '../public/icon.svg';
import type { AppConfig } from '../src/config.ts';
import { badgeText, sumOf, unreadOf } from '../src/text/unread.ts';
import type { Seat } from './state/seat.ts';
import { useStore } from './state/use-store.ts';
import { Pane } from './views/pane.tsx';

interface PageProps {
  readonly config: AppConfig | undefined;
  readonly seats: readonly [Seat, Seat];
}

/** One user, or two side by side, so that a frame goes out on one side and comes in on the other. */
export function Page({ config, seats }: PageProps) {
  const [first, second] = seats;
  useStore(first);
  useStore(second);
  const [two, setTwo] = useState(second.session !== undefined);
  /** The user to show where there is room for only one. */
  const [shown, setShown] = useState(first.name);
  useEffect(() => {
    document.title = titleOf(first);
  });
  const toggle = () => {
    if (two) second.disconnect();
    setTwo(!two);
    setShown(two ? 'first' : 'second');
  };
  return (
    <div className="page">
      <header className="bar">
        <img src={icon} alt="" width="26" height="26" />
        <h1>
          Parley <span>console</span>
        </h1>
        <a className="quiet" href="/">
          Web app
        </a>
        <button type="button" className="button small" aria-pressed={two} onClick={toggle}>
          Two users
        </button>
      </header>
      {two && (
        <nav className="tabs users" aria-label="Users">
          {seats.map(({ name, session }) => (
            <button
              key={name}
              type="button"
              aria-current={shown === name ? 'true' : undefined}
              onClick={() => setShown(name)}
            >
              {session?.me ?? `${name} user`}
            </button>
          ))}
        </nav>
      )}
      <main className="panes" data-two={two} data-shown={shown}>
        <Pane seat={first} other={second} config={config} alone={!two} />
        {two && <Pane seat={second} other={first} config={config} alone={false} />}
      </main>
    </div>
  );
}

function titleOf({ session }: Seat): string {
  const unread = sumOf(session?.conversations.map(unreadOf) ?? []);
  return `${unread.count > 0 ? `(${badgeText(unread)}) ` : ''}${session?.current ? `${session.current} · ` : ''}Parley console`;
}
