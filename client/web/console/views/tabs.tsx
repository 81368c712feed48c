import { Badge } from '../../src/parts/badge.tsx';
import { sumOf, unreadOf } from '../../src/text/unread.ts';
import type { Session } from '../state/session.ts';

export type Part = 'rooms' | 'chat' | 'protocol';

const PARTS: Readonly<Record<Part, string>> = { rooms: 'Rooms', chat: 'Chat', protocol: 'Protocol' };

interface TabsProps {
  readonly session: Session | undefined;
  readonly part: Part;
  onShow(part: Part): void;
}

/** Chooses the part to show where there is room for only one. */
export function Tabs({ session, part, onShow }: TabsProps) {
  const unread = sumOf(session?.conversations.map(unreadOf) ?? []);
  return (
    <nav className="tabs parts-of-pane" aria-label="Parts of the page">
      {(Object.keys(PARTS) as Part[]).map((name) => (
        <button key={name} type="button" aria-current={part === name ? 'true' : undefined} onClick={() => onShow(name)}>
          {PARTS[name]}
          {name === 'rooms' && <Badge unread={unread} />}
        </button>
      ))}
    </nav>
  );
}
