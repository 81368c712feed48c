import { WebSocket } from 'ws';
import { Problem } from '../common/problem.ts';
import { type Issuer, mintToken } from '../web/issuer.ts';
import { DEMO_USERS } from './demo-users.ts';
import type { DemoUser } from './stack-file.ts';

/** The channel that is there from the start. */
export const GENERAL = { kind: 'channel', conversationId: 'general', name: 'General' } as const;
/** The first frame waits for cold functions: to connect, to authorize and to create. */
const REPLY_TIMEOUT_MS = 20_000;
const REQUEST_ID = 'create-general';

/** The demo users, each with a token for the day. */
export function mintDemoUsers(issuer: Issuer): Promise<DemoUser[]> {
  return Promise.all(DEMO_USERS.map(async (userId) => ({ userId, token: await mintToken(issuer, userId) })));
}

/** The address to connect to as a user, with the token in the query (CONN-1). */
export function addressFor(webSocketUrl: string, token: string): string {
  return `${webSocketUrl}?token=${token}`;
}

/**
 * Creates the channel `general` as a demo user would, over a real socket, which also proves that the stack answers.
 * That it exists already (RETRY-1, or created by another user) is as good.
 * @throws Problem if the API refuses the user or does not answer
 */
export async function createGeneral(webSocketUrl: string, token: string, signal?: AbortSignal): Promise<void> {
  const reply = await ask(
    addressFor(webSocketUrl, token),
    { action: 'create-conversation', requestId: REQUEST_ID, ...GENERAL },
    signal,
  );
  if (reply.event === 'conversation-created' || reply.data?.code === 'conflict') return;
  throw new Problem(
    `The deployed API refused to create the channel "general": ${JSON.stringify(reply).slice(0, 300)}.`,
  );
}

interface Reply {
  readonly event?: string;
  readonly requestId?: string;
  readonly data?: { readonly code?: string };
}

/** Opens a socket, sends one frame, and gives the reply to it. */
function ask(url: string, frame: object, signal?: AbortSignal): Promise<Reply> {
  const socket = new WebSocket(url, { handshakeTimeout: REPLY_TIMEOUT_MS });
  const timeout = AbortSignal.timeout(REPLY_TIMEOUT_MS);
  return new Promise<Reply>((resolve, reject) => {
    const problem = (what: string): void =>
      reject(new Problem(`The deployed API ${what}: look into the emulator's log, then run this again.`));
    timeout.addEventListener('abort', () => problem(`did not answer within ${REPLY_TIMEOUT_MS / 1000} s`), {
      once: true,
    });
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    socket.on('error', (error) => problem(`cannot be connected to (${error.message})`));
    socket.on('close', () => problem('closed the socket before it answered'));
    socket.on('open', () => socket.send(JSON.stringify(frame)));
    socket.on('message', (data) => {
      const received = JSON.parse(String(data)) as Reply;
      if (received.requestId === REQUEST_ID) resolve(received);
    });
  }).finally(() => socket.close());
}
