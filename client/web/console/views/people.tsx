import { useId } from 'react';
import { Avatar } from '../../src/parts/avatar.tsx';
import type { Session } from '../state/session.ts';

/** Who is online in the conversation in view. */
export function People({ session }: { readonly session: Session }) {
  const titleId = useId();
  const { conversation, me } = session;
  const online = conversation?.state === 'live' ? conversation.online : [];
  if (online.length === 0) return null;
  const byName = [...online].sort((a, b) => a.userId.localeCompare(b.userId));
  return (
    <section className="stack" aria-labelledby={titleId}>
      <h2 id={titleId}>Online here</h2>
      <ul className="people">
        {byName.map(({ userId, status }) => {
          const note = userId === me ? 'you' : status === 'online' ? undefined : status;
          return (
            <li key={userId}>
              <Avatar name={userId} size="small" status={status} />
              <span className="name">{userId}</span>
              {note && <span className="quiet">{note}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
