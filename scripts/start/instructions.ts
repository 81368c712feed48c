import { addressFor, GENERAL } from './demo.ts';
import type { RunningStack } from './stack-file.ts';

const EXAMPLES = [
  { action: 'join', requestId: '1', conversationId: GENERAL.conversationId },
  { action: 'send-message', requestId: '2', conversationId: GENERAL.conversationId, content: 'Hello!' },
  { action: 'typing', conversationId: GENERAL.conversationId, isTyping: true },
  { action: 'history', requestId: '3', conversationId: GENERAL.conversationId },
];

/** What to do next, in words and lines to paste. */
export function instructions({ webSocketUrl, webUrl, users }: RunningStack, seconds: number): string {
  const lines = users.map(({ userId, token }) => `  ${userId}\n    npx wscat -c "${addressFor(webSocketUrl, token)}"`);
  return `
Parley is ready after ${seconds.toFixed(1)} s.

  Web app    ${webUrl}
  Console    ${webUrl}console/ (every frame, by hand)
  WebSocket  ${webSocketUrl}

Talk to it by hand: one of these lines in each of two other terminals (tokens last 12 hours)

${lines.join('\n\n')}

and then, in each, these frames, one line at a time:

${EXAMPLES.map((frame) => `  ${JSON.stringify(frame)}`).join('\n')}

  Any user's token: npm run -s token -- dave
  Ctrl-C ends everything that was started here.
`;
}

/** What to say when Parley runs already. */
export function alreadyRunning({ webUrl, webSocketUrl, pid }: RunningStack): string {
  return `Parley runs already (process ${pid}):

  Web app    ${webUrl}
  Console    ${webUrl}console/
  WebSocket  ${webSocketUrl}

Its tokens: npm run -s token -- <user id>. To start it again, end that one first (Ctrl-C where it runs).
`;
}
