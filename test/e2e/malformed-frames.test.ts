import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

/** The frames that are refused, with the error's event and code. Nothing is stored, and the socket must stay open. */
const MALFORMED: readonly (readonly [what: string, frame: object | string, event: string, code: string])[] = [
  ['no JSON', 'hello', 'error', 'invalid-json'],
  ['nothing but a space', ' ', 'error', 'invalid-json'],
  ['cut JSON', '{"action":"ping"', 'error', 'invalid-json'],
  ['an array', '[{"action":"ping"}]', 'error', 'invalid-json'],
  ['a number', '42', 'error', 'invalid-json'],
  ['null', 'null', 'error', 'invalid-json'],
  ['a text', '"ping"', 'error', 'invalid-json'],
  ['no action', { conversationId: 'c' }, 'error', 'unknown-action'],
  ['an action that is no text', { action: 7 }, 'error', 'unknown-action'],
  ['an unknown action', { action: 'fly' }, 'error', 'unknown-action'],
  ['an inherited name', { action: 'constructor' }, 'error', 'unknown-action'],
  ['SEC-1: $default', { action: '$default' }, 'error', 'unknown-action'],
  ['ENV-5: an unknown field', { action: 'ping', extra: 1 }, 'error', 'validation-failed'],
  ['ENV-7: a bad requestId', { action: 'ping', requestId: 'has space' }, 'error', 'validation-failed'],
  ['a bad conversation id', { action: 'join', conversationId: '/etc' }, 'error', 'validation-failed'],
  ['no conversation id', { action: 'leave' }, 'error', 'validation-failed'],
  ['a text for a flag', { action: 'typing', conversationId: 'c', isTyping: 'yes' }, 'error', 'validation-failed'],
  ['no content', { action: 'send-message', conversationId: 'c' }, 'message-error', 'validation-failed'],
  ['empty content', send({ content: '' }), 'message-error', 'validation-failed'],
  ['content without ink', send({ content: ' \u200b\n' }), 'message-error', 'validation-failed'],
  ['a control character', send({ content: 'a\u0000b' }), 'message-error', 'validation-failed'],
  [
    'a lone surrogate',
    '{"action":"send-message","conversationId":"c","content":"\\ud83d"}',
    'message-error',
    'validation-failed',
  ],
  ['SEND-1: a senderId', send({ content: 'x', senderId: 'someone' }), 'message-error', 'validation-failed'],
  [
    'content and forward',
    send({ content: 'x', forward: { conversationId: 'c', seq: 1 } }),
    'message-error',
    'validation-failed',
  ],
  ['mentioned twice', send({ content: 'x', mentions: ['a', 'a'] }), 'message-error', 'validation-failed'],
  ['a negative position', send({ content: 'x', after: -1 }), 'message-error', 'validation-failed'],
  ['TEXT-1: 4,001 code points', send({ content: '🙂'.repeat(4_001) }), 'message-error', 'too-large'],
  ['ENV-1: over 32 KiB', send({ content: 'x'.repeat(33_000) }), 'message-error', 'too-large'],
  ['two directions', { action: 'history', conversationId: 'c', before: 1, after: 1 }, 'error', 'validation-failed'],
  ['a limit of 101', { action: 'history', conversationId: 'c', limit: 101 }, 'error', 'validation-failed'],
  ['no RGI emoji', { action: 'add-reaction', conversationId: 'c', seq: 1, emoji: 'ab' }, 'error', 'validation-failed'],
  ['seq 0', { action: 'delete-message', conversationId: 'c', seq: 0 }, 'message-error', 'validation-failed'],
  [
    '51 positions',
    { action: 'ping', positions: Array(51).fill({ conversationId: 'c', seq: 0 }) },
    'error',
    'validation-failed',
  ],
  [
    'a direct conversation of three',
    { action: 'create-conversation', kind: 'direct', members: ['a', 'b'] },
    'error',
    'validation-failed',
  ],
  [
    'a channel with a colon',
    { action: 'create-conversation', kind: 'channel', conversationId: 'a:b' },
    'error',
    'validation-failed',
  ],
  ['TEXT-1: a name of two lines', create({ name: 'a\nb' }), 'error', 'validation-failed'],
  ['TEXT-1: a name with a bidi control', create({ name: 'a\u202eb' }), 'error', 'validation-failed'],
  ['TEXT-1: a name of 101', create({ name: 'x'.repeat(101) }), 'error', 'too-large'],
  ['an unknown status', { action: 'set-status', status: 'asleep' }, 'error', 'validation-failed'],
];

function send(fields: object) {
  return { action: 'send-message', conversationId: 'c', ...fields };
}

function create(fields: object) {
  return { action: 'create-conversation', kind: 'group', ...fields };
}

describe('a malformed frame', () => {
  test('is refused with the right error, and the connection stays open', async ({ chat }) => {
    const mallory = await chat.connect('mallory');
    const outcomes: unknown[] = [];

    for (const [what, frame] of MALFORMED) {
      const { event, requestId, data } = await mallory.provoke(frame);
      outcomes.push([what, event, data.code]);
      expect([what, requestId]).toEqual([what, undefined]);
    }

    expect(outcomes).toEqual(MALFORMED.map(([what, , event, code]) => [what, event, code]));
    expect(await mallory.ask('ping', {})).toMatchObject({ userId: mallory.userId });
    expect(mallory.pushed('closing')).toEqual([]);
  });

  test('SEC-1: a frame that names a route of the gateway does nothing and gets no reply', async ({ chat }) => {
    const mallory = await chat.connect('mallory');
    for (const action of ['$connect', '$disconnect']) mallory.socket.send({ action, requestId: action });
    expect(await mallory.ask('ping', {})).toMatchObject({ userId: mallory.userId, behind: [] });
    expect(mallory.socket.frames.map(({ event }) => event)).toEqual(['pong']);
  });

  test('ENV-2: a valid requestId is echoed in the error', async ({ chat }) => {
    const mallory = await chat.connect('mallory');
    for (const [index, action] of ['fly', '$default', 'connect', 'leave'].entries()) {
      const reply = await mallory.socket.request({ action, requestId: `frame-${index}` });
      expect(reply).toMatchObject({ event: 'error', requestId: `frame-${index}` });
    }
  });

  test('ERR-2: details name at most ten places and reasons, and never what was sent', async ({ chat }) => {
    const mallory = await chat.connect('mallory');
    const fields = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`field${index}`, 'secret-value']));

    const { data } = await mallory.provoke({ action: 'ping', ...fields });

    expect(data.details).toHaveLength(10);
    expect(data.details[0]).toEqual({ path: 'field0', message: 'unknown field' });
    expect(JSON.stringify(data)).not.toContain('secret-value');
  });

  test('LIMIT-1: refused frames of every route are charged, and then rate-limited for a while', async ({ chat }) => {
    const sockets = await chat.connectAll('mallory', 'mallory', 'mallory', 'mallory', 'mallory');
    const actions = ['send-message', 'join', 'leave', 'typing', 'ping'] as const;

    const replies = await Promise.all(
      Array.from({ length: 150 }, (_, index) => {
        const client = sockets[index % 5] as (typeof sockets)[0];
        return client.socket.request({ action: actions[index % 5], requestId: `r.${index}`, unknown: true });
      }),
    );

    const limited = replies.filter(({ data }) => data.code === 'rate-limited');
    expect(limited.length).toBeGreaterThan(0);
    expect(replies.length - limited.length).toBeGreaterThanOrEqual(50);
    expect(limited.every(({ data }) => data.retryable && data.retryAfterMs > 0)).toBe(true);
  });
});
