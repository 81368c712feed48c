import type { Conversation, LastMessage } from '@parley/client';
import { useMessages } from '@parley/client/react';
import { Avatar } from '../parts/avatar.tsx';
import { Badge } from '../parts/badge.tsx';
import { useChat } from '../state/chat-context.ts';
import { draftOf } from '../state/drafts.ts';
import { type InboxItem, lastOf } from '../state/inbox.ts';
import { useOthersOnline } from '../state/use-others-online.ts';
import { hashOf } from '../state/use-route.ts';
import { nameOf, titleOf } from '../text/names.ts';
import { shortTimeOf } from '../text/time.ts';
import { unreadOf } from '../text/unread.ts';

const NOTHING = { count: 0, atMost: false };

interface ConversationRowProps {
  readonly item: InboxItem;
  readonly selected: boolean;
  /** The user may be looking at it. */
  readonly seen: boolean;
}

/** One conversation in the list: its name, the last message, and how much is unread. */
export function ConversationRow({ item, selected, seen }: ConversationRowProps) {
  const { session } = useChat();
  const { conversation } = item;
  const me = session.userId;
  useMessages(conversation);
  const { statusOf } = useOthersOnline(conversation);
  const info = conversation.info ?? item.info;
  const title = titleOf(info, conversation.id, me);
  const last = lastOf(conversation, item.listedLast);
  const unread = seen ? NOTHING : unreadOf(conversation);
  const isDirect = info?.kind === 'direct';
  const other = info?.userIds?.find((userId) => userId !== me);
  const status = isDirect ? statusOf(other) : undefined;
  return (
    <li>
      <a
        className="conversation"
        href={hashOf(conversation.id)}
        aria-current={selected ? 'page' : undefined}
        data-unread={unread.count > 0 || undefined}
      >
        <Avatar name={title} size="large" kind={info?.kind ?? 'channel'} status={status} />
        <span className="conversation-title" dir="auto">
          {title}
        </span>
        {status && <span className="hidden">, {status}</span>}
        {last && <time dateTime={last.createdAt}>{shortTimeOf(last.createdAt)}</time>}
        <span className="conversation-last">
          <Preview conversation={conversation} last={last} me={me} />
        </span>
        <Badge unread={unread} />
      </a>
    </li>
  );
}

interface PreviewProps {
  readonly conversation: Conversation;
  readonly last: Pick<LastMessage, 'senderId' | 'content' | 'deletedAt'> | undefined;
  readonly me: string;
}

/** Who is typing, or the draft, or the last message. */
function Preview({ conversation: { id, typing, info }, last, me }: PreviewProps) {
  const isDirect = info?.kind === 'direct';
  const typist = typing[0];
  if (typist !== undefined) return isDirect ? 'typing…' : <Says who={nameOf(typist)} what="is typing…" between=" " />;
  const draft = draftOf(me, id).text;
  if (draft) return <Says who="Draft" what={draft} />;
  if (!last) return 'No messages yet';
  const text = last.deletedAt ? 'Message deleted' : (last.content ?? 'Forwarded message');
  if (last.senderId === me) return <Says who="You" what={text} />;
  return isDirect ? <bdi>{text}</bdi> : <Says who={nameOf(last.senderId)} what={text} />;
}

/** Each in its own direction. */
function Says({ who, what, between = ': ' }: { who: string; what: string; between?: string }) {
  return (
    <>
      <bdi>{who}</bdi>
      {between}
      <bdi>{what}</bdi>
    </>
  );
}
