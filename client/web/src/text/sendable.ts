import { limits } from '@parley/client';
import { contentText } from '../../../../shared/protocol/text.ts';

const CONTROL = /(?![\t\n\r])\p{Cc}/u;

/** Why this text cannot be a message (TEXT-1), as a sentence for the user; undefined if it can. */
export function problemWith(text: string): string | undefined {
  const verdict = contentText(text);
  if (verdict.ok) return undefined;
  if (verdict.tooLong) return `This is too long: a message has at most ${max} characters.`;
  const control = CONTROL.exec(text)?.[0];
  if (control) return `This contains a control character (${codeOf(control)}) that cannot be sent.`;
  if (!text.isWellFormed()) return 'This contains half a character, which cannot be sent.';
  return 'There is nothing to see in this message.';
}

const max = limits.contentMaxLength.toLocaleString('en');

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
