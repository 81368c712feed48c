import { expect } from 'vitest';
import type { Scene } from '../../support/scene.ts';
import { sentencesOf, shownBy, shownOnAws } from '../../support/sentences.ts';

const says = sentencesOf('Connections');
const MINUTE_MS = 60_000;

/** Moves the clock to so long after the end of Ann's token. */
function pastEnd(s: Scene, ms: number): void {
  s.chat.clock.advance(s.ann.tokenExpiresAt + ms - s.chat.clock.now());
}

says(
  'CONN-1',
  `The client presents a JWT in one of three ways: as header Authorization: Bearer <jwt>; as subprotocols chat.v1,
   bearer.<jwt>, answered with chat.v1; or as ?token=<jwt> where the deployment allows it (local: yes; AWS: only if
   configured).`,
  shownBy('unit/handshake-token.test.ts', 'is read from %j'),
  shownBy('unit/handshake-token.test.ts', 'is read from the query, if the query is passed'),
  shownBy('unit/client-connection.test.ts', 'sends the token as a subprotocol, or in the URL if told to (CONN-1)'),
  shownOnAws('Subprotocols are answered.'),
);
says(
  'CONN-1',
  `A token in two places at once is refused, and so is a second one in the same place: a header given twice counts twice,
   in whatever spelling.`,
  shownBy('unit/handshake-token.test.ts', 'in two places at once is refused: %j with the query %j'),
  shownBy('unit/edge-inputs.test.ts', 'CONN-1: a token that is twice in the query counts as two tokens'),
);

says(
  'CONN-2',
  `The handshake fails with 401 or 403, and nothing is stored, if the token is missing, malformed, over 3 KiB, expired or
   not yet valid (60 s leeway), of the wrong issuer or audience, of a sub outside ENV-7, signed by an unknown key, or uses
   none or a symmetric algorithm.`,
  shownBy('unit/token-verifier.test.ts', 'no forged token is accepted'),
  shownBy('unit/token-verifier.test.ts', 'nbf has 60 s of leeway, exp none'),
  shownBy('unit/token-verifier.test.ts', '%j is no token'),
  shownBy('unit/handshake-token.test.ts', 'is missing in %j with the query %j'),
  shownBy('e2e/handshake.test.ts', 'CONN-2: stores nothing about a user who was refused'),
);
says(
  'CONN-2',
  "Keys come only from the issuer's JWKS; it is fetched again for an unknown kid, at most every 5 minutes.",
  shownBy('unit/token-verifier.test.ts', 'are fetched again for an unknown kid, at most every 5 minutes'),
  shownBy('unit/token-verifier.test.ts', 'no keys are fetched from an issuer that is not trusted'),
);
says(
  'CONN-2',
  'With Cognito, token_use is access, and client_id is the audience.',
  shownBy(
    'unit/token-verifier.test.ts',
    'an ID token of a Cognito-like issuer is not an access token, nor is one for another client',
  ),
);

says('CONN-3', "After the token's exp, a command gets token-expired in its usual error event.", async (s) => {
  const conversationId = await s.group();
  pastEnd(s, -1);
  expect(await s.code(s.ann, 'history', { conversationId })).toBe(undefined);
  pastEnd(s, 0);
  const said = await s.chat.command(s.ann, 'send-message', { conversationId, content: 'late' });
  expect(said).toMatchObject({ event: 'message-error', data: { code: 'token-expired' } });
  const read = await s.chat.command(s.ann, 'history', { conversationId });
  expect(read).toMatchObject({ event: 'error', data: { code: 'token-expired' } });
});
says(
  'CONN-3',
  'Until exp + 60 s, ping and refresh-token still work.',
  shownBy('unit/session.test.ts', 'extends the connection and each of its subscriptions, and commands work again'),
  async (s) => {
    pastEnd(s, MINUTE_MS - 1);
    expect(await s.code(s.ann, 'ping', {})).toBe(undefined);
    expect(await s.code(s.ann, 'set-status', { status: 'away' })).toBe('token-expired');
    pastEnd(s, MINUTE_MS);
    expect(await s.codeOfFrame(s.ann, { action: 'ping' })).toBe('silence');
  },
);
says(
  'CONN-3',
  'A fraction of exp counts down to the millisecond.',
  shownBy(
    'unit/token-verifier.test.ts',
    'an exp with a fraction is rounded down to the millisecond, so that it can be stored',
  ),
);
says(
  'CONN-3',
  'refresh-token takes a token of the same sub whose exp is not earlier.',
  shownBy('unit/session.test.ts', 'with the same token again is no error'),
  shownBy('unit/session.test.ts', 'that ends earlier'),
);
says(
  'CONN-3',
  'A bad token gets unauthorized, and the socket stays open.',
  shownBy('unit/session.test.ts', 'with a token %s is unauthorized, and the socket stays open'),
);

says(
  'CONN-4',
  `ping has three uses: it is the hello after opening, the heartbeat before 10 idle minutes pass, and the proof that
   nothing at the end of a log was missed.`,
  shownBy('unit/client-connection.test.ts', '%s, %s → %s (%s)'),
  shownBy(
    'unit/client-connection.test.ts',
    'pings before ten idle minutes pass, and less often while the page is hidden (CONN-4)',
  ),
  shownBy('unit/client-conversation.test.ts', 'CONN-4: notices with the next ping that the last push was lost'),
);
says(
  'CONN-4',
  'It takes up to 50 positions; conversations that the user is not a member of are passed over.',
  async (s) => {
    const mine = await s.group();
    await s.say(s.ann, mine);
    const theirs = (await s.chat.ask(s.bob, 'create-conversation', { kind: 'group' })).conversationId;
    await s.say(s.bob, theirs);
    const at = (conversationId: string) => ({ conversationId, seq: 0 });
    const positions = [at(theirs), at('nowhere'), ...Array.from({ length: 47 }, (_, n) => at(`x${n}`)), at(mine)];
    expect(positions).toHaveLength(50);
    expect(await s.chat.ask(s.ann, 'ping', { positions })).toMatchObject({
      behind: [{ conversationId: mine, head: 1 }],
    });
    expect(await s.code(s.ann, 'ping', { positions: [...positions, at(mine)] })).toBe('validation-failed');
  },
);
says('CONN-4', 'behind names each conversation whose head is above the given seq.', async (s) => {
  const conversationId = await s.group();
  await s.say(s.ann, conversationId);
  await s.say(s.ann, conversationId);
  const behind = async (seq: number) =>
    (await s.chat.ask(s.ann, 'ping', { positions: [{ conversationId, seq }] })).behind;
  expect([await behind(1), await behind(2), await behind(3)]).toEqual([[{ conversationId, head: 2 }], [], []]);
});

says(
  'CONN-5',
  'Nothing is pushed later than exp + 60 s.',
  shownBy('unit/session.test.ts', 'CONN-5: nothing is pushed to a connection after its end'),
  shownBy('unit/post-all.test.ts', 'CONN-5: posts nothing after the connection has ended, not even as a retry'),
);
says(
  'CONN-5',
  'A connection past that time, or one that the server does not know, gets unauthorized and is closed.',
  shownBy(
    'unit/session.test.ts',
    'CONN-5: a minute after its end a frame gets unauthorized, then closing, and the socket is closed',
  ),
  shownBy('unit/session.test.ts', 'CONN-5: a connection that the server does not know is told so and closed'),
);
says(
  'CONN-5',
  `The commands that read the connection's row notice that it is gone: join, leave, ping, refresh-token, set-status, and
   every command after the token's first exp.`,
  async (s) => {
    const conversationId = await s.group(s.bob, s.cid);
    const frames = [
      { action: 'join', conversationId },
      { action: 'leave', conversationId },
      { action: 'ping' },
      { action: 'refresh-token', token: 'any' },
      { action: 'set-status', status: 'away' },
    ];
    for (const frame of frames) {
      await s.chat.stores.connections.forget(s.ann.connectionId);
      expect([frame.action, await s.codeOfFrame(s.ann, frame)]).toEqual([frame.action, 'silence']);
      const [error, closing] = s.chat.gateway.take(s.ann.connectionId);
      expect([error?.data, closing?.event]).toMatchObject([{ code: 'unauthorized' }, 'closing']);
      s.chat.gateway.open.add(s.ann.connectionId);
    }
    pastEnd(s, 0);
    expect(await s.codeOfFrame(s.ann, { action: 'list-conversations' })).toBe('silence');
    expect(s.chat.gateway.closed).toContain(s.ann.connectionId);
  },
);
says('CONN-5', 'Other commands cost no read for it.', async (s) => {
  const conversationId = await s.group();
  await s.chat.stores.connections.forget(s.ann.connectionId);
  s.chat.stores.connections.connection = async () => expect.unreachable('the row of the connection is read');
  const { seq } = await s.say(s.ann, conversationId);
  for (const [action, fields] of [
    ['edit-message', { conversationId, seq, content: 'new' }],
    ['history', { conversationId }],
    ['mark', { conversationId, readSeq: 1 }],
    ['list-members', { conversationId }],
    ['list-conversations', {}],
    ['typing', { conversationId, isTyping: true }],
    ['update-conversation', { conversationId, name: 'New' }],
  ] as const) {
    expect([action, await s.code(s.ann, action, fields as never)]).toEqual([action, undefined]);
  }
});
says(
  'CONN-5',
  'Sockets end after 2 hours; clients reconnect.',
  shownBy(
    'unit/client-connection.test.ts',
    'opens a second socket before the first would end, and then closes the first (CONN-5)',
  ),
  shownBy('unit/session.test.ts', 'never extends the rows beyond the longest life of a socket'),
);

says(
  'CONN-6',
  'Before it closes a socket, the server pushes closing.',
  shownBy('unit/session.test.ts', 'beyond 20, each new one closes the oldest, which is told not to come back (CONN-6)'),
  shownBy(
    'unit/session.test.ts',
    'CONN-5: a minute after its end a frame gets unauthorized, then closing, and the socket is closed',
  ),
);
says(
  'CONN-6',
  'After any close, clients wait with full jitter, 1–30 s, and connect again; after a failed handshake they also get a new token.',
  shownBy(
    'unit/client-connection.test.ts',
    'waits with full jitter between 1 s and a ceiling that doubles up to 30 s (CONN-6)',
  ),
  shownBy(
    'unit/client-connection.test.ts',
    'asks for a new token after a failed handshake, but not after a lost connection (CONN-6)',
  ),
);
says(
  'CONN-6',
  `Where a link that had worked was lost without closing, the first attempt may come sooner, spread over one second; where
   links are lost within seconds, over and over, clients wait as after failures.`,
  shownBy(
    'unit/client-connection.test.ts',
    'spreads its attempts over a second after a link that worked, and over more after `closing` (CONN-6)',
  ),
  shownBy(
    'unit/client-connection.test.ts',
    'does not run down a server that drops every connection as soon as it is up (CONN-6)',
  ),
);
says(
  'CONN-6',
  'They stop only on reconnect: false, which the oldest of too many connections gets.',
  shownBy('unit/client-connection.test.ts', 'covers every row of the table, and no other'),
  shownBy('unit/session.test.ts', 'beyond 20, each new one closes the oldest, which is told not to come back (CONN-6)'),
);
