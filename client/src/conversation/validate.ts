import { contentText, isEmoji } from '../../../shared/protocol/text.ts';
import { ChatError } from '../errors.ts';

/**
 * TEXT-1 for a message's text, before anything is sent: gives it as it will be stored. Throws what the server would
 * answer.
 */
export function checkedText(doing: string, content: string): string {
  const verdict = contentText(content);
  if (verdict.ok) return verdict.text;
  const code = verdict.tooLong ? 'too-large' : 'validation-failed';
  throw refused(doing, code, 'content', verdict.message);
}

/** TEXT-1 for a reaction. */
export function checkedEmoji(doing: string, emoji: string): string {
  if (isEmoji(emoji)) return emoji;
  throw refused(doing, 'validation-failed', 'emoji', 'must be one RGI emoji');
}

function refused(doing: string, code: 'too-large' | 'validation-failed', path: string, message: string): ChatError {
  const reason = `unable to ${doing}; ${path} ${message}`;
  return new ChatError({ code, message: reason, retryable: false, details: [{ path, message }] });
}
