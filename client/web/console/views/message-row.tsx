import type { ChatMessage, Conversation, Role } from '@parley/client';
import { memo } from 'react';
import { Avatar } from '../../src/parts/avatar.tsx';
import { useAttempt } from '../../src/parts/toasts.tsx';
import { clockOf } from '../../src/text/time.ts';
import { FailedNote } from './failed-note.tsx';
import { MessageMenu } from './message-menu.tsx';
import type { Mode } from './mode.ts';

interface MessageRowProps {
  readonly message: ChatMessage;
  /** It stands under the name of the message before it. */
  readonly follows: boolean;
  /** The beginning of the message that it answers. */
  readonly quoted: string | undefined;
  readonly conversation: Conversation;
  readonly me: string;
  readonly role: Role | undefined;
  onBegin(kind: Mode['kind'], message: ChatMessage): void;
}

/** A message in the log, or one that is still being sent. */
export const MessageRow = memo(
  (props: MessageRowProps) => {
    const { message, follows, quoted, conversation, me, role, onBegin } = props;
    const { senderId, seq, status } = message;
    const isMine = senderId === me;
    return (
      <li className="message" data-seq={seq} data-status={status} data-follows={follows} data-mine={isMine}>
        <Avatar name={senderId} />
        <div className="body">
          <Meta message={message} isMine={isMine} />
          {message.forwardedFrom && <p className="quiet">{forwardText(message.forwardedFrom.senderId)}</p>}
          {quoted !== undefined && <blockquote dir="auto">{quoted}</blockquote>}
          {message.deletedAt === undefined ? (
            <p className="text" dir="auto">
              {message.content}
            </p>
          ) : (
            <p className="text gone">This message was deleted</p>
          )}
          <Reactions message={message} conversation={conversation} />
          {status === 'failed' && <FailedNote message={message} conversation={conversation} />}
        </div>
        {seq !== undefined && message.deletedAt === undefined && (
          <MessageMenu
            message={message}
            seq={seq}
            conversation={conversation}
            isMine={isMine}
            role={role}
            onBegin={onBegin}
          />
        )}
      </li>
    );
  },
  (before, after) => SHOWN.every((name) => before[name] === after[name]),
);

/** The properties that make a row render again. `onBegin` is not one of them. */
const SHOWN = ['message', 'follows', 'quoted', 'role'] as const;

function Meta({ message, isMine }: { readonly message: ChatMessage; readonly isMine: boolean }) {
  const { createdAt, editedAt, senderId, seq, status } = message;
  return (
    <div className="meta">
      <b className="sender">{senderId}</b>
      <time dateTime={createdAt} title={createdAt}>
        {clockOf(createdAt)}
      </time>
      {seq !== undefined && (
        <span className="seq" title="The seq in the log">
          #{seq}
        </span>
      )}
      {editedAt && (
        <span className="quiet" title={editedAt}>
          edited
        </span>
      )}
      {isMine && status !== 'failed' && <span className="quiet status">{status}</span>}
    </div>
  );
}

function forwardText(senderId: string | undefined): string {
  return senderId === undefined ? 'Forwarded' : `Forwarded from ${senderId}`;
}

function Reactions({ message, conversation }: Pick<MessageRowProps, 'message' | 'conversation'>) {
  const attempt = useAttempt();
  const { reactions, seq } = message;
  if (reactions.length === 0 || seq === undefined) return null;
  return (
    <div className="reactions">
      {reactions.map(({ emoji, count, mine }) => (
        <button
          key={emoji}
          type="button"
          className="reaction"
          aria-pressed={mine}
          aria-label={`${emoji} ${count}`}
          onClick={() => attempt(() => (mine ? conversation.unreact(seq, emoji) : conversation.react(seq, emoji)))}
        >
          <span aria-hidden="true">{emoji}</span> {count}
        </button>
      ))}
    </div>
  );
}
