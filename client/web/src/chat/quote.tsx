import type { ChatMessage, Conversation, Message } from '@parley/client';
import { nameOf } from '../text/names.ts';
import { useQuoted } from './use-quoted.ts';

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
  const text = excerptOf(quoted);
  const author = quoted ? nameOf(quoted.senderId) : '';
  return (
    <button
      type="button"
      className="quote"
      aria-label={`In reply to ${author}: ${text}. Go to that message`}
      tabIndex={tabIndex}
      onClick={() => onJump(seq)}
    >
      <strong dir="auto">{author}</strong>
      <span dir="auto">{text}</span>
    </button>
  );
}

/** The text of a message where there is room for one line of it. */
export function excerptOf(message: ChatMessage | Message | undefined): string {
  if (!message) return '…';
  return message.deletedAt ? 'Message deleted' : (message.content ?? 'Forwarded message');
}
