import type { ChatMessage } from '@parley/client';
import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../client/web/console/views/rows.ts';
import { noticeText, quoteOf } from '../../client/web/console/views/words.ts';
import { type Notice, Notices } from '../../client/web/console/wire/notices.ts';

const AT = '2026-01-02T10:00:00.000Z';
function common(seq: number) {
  return { conversationId: 'general', seq, at: AT, n: seq };
}

function membership(seq: number, userId = 'bob', by = userId) {
  return { ...common(seq), userId, by, role: 'member' as const };
}

function joined(seq: number): Notice {
  return { event: 'member-joined', data: membership(seq) };
}

describe('console notices', () => {
  test('are read from pushes, replies, pages and batches, each once, in order', () => {
    const notices = new Notices();
    notices.read(JSON.stringify({ event: 'history', data: { entries: [joined(2), joined(3)], head: 9 } }));
    notices.read(JSON.stringify({ event: 'batch', data: { frames: [joined(3), joined(1)] } }));
    notices.read(JSON.stringify({ ...joined(4), requestId: 'r1' }));
    expect(notices.of('general').map(({ data }) => data.seq)).toEqual([1, 2, 3, 4]);
  });

  test('are neither messages nor replies that changed nothing (RETRY-1), nor anything else', () => {
    const notices = new Notices();
    const { seq: _, ...unchanged } = joined(1).data;
    notices.read(JSON.stringify({ event: 'member-joined', data: { ...unchanged, unchanged: true } }));
    notices.read(JSON.stringify({ event: 'receive-message', data: common(1) }));
    for (const text of ['null', '7', 'not JSON', '{"event":"batch","data":{"frames":7}}']) notices.read(text);
    expect(notices.of('general')).toEqual([]);
  });

  test('LOG-6: those of another log are forgotten', () => {
    const notices = new Notices();
    notices.read(JSON.stringify(joined(1)));
    notices.forget('general');
    expect(notices.of('general')).toEqual([]);
  });

  test('are told in words', () => {
    const muted = { ...common(5), userId: 'bob', by: 'alice', mutedUntil: null, banned: true };
    const changes = { ...common(6), by: 'alice', changes: { name: 'Lunch', slowModeSeconds: 5 } };
    const texts = [
      noticeText(joined(1)),
      noticeText({ event: 'member-joined', data: membership(2, 'bob', 'alice') }),
      noticeText({ event: 'member-left', data: membership(3) }),
      noticeText({ event: 'member-left', data: membership(4, 'bob', 'alice') }),
      noticeText({ event: 'member-updated', data: muted }),
      noticeText({ event: 'conversation-updated', data: changes }),
    ];
    expect(texts).toEqual([
      'bob joined',
      'bob was added by alice',
      'bob left',
      'bob was removed by alice',
      'bob is now unmuted, banned, by alice',
      'alice set name “Lunch” and slow mode 5 s',
    ]);
  });
});

describe('console message list', () => {
  const message = (seq: number | undefined, createdAt = AT, senderId = 'alice'): ChatMessage => ({
    key: `key ${seq}`,
    conversationId: 'general',
    seq,
    senderId,
    type: 'text',
    content: `message ${seq}`,
    createdAt,
    reactions: [],
    status: seq === undefined ? 'pending' : 'received',
  });
  const shown = (messages: readonly ChatMessage[], notices: readonly Notice[] = [], hasOlder = false) =>
    rowsOf(messages, notices, hasOlder).flatMap((row) => {
      if (row.kind === 'day') return [];
      if (row.kind === 'notice') return [`notice ${row.notice.data.seq}`];
      return [`${row.follows ? 'follows ' : ''}${row.message.seq}`];
    });

  test('notices stand between messages, what is on its way at the end', () => {
    const messages = [message(2), message(4), message(undefined)];
    expect(shown(messages, [joined(1), joined(3), joined(5)])).toEqual([
      'notice 1',
      '2',
      'notice 3',
      '4',
      'notice 5',
      'undefined',
    ]);
  });

  test('notices before the first message are shown once the log’s beginning is there', () => {
    expect(shown([message(5)], [joined(2), joined(6)], true)).toEqual(['5', 'notice 6']);
  });

  test('a sender’s messages within five minutes stand together', () => {
    const messages = [message(1), message(2), message(3, '2026-01-02T10:05:00.000Z'), message(4, AT, 'bob')];
    expect(shown(messages)).toEqual(['1', 'follows 2', '3', '4']);
  });

  test('each day begins with its name', () => {
    const rows = rowsOf([message(1), message(2), message(3, '2026-01-05T10:00:00.000Z')], [], false);
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'message', 'day', 'message']);
  });

  test('an answer quotes in one line, cut by characters', () => {
    const long = { ...message(1), content: `one\ntwo ${'👍'.repeat(200)}` };
    expect(quoteOf(long, 1)).toBe(`alice: one two ${'👍'.repeat(112)}…`);
    expect([quoteOf({ ...message(1), deletedAt: AT }, 1), quoteOf(undefined, 7)]).toEqual([
      'alice: deleted message',
      '#7',
    ]);
  });
});
