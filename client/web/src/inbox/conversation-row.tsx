import type { Conversation, LastMessage } from '@parley/client';
import { useMessages } from '@parley/client/react';
import { Avatar } from '../parts/avatar.tsx';
import { useChat } from '../state/chat-context.ts';
import { draftOf } from '../state/drafts.ts';
import type { InboxItem } from '../state/inbox.ts';
import { useOthersOnline } from '../state/use-others-online.ts';
import { nameOf, titleOf } from '../text/names.ts';
import { shortTimeOf } from '../text/time.ts';

/** One conversation in the list: its name, the last message, and how much is unread. */
export function ConversationRow({ item, selected }: { readonly item: InboxItem; readonly selected: boolean }) {
  const { session } = useChat();
  const { conversation, listedUnread } = item;
  const me = session.userId;
  const { messages } = useMessages(conversation);
  const { statusOf } = useOthersOnline(conversation);
  const info = conversation.info ?? item.info;
  const title = titleOf(info, conversation.id, me);
  const last = messages.at(-1) ?? item.listedLast;
  // The user's own messages count until they are marked, but a user who wrote last has seen what was there.
  const unread = selected || last?.senderId === me ? 0 : (conversation.unread ?? listedUnread);
  const isDirect = info?.kind === 'direct';
  const other = info?.userIds?.find((userId) => userId !== me);
  const status = isDirect ? statusOf(other) : undefined;
  return (
    <li>
      <a
        className="conversation"
        href={`#/${encodeURIComponent(conversation.id)}`}
        aria-current={selected ? 'page' : undefined}
        data-unread={unread > 0 || undefined}
      >
        <Avatar name={title} size="large" shape={isDirect ? 'person' : 'room'} status={status} />
        <span className="conversation-title">{title}</span>
        {status && <span className="hidden">, {status}</span>}
        {last && <time dateTime={last.createdAt}>{shortTimeOf(last.createdAt)}</time>}
        <span className="conversation-last">{previewOf(conversation, last, me, isDirect)}</span>
        {unread > 0 && (
          <span className="badge">
            {unread > 99 ? '99+' : unread}
            <span className="hidden"> unread</span>
          </span>
        )}
      </a>
    </li>
  );
}

type Last = Pick<LastMessage, 'senderId' | 'content' | 'deletedAt'>;

function previewOf({ id, typing }: Conversation, last: Last | undefined, me: string, isDirect: boolean): string {
  const typist = typing[0];
  if (typist !== undefined) return isDirect ? 'typing…' : `${nameOf(typist)} is typing…`;
  const draft = draftOf(me, id).text;
  if (draft) return `Draft: ${draft}`;
  if (!last) return 'No messages yet';
  const text = last.deletedAt ? 'Message deleted' : (last.content ?? 'Forwarded message');
  if (last.senderId === me) return `You: ${text}`;
  return isDirect ? text : `${nameOf(last.senderId)}: ${text}`;
}
