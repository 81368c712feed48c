import { describe, expect, test } from 'vitest';
import { EXAMPLES, exampleText } from '../../client/console/examples.js';
import { createFrameLog } from '../../client/console/frame-log.js';
import { claimsOf } from '../../client/console/tokens.js';
import { createTypingList, createTypist } from '../../client/console/typing.js';
import { type Action, actionNames, actions as records } from '../../shared/protocol/actions.ts';
import { manualClock } from './console-fakes.ts';

describe('console examples', () => {
  const context = {
    conversationId: 'general',
    seq: 7,
    position: 9,
    me: 'alice',
    other: 'bob',
    id: crypto.randomUUID(),
    now: new Date('2026-01-01T00:00:00.000Z'),
  };

  test('every action of the protocol has one', () => {
    const actions = new Set(EXAMPLES.map((example) => example.build(context).action));
    expect([...actions].sort()).toEqual([...actionNames].sort());
  });

  test.each(EXAMPLES.map((example) => [example.name, example] as const))('%s is a valid command', (_, example) => {
    const { action, requestId, ...fields } = JSON.parse(exampleText(example, context));
    expect(requestId).toMatch(/^[A-Za-z0-9_.:-]{1,64}$/);
    expect(records[action as Action].fields.safeParse(fields)).toMatchObject({ success: true });
  });
});

describe('console typing', () => {
  test('TYPE-1: it is said at most every 4 s, and taken back only while somebody may believe it', async () => {
    const clock = manualClock();
    const said: boolean[] = [];
    const typist = createTypist({ send: (_: string, isTyping: boolean) => said.push(isTyping), clock });
    typist.typed('general');
    await clock.advance(3_999);
    typist.typed('general');
    expect(said).toEqual([true]);
    await clock.advance(1);
    typist.typed('general');
    typist.stopped('general');
    typist.stopped('general');
    expect(said).toEqual([true, true, false]);
  });

  test('TYPE-1: an indicator ends after 6 s, or with a message', async () => {
    const clock = manualClock();
    const list = createTypingList({ changed: () => {}, clock });
    const heard = (userId: string) => list.heard({ conversationId: 'general', userId, isTyping: true });
    heard('bob');
    await clock.advance(4_000);
    heard('bob');
    heard('carol');
    await clock.advance(5_999);
    expect(list.in('general')).toEqual(['bob', 'carol']);
    list.drop('general', 'carol');
    expect(list.in('general')).toEqual(['bob']);
    await clock.advance(1);
    expect([list.in('general'), clock.pending()]).toEqual([[], 0]);
  });
});

describe('console frame log', () => {
  test('it keeps the newest frames only, and tells directions apart', () => {
    const log = createFrameLog({ limit: 3 });
    for (const number of [1, 2, 3, 4]) log.add(number % 2 ? 'in' : 'out', `{"action":"a${number}"}`);
    expect(log.list().map((frame) => frame.title)).toEqual(['a2', 'a3', 'a4']);
    expect(log.list('out').map((frame) => frame.title)).toEqual(['a2', 'a4']);
  });

  test('a token is not kept: frames get copied into mails', () => {
    const log = createFrameLog();
    log.add('out', '{"action":"refresh-token","token":"aaa.bbb.ccc"}');
    expect(log.list()[0]?.text).toBe('{"action":"refresh-token","token":"(not shown)"}');
  });

  test('errors show their code', () => {
    const log = createFrameLog();
    log.add('in', '{"event":"error","data":{"code":"not-joined"}}');
    expect(log.list()[0]).toMatchObject({ title: 'error not-joined', isError: true });
  });
});

describe('console tokens', () => {
  test('claims are read for display, and anything else is none', () => {
    const payload = Buffer.from(JSON.stringify({ sub: 'zoë' })).toString('base64url');
    expect(claimsOf(`x.${payload}.y`)).toEqual({ sub: 'zoë' });
    expect(claimsOf('hello')).toBeUndefined();
  });
});
