import type { ChatMessage, Conversation } from '@parley/client';
import { useMessages } from '@parley/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { Icon } from '../parts/icon.tsx';
import { useChat } from '../state/chat-context.ts';
import { useFirstIndex } from '../state/use-first-index.ts';
import { sameDay } from '../text/time.ts';
import { Announcer } from './announcer.tsx';
import { MessageRow } from './message-row.tsx';
import { Beginning, type TimelineContext } from './timeline-top.tsx';
import { useActiveMessage } from './use-active-message.ts';
import { useJump } from './use-jump.ts';
import { useOlder } from './use-older.ts';
import { useReadMarks } from './use-read-marks.ts';

/** A message follows another by the same author without a head of its own within this time. */
const GROUP_MS = 5 * 60_000;
/** Rendered beyond what is seen: fast scrolling finds something there. */
const OVERSCAN = { top: 900, bottom: 500 };
const AT_BOTTOM_PX = 60;
const END = { index: 'LAST', align: 'end' } as const;

/** The messages, of which only those near the visible ones are in the page. Older ones come as one scrolls up. */
export function Timeline({ conversation }: { readonly conversation: Conversation }) {
  const { session } = useChat();
  const me = session.userId;
  const { messages } = useMessages(conversation);
  const list = useRef<VirtuosoHandle>(null);
  const [atBottom, setAtBottom] = useState(true);
  const { firstIndex, generation } = useFirstIndex(messages);
  const older = useOlder(conversation);
  const { jump, found } = useJump(conversation, list);
  const unreadFrom = useReadMarks(conversation, me, atBottom);
  const active = useActiveMessage(messages, list);
  const ready = useReady(conversation);

  const toEnd = useCallback(() => list.current?.scrollToIndex(END), []);
  const lastKey = messages.at(-1)?.senderId === me ? messages.at(-1)?.key : undefined;
  useEffect(() => {
    // What one has just written is where one wants to be.
    if (lastKey) toEnd();
  }, [lastKey, toEnd]);

  if (!ready) return <p className="timeline-wait quiet">Loading messages…</p>;
  const row = (index: number, message: ChatMessage) => {
    const before = messages[index - firstIndex - 1];
    const day = !before || !sameDay(before.createdAt, message.createdAt);
    return (
      <MessageRow
        conversation={conversation}
        message={message}
        me={me}
        role={conversation.role}
        day={day}
        first={day || startsGroup(before, message)}
        unreadFrom={message.seq !== undefined && message.seq === unreadFrom}
        active={message.key === active.key}
        found={message.seq !== undefined && message.seq === found}
        onJump={jump}
        onActivate={active.activate}
      />
    );
  };
  const unseen = atBottom ? 0 : (conversation.unread ?? 0);
  const context: TimelineContext = { hasOlder: conversation.hasOlder, older };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys walk through the messages inside
    <div className="timeline" onKeyDown={active.onKeyDown}>
      <Virtuoso
        key={generation}
        ref={list}
        className="scroller"
        aria-label="Messages"
        role="region"
        data={messages as ChatMessage[]}
        context={context}
        firstItemIndex={firstIndex}
        initialTopMostItemIndex={END}
        computeItemKey={(_, message) => message.key}
        itemContent={row}
        components={COMPONENTS}
        increaseViewportBy={OVERSCAN}
        alignToBottom
        followOutput={(bottom) => (bottom ? 'auto' : false)}
        atBottomThreshold={AT_BOTTOM_PX}
        atBottomStateChange={setAtBottom}
        startReached={older.load}
      />
      {!atBottom && (
        <button type="button" className="to-end" onClick={toEnd}>
          <Icon name="down" size={16} />
          {unseen > 0 ? `${unseen} new` : 'Latest'}
        </button>
      )}
      <Announcer conversation={conversation} me={me} />
    </div>
  );
}

const COMPONENTS = { Header: Beginning };

function startsGroup(before: ChatMessage, message: ChatMessage): boolean {
  const apart = Date.parse(message.createdAt) - Date.parse(before.createdAt);
  return before.senderId !== message.senderId || apart > GROUP_MS;
}

/** Whether the first page has come: only then is it known where the end is. */
function useReady({ state, position }: Conversation): boolean {
  const [ready, setReady] = useState(false);
  if (!ready && (state === 'live' || position > 0)) setReady(true);
  return ready;
}
