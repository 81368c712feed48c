import type { Conversation, ConversationKind } from '@parley/client';
import { type FormEvent, useId, useState } from 'react';
import { Badge } from '../../src/parts/badge.tsx';
import { useAttempt } from '../../src/parts/toasts.tsx';
import { titleOf } from '../../src/text/names.ts';
import { unreadOf } from '../../src/text/unread.ts';
import type { Session } from '../state/session.ts';

const SIGNS: Readonly<Record<ConversationKind, string>> = { channel: '#', group: '◇', direct: '@' };

interface RoomsProps {
  readonly session: Session;
  onOpen(): void;
}

/** The conversations that are joined or known, and a field to join others. */
export function Rooms({ session, onOpen }: RoomsProps) {
  const titleId = useId();
  const attempt = useAttempt();
  const [wanted, setWanted] = useState('');
  const open = (id: string) => {
    session.open(id);
    onOpen();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open(wanted.trim());
    setWanted('');
  };
  return (
    <section className="stack" aria-labelledby={titleId}>
      <div className="heading">
        <h2 id={titleId}>Conversations</h2>
        <button
          type="button"
          className="button small ghost"
          title="Sends list-conversations"
          onClick={() => attempt(() => session.list())}
        >
          Find mine
        </button>
      </div>
      <ul className="rooms">
        {session.conversations.map((conversation) => (
          <Room key={conversation.id} session={session} conversation={conversation} onOpen={open} />
        ))}
      </ul>
      <form className="inline" onSubmit={submit}>
        <input
          aria-label="Channel to join or create"
          placeholder="Join or create…"
          autoComplete="off"
          spellCheck={false}
          required
          pattern="[A-Za-z0-9][A-Za-z0-9_.:\-]{0,63}"
          title="Letters, digits and _ . : - , at most 64"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <button type="submit" className="button">
          Join
        </button>
      </form>
    </section>
  );
}

interface RoomProps {
  readonly session: Session;
  readonly conversation: Conversation;
  onOpen(id: string): void;
}

function Room({ session, conversation, onOpen }: RoomProps) {
  const { id } = conversation;
  const info = session.infoOf(conversation);
  const note = noteOf(session, conversation);
  return (
    <li>
      <button type="button" aria-current={id === session.current ? 'true' : undefined} onClick={() => onOpen(id)}>
        <span className="sign" aria-hidden="true">
          {SIGNS[info?.kind ?? 'channel']}
        </span>
        <span className="name" dir="auto">
          {titleOf(info, id, session.me)}
        </span>
        {note && <span className="quiet">{note}</span>}
        <Badge unread={unreadOf(conversation)} />
      </button>
    </li>
  );
}

function noteOf({ client }: Session, { state }: Conversation): string | undefined {
  if (state === 'live') return undefined;
  if (state !== 'joining') return 'not joined';
  return client.state === 'connected' ? 'joining…' : 'offline';
}
