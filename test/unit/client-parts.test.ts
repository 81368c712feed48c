import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { entriesOf, framesIn } from '../../client/src/connection/frames.ts';
import { RetryPlan } from '../../client/src/connection/retry-plan.ts';
import { subjectOf } from '../../client/src/connection/tokens.ts';
import { exclusionError, exclusionOf } from '../../client/src/conversation/exclusion.ts';
import { Timeline } from '../../client/src/conversation/timeline.ts';
import { TypingSignal } from '../../client/src/conversation/typing.ts';
import { checkedDraft, checkedEmoji, contentError } from '../../client/src/conversation/validate.ts';
import { asChatError, ChatError } from '../../client/src/errors.ts';
import { isChannelId } from '../../client/src/limits.ts';
import { indexedDbOutbox } from '../../client/src/outbox/indexed-db.ts';
import type { OutboxItem } from '../../client/src/outbox/storage.ts';
import { HandClock } from '../support/fake-time.ts';

const AT = '2026-11-22T12:00:00.000Z';

function item(clientMessageId: string, changes: Partial<OutboxItem> = {}): OutboxItem {
  const fields = { content: clientMessageId };
  return { clientMessageId, conversationId: 'c', userId: 'ann', order: 1, createdAt: AT, fields, ...changes };
}

describe('what a socket brings (ENV-3, ENV-6)', () => {
  const frame = { event: 'pong', data: {} };

  it.each([
    ['a frame', JSON.stringify(frame), [frame]],
    [
      'a batch, without what is no frame',
      JSON.stringify({ event: 'batch', data: { frames: [frame, 7, null] } }),
      [frame],
    ],
    ['a batch without frames', '{"event":"batch","data":{}}', [{ event: 'batch', data: {} }]],
    ['frames of another event', '{"event":"x","data":{"frames":[]}}', [{ event: 'x', data: { frames: [] } }]],
    ['no JSON', 'Internal server error', []],
    ['data that is null', '{"event":"x","data":null}', []],
    ['an event that is no text', '{"event":7,"data":{}}', []],
  ])('%s', (_, text, frames) => {
    expect(framesIn(text)).toEqual(frames);
  });

  it('of a page, what has a place in the log is an entry, also of a kind that is not known; a reply is none', () => {
    const [known, later] = [
      { event: 'receive-message', data: { seq: 1, n: 1 } },
      { event: 'x', data: { seq: 2, n: 1 } },
    ];
    const others = [
      ...[
        { event: 'x', data: { seq: 3 } },
        { event: 'x', data: { n: 3 } },
      ],
      { event: 'message-sent', data: { seq: 4, n: 2 } },
    ];
    expect(entriesOf({ entries: [known, ...others, later] })).toEqual([known, later]);
  });
});

describe('the list of messages', () => {
  it('shows what waits as it will be once it is sent, and the same object while nothing changes', () => {
    const timeline = new Timeline();
    const forward = { conversationId: 'd', seq: 7 };
    const failure = {
      code: 'forbidden',
      message: 'unable to send the message; you are muted',
      retryable: false,
    } as const;
    const outbox = [
      item('plain'),
      item('full', { fields: { content: 'hi', replyTo: 3, mentions: ['bob'] }, failure }),
      item('forward', { fields: { forward } }),
    ];
    const input = { held: [], outbox, me: undefined, others: { readSeq: 0, deliveredSeq: 0 } };
    const common = { conversationId: 'c', seq: undefined, senderId: 'ann', type: 'text', createdAt: AT, reactions: [] };
    const shown = timeline.messages(input);
    expect(shown).toStrictEqual([
      { ...common, key: 'ann/plain', clientMessageId: 'plain', status: 'pending', content: 'plain' },
      {
        ...{ ...common, key: 'ann/full', clientMessageId: 'full', status: 'failed', content: 'hi', replyTo: 3 },
        ...{ mentions: ['bob'], error: new ChatError(failure) },
      },
      { ...common, key: 'ann/forward', clientMessageId: 'forward', status: 'pending', forwardedFrom: forward },
    ]);
    expect(timeline.messages(input)[0]).toBe(shown[0]);
    const [now] = timeline.messages({ ...input, me: 'anna' });
    expect([now?.senderId, now?.key]).toEqual(['anna', 'anna/plain']);
  });

  it('names a message without an id of its client by its place', () => {
    const data = { conversationId: 'c', senderId: 'bob', type: 'text' as const, createdAt: AT, reactions: [] };
    const held = [{ ...data, seq: 4, n: 3, rev: 4, content: 'hi' }];
    const [shown] = new Timeline().messages({ held, outbox: [], me: 'ann', others: { readSeq: 9, deliveredSeq: 9 } });
    expect(shown).toStrictEqual({ ...data, seq: 4, content: 'hi', key: '#4', status: 'received' });
  });
});

describe('what is looked at before it is sent (TEXT-1)', () => {
  it.each([
    ['no text', {}, 'unable to send the message; content must be a text'],
    [
      'a field that nobody reads',
      { content: 'a', colour: 1 },
      'unable to send the message; colour is not a field of a message',
    ],
    [
      'mentions that are no list',
      { content: 'a', mentions: 'bob' },
      'unable to send the message; mentions must be a list of user ids',
    ],
  ])('%s is refused in these words', (_, draft, message) => {
    const [, path, words] = /; (\w+) (.*)$/.exec(message) ?? [];
    expect(checkedDraft(draft as never).error).toMatchObject({ message, details: [{ path, message: words }] });
  });

  it('keeps what was given, without empty mentions, and each mention once', () => {
    expect(checkedDraft({ content: 'a', mentions: [] })).toEqual({ fields: { content: 'a' } });
    const all = { content: 'a', replyTo: 3, mentions: ['bob', 'bob'] };
    expect(checkedDraft(all)).toEqual({ fields: { ...all, mentions: ['bob'] } });
    expect(checkedDraft({ forward: { conversationId: 'd', seq: 1 } })).toEqual({
      fields: { forward: { conversationId: 'd', seq: 1 } },
    });
  });

  it('says of a text and of an emoji why it is refused', () => {
    expect(contentError('hello')).toBeUndefined();
    expect(contentError('')?.message).toMatch(/^unable to send the message; content /);
    const details = [{ path: 'emoji', message: 'must be one RGI emoji' }];
    const message = 'unable to add the reaction; emoji must be one RGI emoji';
    expect(() => checkedEmoji('add the reaction', 'x')).toThrow(expect.objectContaining({ message, details }));
  });

  it('tells the id of a channel from that of another conversation', () => {
    expect(['general', 'g:1', 'd:ann:bob', ''].map(isChannelId)).toEqual([true, false, false, false]);
  });
});

it('an outbox in IndexedDB holds the messages of several users, and gives each their own', async () => {
  const outbox = indexedDbOutbox('a-name', new IDBFactory());
  await outbox.put(item('hers'));
  await outbox.put(item('his', { userId: 'bob' }));
  expect(await outbox.load('ann')).toEqual([item('hers')]);
  await outbox.remove('hers');
  expect([await outbox.load('ann'), await outbox.load('bob')]).toEqual([[], [item('his', { userId: 'bob' })]]);
});

describe('when to try again (CONN-6)', () => {
  const plan = () => new RetryPlan(new HandClock(), () => 1);

  it('a link that lived for three seconds earns one quick attempt, a third of that a third of one', () => {
    const after = plan();
    const waits = [0, 0, 0, 0].map((livedMs) => after.afterLoss(livedMs));
    expect([waits.slice(0, 3), (waits[3] as number) > 1_000]).toEqual([[1_000, 1_000, 1_000], true]);
    expect([1_000, 1_000, 1_000].map((livedMs) => after.afterLoss(livedMs) <= 1_000)).toEqual([false, false, true]);
    expect(after.afterLoss(3_000)).toBe(1_000);
  });

  it('forgets earlier failures after three seconds, not before', () => {
    const [good, young] = [plan(), plan()];
    const first = plan().afterFailure(0);
    for (const each of [good, young]) for (let failures = 0; failures < 4; failures += 1) each.afterFailure(0);
    good.afterLoss(3_000);
    young.afterLoss(2_999);
    expect(good.afterFailure(0)).toBe(first);
    expect(young.afterFailure(0)).toBeGreaterThan(first);
  });
});

it.each(['', 'x', 'a.b.c', `a.${btoa('{"sub":7}')}.c`])(
  'a token that is no JWT with a subject (%j) names nobody',
  (token) => {
    expect(subjectOf(token)).toBeUndefined();
  },
);

it('TYPE-1: tells of typing every 4 s at most, and of its end while the others still show it', async () => {
  const clock = new HandClock();
  const signal = new TypingSignal(clock);
  expect(signal.due(false)).toBe(false);
  const signs: boolean[] = [];
  for (const [ms, isTyping] of [
    ...([
      [0, true],
      [3_999, true],
      [1, true],
    ] as const),
    ...([
      [7_999, false],
      [0, false],
    ] as const),
    ...([
      [0, true],
      [8_000, false],
    ] as const),
  ]) {
    await clock.advance(ms);
    signs.push(signal.due(isTyping));
  }
  expect(signs).toEqual([true, false, true, true, false, true, false]);
});

it('what is thrown and is no error of ours is internal, and is not tried again', () => {
  const cause = new Error('a hook threw');
  expect(asChatError(cause)).toMatchObject({
    ...{ code: 'internal', retryable: false, message: 'unable to go on; Error: a hook threw', cause },
  });
  expect(asChatError(undefined)).toMatchObject({ code: 'internal', message: 'unable to go on; undefined' });
});

describe('access (AUTH-1, JOIN-3, MEMB-1)', () => {
  const left = { event: 'member-left', data: { userId: 'ann' } };
  const updated = (banned?: boolean) => ({ event: 'member-updated', data: { userId: 'ann', banned } });

  it.each([
    ['a member leaves', left, 'ann', 'left'],
    ['another leaves', left, 'bob', undefined],
    ['a member leaves, and nobody knows who we are', left, undefined, undefined],
    ['a member is banned', updated(true), 'ann', 'banned'],
    ['a ban is lifted', updated(false), 'ann', undefined],
    ['a member is updated otherwise', updated(), 'ann', undefined],
    ['something else says so', { event: 'x', data: { userId: 'ann', banned: true } }, 'ann', undefined],
  ])('ends or not when %s', (_, frame, me, exclusion) => {
    expect(exclusionOf(frame, me)).toBe(exclusion);
  });

  it.each([
    ['banned', 'general', 'forbidden', 'you are banned from it'],
    ['banned', 'g:room', 'conversation-not-found', 'you are banned from it'],
    ['left', 'd:a', 'conversation-not-found', 'you are no member any more'],
    ['left', 'general', 'not-joined', 'you are no member any more'],
  ] as const)('%s in %s is %s', (exclusion, id, code, reason) => {
    const message = `unable to use the conversation; ${reason}`;
    expect(exclusionError(exclusion, id, undefined)).toMatchObject({ code, message, retryable: false });
  });
});
