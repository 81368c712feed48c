import type { ChatMessage, Conversation, Message } from '@parley/client';
import { useMessages } from '@parley/client/react';
import { useEffect, useState } from 'react';
import { nameOf } from '../text/names.ts';

interface QuoteProps {
  readonly conversation: Conversation;
  /** The seq of the message that is answered. */
  readonly seq: number;
  readonly tabIndex: number;
  onJump(seq: number): void;
}

/** The author and text of the message that is answered. Pressing it goes to that message. */
export function Quote({ conversation, seq, tabIndex, onJump }: QuoteProps) {
  const quoted = useQuoted(conversation, seq);
  const text = quoted ? (quoted.deletedAt ? 'Message deleted' : (quoted.content ?? 'Forwarded message')) : '…';
  const author = quoted ? nameOf(quoted.senderId) : '';
  return (
    <button
      type="button"
      className="quote"
      aria-label={`In reply to ${author}: ${text}. Go to that message`}
      tabIndex={tabIndex}
      onClick={() => onJump(seq)}
    >
      <strong>{author}</strong>
      <span>{text}</span>
    </button>
  );
}

/** Takes the message from those that are loaded, and otherwise fetches it once. */
function useQuoted(conversation: Conversation, seq: number): ChatMessage | Message | undefined {
  const { messages } = useMessages(conversation);
  const held = messages[indexOfSeq(messages, seq)];
  const [fetched, setFetched] = useState<Message>();
  const missing = held === undefined && conversation.state === 'live';
  useEffect(() => {
    if (!missing) return;
    let current = true;
    conversation.history({ before: seq + 1, limit: 1 }).then(
      (page) => current && setFetched(page.messages[0]),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [conversation, seq, missing]);
  return held ?? fetched;
}

/** The index of the message with this seq, in messages in the order of the log; -1 if it is not among them. */
export function indexOfSeq(messages: readonly ChatMessage[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.seq ?? Number.POSITIVE_INFINITY) < seq) low = middle + 1;
    else high = middle;
  }
  return messages[low]?.seq === seq ? low : -1;
}
