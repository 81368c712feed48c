import { contentText, isEmoji, qualifiedEmoji } from '../../../shared/protocol/text.ts';
import type { Draft } from '../api/message.ts';
import { asChatError, ChatError } from '../errors.ts';
import type { OutboxItem } from '../outbox/storage.ts';

/**
 * TEXT-1 for a message's text, before anything is sent: gives it as it will be stored. Throws what the server would
 * answer.
 *
 * @internal
 */
export function checkedText(doing: string, content: unknown): string {
  if (typeof content !== 'string') throw refused(doing, 'validation-failed', 'content', 'must be a text');
  const verdict = contentText(content);
  if (verdict.ok) return verdict.text;
  const code = verdict.tooLong ? 'too-large' : 'validation-failed';
  throw refused(doing, code, 'content', verdict.message);
}

/**
 * Whether a message may have this text (TEXT-1), as the server will decide it: undefined, or why it may not. `send`
 * looks at every text by itself; this is for a composer that keeps what cannot be sent.
 *
 * @example
 * ```ts
 * const reason = contentError(text);
 * if (reason) console.log(reason.code, reason.message);
 * ```
 */
export function contentError(text: string): ChatError | undefined {
  try {
    checkedText('send the message', text);
    return undefined;
  } catch (error) {
    return asChatError(error);
  }
}

/**
 * TEXT-1 for a reaction: gives it as it will be stored.
 *
 * @internal
 */
export function checkedEmoji(doing: string, emoji: string): string {
  const qualified = qualifiedEmoji(emoji);
  if (isEmoji(qualified)) return qualified;
  throw refused(doing, 'validation-failed', 'emoji', 'must be one RGI emoji');
}

/**
 * What a message says, and why it cannot be sent, if it cannot. What is shown of it is there either way.
 *
 * @internal
 */
export interface CheckedDraft {
  readonly fields: OutboxItem['fields'];
  readonly error?: ChatError;
}

/**
 * Looks at a draft before anything else happens with it. Throws nothing: a draft that is refused is shown, too.
 *
 * @internal
 */
export function checkedDraft(draft: Draft | string): CheckedDraft {
  const doing = 'send the message';
  const given: Draft = typeof draft === 'string' ? { content: draft } : (draft ?? {});
  const { content, forward, replyTo, mentions, ...rest } = given;
  const fields = {
    ...(typeof content === 'string' && { content }),
    ...(forward && { forward: { ...forward } }),
    ...(replyTo !== undefined && { replyTo }),
    ...(Array.isArray(mentions) && mentions.length > 0 && { mentions: [...new Set(mentions)] }),
  };
  try {
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw refused(doing, 'validation-failed', unknown, 'is not a field of a message');
    if (mentions !== undefined && !Array.isArray(mentions))
      throw refused(doing, 'validation-failed', 'mentions', 'must be a list of user ids');
    if (content === undefined && forward !== undefined) return { fields };
    return { fields: { ...fields, content: checkedText(doing, content) } };
  } catch (error) {
    return { fields, error: asChatError(error) };
  }
}

function refused(doing: string, code: 'too-large' | 'validation-failed', path: string, message: string): ChatError {
  const reason = `unable to ${doing}; ${path} ${message}`;
  return new ChatError({ code, message: reason, retryable: false, details: [{ path, message }] });
}
