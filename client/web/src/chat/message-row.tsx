import type { ChatMessage, Conversation, Role } from '@parley/client';
import { memo } from 'react';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { nameOf } from '../text/names.ts';
import { RichText } from '../text/rich-text.tsx';
import { clockOf, dayOf, fullTimeOf } from '../text/time.ts';
import { FailedNote } from './failed-note.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import { ReadBy } from './read-by.tsx';
import { Ticks } from './ticks.tsx';
import { Toolbar } from './toolbar.tsx';

export interface MessageRowProps {
  readonly conversation: Conversation;
  readonly message: ChatMessage;
  readonly me: string;
  readonly role: Role | undefined;
  /** It is the first message of its day. */
  readonly day: boolean;
  /** It is the first of several messages in a row by one author. */
  readonly first: boolean;
  /** It is the first message that was unread when the conversation was opened. */
  readonly unreadFrom: boolean;
  /** The keyboard is on this message: Tab reaches it and its buttons. */
  readonly active: boolean;
  /** The user has just jumped to this message. */
  readonly found: boolean;
  /** It shows who has read it. */
  readonly readers: boolean;
  onJump(seq: number): void;
  onActivate(key: string): void;
}

/** A message, below the date if it is the first of its day, and below “New” if it is the first unread one. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { conversation, message, me, role, active, onJump } = props;
  const { senderId, createdAt, editedAt, deletedAt, replyTo, seq, status } = message;
  const own = senderId === me;
  const author = nameOf(senderId);
  const tabIndex = active ? 0 : -1;
  return (
    <div className="row" data-first={props.first}>
      {props.day && <h2 className="day">{dayOf(createdAt)}</h2>}
      {props.unreadFrom && <div className="new-line">New</div>}
      <article
        className="message"
        data-seq={seq}
        data-key={message.key}
        data-own={own || undefined}
        data-status={status}
        data-active={active || undefined}
        data-found={props.found || undefined}
        aria-label={`${own ? 'You' : author}, ${clockOf(createdAt)}`}
        tabIndex={tabIndex}
        onFocus={() => !active && props.onActivate(message.key)}
        onPointerDown={() => !active && props.onActivate(message.key)}
      >
        {!own && <span className="face">{props.first && <Avatar name={author} />}</span>}
        <div className="bubble">
          {props.first && !own && (
            <strong className="author" title={senderId} dir="auto">
              {author}
            </strong>
          )}
          {replyTo !== undefined && !deletedAt && (
            <Quote conversation={conversation} seq={replyTo} tabIndex={tabIndex} onJump={onJump} />
          )}
          <Body message={message} me={me} />
          <span className="meta">
            {editedAt && !deletedAt && <span title={fullTimeOf(editedAt)}>edited</span>}
            <time dateTime={createdAt} title={fullTimeOf(createdAt)}>
              {clockOf(createdAt)}
            </time>
            {own && !deletedAt && <Ticks message={message} />}
          </span>
        </div>
        {seq !== undefined && !deletedAt && <Toolbar message={message} own={own} role={role} tabIndex={tabIndex} />}
        {message.reactions.length > 0 && <Reactions message={message} tabIndex={tabIndex} />}
        {status === 'failed' && <FailedNote message={message} />}
        {props.readers && <ReadBy message={message} tabIndex={tabIndex} />}
      </article>
    </div>
  );
});

function Body({ message, me }: { readonly message: ChatMessage; readonly me: string }) {
  const { content, deletedAt, forwardedFrom, mentions } = message;
  if (deletedAt) return <p className="text deleted">Message deleted</p>;
  return (
    <>
      {forwardedFrom && (
        <span className="forwarded">
          <Icon name="forward" size={14} />
          <span>
            Forwarded
            {forwardedFrom.senderId && (
              <>
                {' from '}
                <bdi>{nameOf(forwardedFrom.senderId)}</bdi>
              </>
            )}
          </span>
        </span>
      )}
      {content === undefined ? (
        <p className="text deleted">…</p>
      ) : (
        <RichText text={content} mentions={mentions} me={me} />
      )}
    </>
  );
}
