import { beforeEach, describe, expect, test } from 'vitest';
import type { ErrorData } from '../../shared/protocol/errors.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup } from '../support/groups.ts';

let chat: Chat;
let user: Client;
let conversationId = '';

beforeEach(async () => {
  chat = new Chat();
  user = await chat.connect('olga');
  conversationId = await createGroup(chat, user);
});

function fault(reply: ReplyFrame | undefined) {
  return (reply?.data ?? {}) as Partial<ErrorData>;
}
const SECRET = 'pa55word';
function body(fields: object) {
  return JSON.stringify(fields);
}
function send(fields: object) {
  return () => body({ action: 'send-message', conversationId, ...fields });
}

/** Malformed frames: what is wrong with each, the frame, and the code of the error. */
const MALFORMED: readonly (readonly [string, () => string, string])[] = [
  ['empty', () => '', 'invalid-json'],
  ['no JSON', () => '{"action":', 'invalid-json'],
  ['a text', () => '"send-message"', 'invalid-json'],
  ['null', () => 'null', 'invalid-json'],
  ['a number', () => '42', 'invalid-json'],
  ['an array', () => '[{"action":"ping"}]', 'invalid-json'],
  ['no action', () => '{}', 'unknown-action'],
  ['an action that is no text', () => body({ action: 7 }), 'unknown-action'],
  ['an action that is nowhere', () => body({ action: 'shout' }), 'unknown-action'],
  ['an action of another case', () => body({ action: 'Ping' }), 'unknown-action'],
  ["a name of every object's", () => body({ action: 'constructor' }), 'unknown-action'],
  ['the name of a prototype', () => body({ action: '__proto__' }), 'unknown-action'],
  ['over 32 KiB', send({ content: 'x'.repeat(33_000) }), 'too-large'],
  ['a text over 4,000 code points', send({ content: 'x'.repeat(4_001) }), 'too-large'],
  [
    'a name over 100 code points',
    () => body({ action: 'create-conversation', kind: 'group', name: 'x'.repeat(101) }),
    'too-large',
  ],
  ['an unknown field', send({ content: 'hi', [SECRET]: 1 }), 'validation-failed'],
  ['SEND-1: a senderId', send({ content: 'hi', senderId: SECRET }), 'validation-failed'],
  ['an unknown field within', send({ forward: { conversationId, seq: 1, x: SECRET } }), 'validation-failed'],
  [
    'a __proto__ field',
    () => `{"action":"send-message","conversationId":"${conversationId}","content":"hi","__proto__":{"x":1}}`,
    'validation-failed',
  ],
  ['a missing field', () => body({ action: 'join' }), 'validation-failed'],
  ['an invalid conversation id', send({ conversationId: `${SECRET} #`, content: 'hi' }), 'validation-failed'],
  ['a text that is no text', send({ content: { $gt: SECRET } }), 'validation-failed'],
  ['nothing to see', send({ content: ' \u200b\n' }), 'validation-failed'],
  ['a lone surrogate', send({ content: '\ud800' }), 'validation-failed'],
  ['a control character', send({ content: `${SECRET}\u0000` }), 'validation-failed'],
  ['neither content nor forward', send({}), 'validation-failed'],
  ['content and forward', send({ content: 'hi', forward: { conversationId, seq: 1 } }), 'validation-failed'],
  ['an invalid clientMessageId', send({ content: 'hi', clientMessageId: `${SECRET} !` }), 'validation-failed'],
  ['a negative after', send({ content: 'hi', after: -1 }), 'validation-failed'],
  ['a broken seq', () => body({ action: 'delete-message', conversationId, seq: 1.5 }), 'validation-failed'],
  ['someone mentioned twice', send({ content: 'hi', mentions: ['u', 'u'] }), 'validation-failed'],
  [
    '21 mentioned',
    send({ content: 'hi', mentions: Array.from({ length: 21 }, (_, index) => `u${index}`) }),
    'validation-failed',
  ],
  [
    'PAGE-1: before and after',
    () => body({ action: 'history', conversationId, before: 2, after: 1 }),
    'validation-failed',
  ],
  ['PAGE-1: a limit of 0', () => body({ action: 'history', conversationId, limit: 0 }), 'validation-failed'],
  ['PAGE-1: a limit of 101', () => body({ action: 'history', conversationId, limit: 101 }), 'validation-failed'],
  ['two emojis', () => body({ action: 'add-reaction', conversationId, seq: 1, emoji: '👍👍' }), 'validation-failed'],
  ['a mark without a position', () => body({ action: 'mark', conversationId }), 'validation-failed'],
  [
    'an update with no change',
    () => body({ action: 'update-member', conversationId, userId: 'u' }),
    'validation-failed',
  ],
  [
    'a time without milliseconds',
    () => body({ action: 'update-member', conversationId, userId: 'u', mutedUntil: '2030-01-01T00:00:00Z' }),
    'validation-failed',
  ],
  ['an unknown kind', () => body({ action: 'create-conversation', kind: SECRET }), 'validation-failed'],
  [
    'CONV-1: a channel id with a colon',
    () => body({ action: 'create-conversation', kind: 'channel', conversationId: 'g:x' }),
    'validation-failed',
  ],
  [
    'CONV-1: an id for a group',
    () => body({ action: 'create-conversation', kind: 'group', conversationId: 'mine' }),
    'validation-failed',
  ],
  [
    'CONV-1: a direct conversation of three',
    () => body({ action: 'create-conversation', kind: 'direct', members: ['a', 'b'] }),
    'validation-failed',
  ],
  ['an unknown status', () => body({ action: 'set-status', status: SECRET }), 'validation-failed'],
  [
    '51 positions',
    () => body({ action: 'ping', positions: Array.from({ length: 51 }, () => ({ conversationId, seq: 1 })) }),
    'validation-failed',
  ],
];

describe('malformed frames', () => {
  for (const [name, frame, code] of MALFORMED) {
    test(`${name}: ${code}, nothing echoed, nothing appended, and the connection stays open`, async () => {
      const reply = await chat.raw(user, frame());
      expect(reply?.data).toMatchObject({ code, retryable: false });
      const { details = [], message } = fault(reply);
      expect(details.length).toBeLessThanOrEqual(10);
      const said = details.map((detail) => (detail.message === 'unknown field' ? '' : JSON.stringify(detail)));
      expect(JSON.stringify([said, message])).not.toContain(SECRET);
      expect(chat.stores.state.log(conversationId).current).toEqual([]);
      expect((await chat.raw(user, body({ action: 'ping' })))?.event).toBe('pong');
    });
  }

  test('ERR-2: details name at most ten faults, even for a frame with a hundred', async () => {
    const wrong = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field${index}`, SECRET]));
    const reply = await chat.raw(user, body({ action: 'join', ...wrong }));
    expect(fault(reply).details).toHaveLength(10);
    expect(JSON.stringify(reply)).not.toContain(SECRET);
  });
});

describe('request ids (ENV-3, ENV-7)', () => {
  test.each(['a', 'A-1_2.3:4', 'x'.repeat(64)])('%s is echoed in replies and errors', async (requestId) => {
    expect(await chat.raw(user, body({ action: 'ping', requestId }))).toMatchObject({ event: 'pong', requestId });
    expect(await chat.raw(user, body({ action: 'shout', requestId }))).toMatchObject({ event: 'error', requestId });
    expect(await chat.raw(user, body({ action: 'join', requestId }))).toMatchObject({ event: 'error', requestId });
  });

  test.each(['', 'x'.repeat(65), 'a b', 'ä', 7, null, {}, '<script>'])(
    '%j is refused and not echoed',
    async (requestId) => {
      const reply = await chat.raw(user, body({ action: 'ping', requestId }));
      expect(reply).toMatchObject({
        event: 'error',
        data: { code: 'validation-failed', details: [{ path: 'requestId' }] },
      });
      expect(reply).not.toHaveProperty('requestId');
    },
  );

  test('a reply to a frame without a request id has none', async () => {
    expect(await chat.raw(user, body({ action: 'ping' }))).not.toHaveProperty('requestId');
  });
});

test('ENV-1: a frame that is too large is refused with its own error event, if its action can be read', async () => {
  const frame = { action: 'send-message', requestId: 'r1', conversationId, content: 'x'.repeat(33_000) };
  const refused = { event: 'message-error', requestId: 'r1', data: { code: 'too-large' } };
  expect(await chat.raw(user, body(frame))).toMatchObject(refused);
  expect(await chat.raw(user, 'x'.repeat(33_000))).toMatchObject({ event: 'error', data: { code: 'too-large' } });
});

describe('routes (SEC-1)', () => {
  test.each(['$default', 'connect', 'disconnect'])('a frame that names %s names an unknown action', async (action) => {
    expect(await chat.raw(user, body({ action }))).toMatchObject({ data: { code: 'unknown-action' } });
    expect(chat.gateway.open.has(user.connectionId)).toBe(true);
  });
});

describe('failures and charges', () => {
  test('ERR-1: a failure of ours is internal and retryable, has an id, and does not show its cause', async () => {
    const broken = new Chat({ memory: { before: async ({ operation }) => failOn(operation, 'memberships') } });
    const client = await broken.connect('olga');
    const error = await broken.refusal(client, 'list-conversations', {});
    expect(error).toMatchObject({ code: 'internal', retryable: true, retryAfterMs: 1_000 });
    expect(error.message).toMatch(/^unable to list the conversations; something failed here \(frame=\d+\)$/);
  });

  test('LIMIT-1: a refused frame costs a command token, also on a route that charges for nothing else', async () => {
    const codes: (string | undefined)[] = [];
    for (let frame = 0; frame < 52; frame += 1) {
      const reply = await chat.raw(user, body({ action: 'send-message', conversationId }));
      codes.push(fault(reply).code);
    }
    expect(codes.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => 'validation-failed'));
    expect(codes.slice(50)).toEqual(['rate-limited', 'rate-limited']);
    chat.clock.advance(100);
    expect(await chat.raw(user, body({ action: 'send-message' }))).toMatchObject({
      data: { code: 'validation-failed' },
    });
  });

  test('LIMIT-1: a frame for which no command token is left asks the bucket once', async () => {
    const asked: string[] = [];
    const counted = new Chat({ memory: { before: async ({ operation }) => void asked.push(operation) } });
    const client = await counted.connect('olga');
    const group = await counted.ask(client, 'create-conversation', { kind: 'group' });
    const message = { conversationId: group.conversationId, content: 'hi', clientMessageId: 'm1' };
    await counted.ask(client, 'send-message', message);
    while ((await counted.command(client, 'ping', {}))?.event === 'pong');
    asked.length = 0;
    expect(await counted.refusal(client, 'send-message', message)).toMatchObject({ code: 'rate-limited' });
    expect(asked.filter((operation) => operation === 'takeToken')).toHaveLength(1);
  });

  test('a successful send costs no command token, every other command costs one', async () => {
    await chat.ask(user, 'send-message', { conversationId, content: 'hi' });
    const bucket = () => [...chat.stores.state.buckets].find(([key]) => key.includes('command'))?.[1];
    const before = bucket();
    await chat.ask(user, 'send-message', { conversationId, content: 'hi' });
    expect(bucket()).toBe(before);
    await chat.ask(user, 'ping', {});
    expect(bucket()).not.toBe(before);
  });

  test('ENV-4: a successful typing gets no reply', async () => {
    expect(await chat.command(user, 'typing', { conversationId, isTyping: true })).toBeUndefined();
  });
});

function failOn(operation: string, failing: string): void {
  if (operation === failing) throw new Error(`arn:aws:dynamodb:eu-west-1:1:table/${SECRET}`);
}
