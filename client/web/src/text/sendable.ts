import type { ChatError } from '@parley/client';

const CONTROL = /(?![\t\n\r])\p{Cc}/u;

/** Says to the user why this text cannot be a message (TEXT-1). `error` is what `contentError` says of it. */
export function whyUnsendable(text: string, error: ChatError): string {
  if (error.code === 'too-large') return 'This is too long for one message.';
  const control = CONTROL.exec(text)?.[0];
  if (control) return `This contains a control character (${codeOf(control)}) that cannot be sent.`;
  if (!text.isWellFormed()) return 'This contains half a character, which cannot be sent.';
  return 'There is nothing to see in this message.';
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
