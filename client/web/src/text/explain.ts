import { ChatError } from '@parley/client';

const OWN_WORDS: Partial<Record<string, string>> = {
  'conversation-not-found': 'There is no such conversation, or you are not in it.',
  'user-not-found': 'There is no such member.',
  disconnected: 'There is no connection right now.',
  'not-connected': 'There is no connection right now.',
  timeout: 'No answer came in time.',
  closed: 'The connection was closed.',
};

/** An error in words for the user. The protocol's sentences read "unable to <do>; <reason>". */
export function explain(error: unknown): string {
  if (!(error instanceof ChatError)) return error instanceof Error ? error.message : 'Something went wrong.';
  const own = OWN_WORDS[error.code];
  if (own) return own;
  const reason = error.message.split('; ').at(-1) ?? error.message;
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
