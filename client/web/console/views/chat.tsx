import type { ChatMessage } from '@parley/client';
import { useId, useState } from 'react';
import { Announcer } from '../../src/chat/announcer.tsx';
import { TypingLine } from '../../src/chat/typing-line.tsx';
import { titleOf } from '../../src/text/names.ts';
import type { Session } from '../state/session.ts';
import { Empty } from './empty.tsx';
import { Messages } from './messages.tsx';
import type { Mode } from './mode.ts';
import { Write } from './write.tsx';

interface ChatProps {
  readonly session: Session | undefined;
  /** The id of the message field. */
  readonly fieldId: string;
}

/** The conversation in view: header, messages, who is typing, and the message field. */
export function Chat({ session, fieldId }: ChatProps) {
  const titleId = useId();
  const [mode, setMode] = useState<Mode & { readonly conversationId: string }>();
  const conversation = session?.conversation;
  if (!session || !conversation) {
    return (
      <section className="chat" aria-labelledby={titleId}>
        <div className="chat-head">
          <h2 id={titleId}>No conversation</h2>
        </div>
        <p className="empty">Connect, then choose a conversation.</p>
      </section>
    );
  }
  const { id, state } = conversation;
  const held = session.isHeld(conversation);
  const begin = (kind: Mode['kind'], message: ChatMessage) => setMode({ kind, message, conversationId: id });
  return (
    <section className="chat" aria-labelledby={titleId}>
      <div className="chat-head">
        <h2 id={titleId} className="chat-title">
          {titleOf(session.infoOf(conversation), id, session.me)}
        </h2>
        <span className="chat-facts quiet">{factsOf(session)}</span>
        <button type="button" className="button small ghost" onClick={() => void session.leave(id)}>
          Leave
        </button>
      </div>
      {held && <Messages key={id} session={session} conversation={conversation} onBegin={begin} />}
      {(!held || state === 'ended') && <Empty session={session} conversation={conversation} />}
      <Announcer key={`announcer ${id}`} conversation={conversation} me={session.me} />
      <TypingLine key={`typing ${id}`} conversation={conversation} />
      {held && state !== 'ended' && (
        <Write
          key={`write ${id}`}
          conversation={conversation}
          fieldId={fieldId}
          mode={mode?.conversationId === id ? mode : undefined}
          onDone={() => setMode(undefined)}
        />
      )}
    </section>
  );
}

function factsOf(session: Session): string {
  const { conversation } = session;
  if (!conversation) return '';
  const { position, role } = conversation;
  const info = session.infoOf(conversation);
  const facts = [
    info?.kind,
    role && `you are ${role}`,
    session.isHeld(conversation) && `log at ${position}`,
    info?.slowModeSeconds && `slow mode ${info.slowModeSeconds} s`,
  ];
  return facts.filter(Boolean).join(' · ');
}
