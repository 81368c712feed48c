import type { ChatMessage, Conversation } from '@parley/client';
import { useMessages } from '@parley/client/react';
import { type ClipboardEvent, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Boundary } from '../parts/boundary.tsx';
import { Icon } from '../parts/icon.tsx';
import { useChat } from '../state/chat-context.ts';
import { usePrepended } from '../state/use-prepended.ts';
import { sameDay } from '../text/time.ts';
import { badgeText, unreadOf } from '../text/unread.ts';
import { Announcer } from './announcer.tsx';
import { BrokenRow } from './broken-row.tsx';
import { MessageRow } from './message-row.tsx';
import { SearchBar } from './search-bar.tsx';
import { BEGINNING_PX, TimelineTop } from './timeline-top.tsx';
import { TimelineWait } from './timeline-wait.tsx';
import { useActiveMessage } from './use-active-message.ts';
import { useEnd } from './use-end.ts';
import { useJump } from './use-jump.ts';
import { useOlder } from './use-older.ts';
import { useReadMarks } from './use-read-marks.ts';

/** Messages by one author within this time stand together under one name. */
const GROUP_MS = 5 * 60_000;
/** How far above and below the visible part messages are rendered, so that fast scrolling shows no gap. */
const BUFFER_PX = 600;

/** The messages. Only those near the visible ones are in the page; older ones load as the user scrolls up. */
export function Timeline({ conversation }: { readonly conversation: Conversation }) {
  const { session } = useChat();
  const me = session.userId;
  const { messages } = useMessages(conversation);
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLElement>(null);
  const ready = useReady(conversation);
  const { moved, generation } = usePrepended(messages);
  const end = useEnd({ list, scroller, messages, me, key: `${generation} ${ready}` });
  const older = useOlder(conversation, list, messages.length);
  const jump = useJump(conversation, list, end.release);
  const unreadFrom = useReadMarks(conversation, me, end.reached);
  const active = useActiveMessage(messages, list);
  const lastOwn =
    conversation.info?.kind === 'group'
      ? messages.findLast(({ senderId, seq, deletedAt }) => senderId === me && seq !== undefined && !deletedAt)
      : undefined;
  if (!ready) return <TimelineWait />;

  const row = (message: ChatMessage, index: number) => {
    const before = messages[index - 1];
    const day = !before || !sameDay(before.createdAt, message.createdAt);
    return (
      <Boundary key={message.key} of={message} fallback={() => <BrokenRow message={message} />}>
        <MessageRow
          conversation={conversation}
          message={message}
          me={me}
          role={conversation.role}
          day={day}
          first={day || startsGroup(before, message)}
          unreadFrom={message.seq !== undefined && message.seq === unreadFrom}
          active={message.key === active.key}
          found={message.seq !== undefined && message.seq === jump.found}
          readers={message === lastOwn}
          onJump={jump.jump}
          onActivate={active.activate}
        />
      </Boundary>
    );
  };
  const unseen = unreadOf(conversation);
  const onScroll = () => {
    end.onScroll();
    older.onScroll();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys move through the messages inside
    <div className="timeline" onKeyDown={active.onKeyDown} onCopy={copyPlain}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls */}
      <section className="scroller" ref={scroller} aria-label="Messages" tabIndex={0}>
        <TimelineTop hasOlder={conversation.hasOlder} older={older} />
        <Virtualizer
          key={generation}
          ref={list}
          scrollRef={scroller}
          data={messages}
          shift={moved}
          startMargin={BEGINNING_PX}
          bufferSize={BUFFER_PX}
          onScroll={onScroll}
          onResize={end.keep}
        >
          {row}
        </Virtualizer>
      </section>
      <SearchBar jump={jump} />
      {!end.reached && (
        <button type="button" className="to-end" onClick={end.go}>
          <Icon name="down" size={16} />
          {unseen.count > 0 ? `${badgeText(unseen)} new` : 'Latest'}
        </button>
      )}
      <Announcer conversation={conversation} me={me} />
    </div>
  );
}

/** Copies the text alone: what a message looks like stays here. */
function copyPlain(event: ClipboardEvent<HTMLElement>): void {
  const text = getSelection()?.toString();
  if (!text) return;
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
}

function startsGroup(before: ChatMessage, message: ChatMessage): boolean {
  const apart = Date.parse(message.createdAt) - Date.parse(before.createdAt);
  return before.senderId !== message.senderId || apart > GROUP_MS;
}

/** Whether there is anything to show: the first page is there, even if it is empty, or a message waits to be sent. */
function useReady({ state, messages }: Conversation): boolean {
  const [ready, setReady] = useState(false);
  const now = ready || state === 'live' || messages.length > 0;
  if (now && !ready) setReady(true);
  return now;
}
