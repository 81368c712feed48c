import type { ChatMessage, Conversation } from '@parley/client';
import { useLayoutEffect, useRef, useState } from 'react';
import { useReadMarks } from '../../src/chat/use-read-marks.ts';
import { useAttempt } from '../../src/parts/toasts.tsx';
import type { Session } from '../state/session.ts';
import { MessageRow } from './message-row.tsx';
import type { Mode } from './mode.ts';
import { rowsOf } from './rows.ts';
import { noticeText, quoteOf } from './words.ts';

/** A reader this near to the end counts as being there. */
const NEAR_PX = 60;

interface MessagesProps {
  readonly session: Session;
  readonly conversation: Conversation;
  onBegin(kind: Mode['kind'], message: ChatMessage): void;
}

/**
 * The messages and the notices between them. The list is laid out from its end, so the browser itself keeps the end in
 * view while the reader is there, and otherwise keeps the reader's place while older messages come in.
 */
export function Messages({ session, conversation, onBegin }: MessagesProps) {
  const attempt = useAttempt();
  const scroller = useRef<HTMLElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  useReadMarks(conversation, session.me, atEnd);
  const { hasOlder, messages, role, unread = 0 } = conversation;
  const last = messages.at(-1);
  const wrote = last?.senderId === session.me ? last.key : undefined;
  useLayoutEffect(() => {
    // A user who has just written a message wants to see it.
    if (wrote !== undefined) scroller.current?.scrollTo({ top: 0 });
  }, [wrote]);
  const rows = rowsOf(messages, session.noticesOf(conversation), hasOlder);
  const quoted = (seq: number) =>
    quoteOf(
      messages.find((message) => message.seq === seq),
      seq,
    );
  return (
    <>
      <section
        ref={scroller}
        className="scroller"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls
        tabIndex={0}
        aria-label="Messages"
        onScroll={({ currentTarget }) => setAtEnd(currentTarget.scrollTop > -NEAR_PX)}
      >
        <div>
          {hasOlder && (
            <button
              type="button"
              className="button small older"
              onClick={() => attempt(() => conversation.loadOlder())}
            >
              Load earlier messages
            </button>
          )}
          {rows.length === 0 && <p className="empty">Nothing here yet. Say hello.</p>}
          <ol className="messages">
            {rows.map((row) => {
              if (row.kind === 'day') {
                return (
                  <li key={row.key} className="day">
                    <span>{row.text}</span>
                  </li>
                );
              }
              if (row.kind === 'notice') {
                return (
                  <li key={row.key} className="notice">
                    {noticeText(row.notice)}
                  </li>
                );
              }
              const { replyTo } = row.message;
              return (
                <MessageRow
                  key={row.key}
                  message={row.message}
                  follows={row.follows}
                  quoted={replyTo === undefined ? undefined : quoted(replyTo)}
                  conversation={conversation}
                  me={session.me}
                  role={role}
                  onBegin={onBegin}
                />
              );
            })}
          </ol>
        </div>
      </section>
      {!atEnd && unread > 0 && (
        <button type="button" className="button small newer" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
          New messages ↓
        </button>
      )}
    </>
  );
}
