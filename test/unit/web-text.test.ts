import { describe, expect, test } from 'vitest';
import { EMOJI_GROUPS, isOnlyEmoji, QUICK_REACTIONS } from '../../client/web/src/text/emoji.ts';
import { safeHref, segmentsOf } from '../../client/web/src/text/segments.ts';
import { dayOf, durationOf } from '../../client/web/src/text/time.ts';
import { isEmoji } from '../../shared/protocol/text.ts';
import { HOSTILE_TEXTS } from '../support/markup.ts';

function linksIn(text: string) {
  return segmentsOf(text).flatMap((each) => (each.kind === 'link' ? [each.href] : []));
}

describe('links in a message', () => {
  test('are recognised with and without a protocol, without the punctuation around them', () => {
    expect(linksIn('See https://example.com/a?b=1#c, or (http://example.org/x_(y)).')).toEqual([
      'https://example.com/a?b=1#c',
      'http://example.org/x_(y)',
    ]);
    expect(linksIn('example.com and dave@example.com')).toEqual(['http://example.com/', 'mailto:dave@example.com']);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://example.com/x',
    '//example.com',
    'blob:x',
  ])('%s is not a link', (address) => {
    expect(safeHref(address)).toBeUndefined();
    for (const href of linksIn(`See ${address} there`)) expect(href).toMatch(/^(https?|mailto):/);
  });

  test.each(HOSTILE_TEXTS)('TEXT-1: every character of %s is kept, and every link is harmless', (text) => {
    const segments = segmentsOf(text, ['constructor', '__proto__']);
    expect(segments.map((each) => each.text).join('')).toBe(text);
    for (const href of linksIn(text)) expect(href).toMatch(/^(https?|mailto):/);
  });
});

describe('mentions', () => {
  const mentioned = (text: string, userIds: string[]) =>
    segmentsOf(text, userIds).flatMap((each) => (each.kind === 'mention' ? [each.userId] : []));

  test('are those that the message lists; the longest id wins', () => {
    expect(mentioned('@ann, @anna and @bob', ['ann', 'anna'])).toEqual(['ann', 'anna']);
  });

  test('may have any character that a user id may have', () => {
    const userId = 'a.b|c:d@e-f';
    expect(mentioned(`Hello @${userId}!`, [userId])).toEqual([userId]);
  });
});

test('TEXT-1: the server accepts every emoji of the palette, and each is there once', () => {
  const all = EMOJI_GROUPS.flatMap(({ emoji }) => emoji.map((each) => each.emoji));
  expect(all.filter((emoji) => !isEmoji(emoji))).toEqual([]);
  expect(new Set(all).size).toBe(all.length);
  for (const emoji of QUICK_REACTIONS) expect(isEmoji(emoji)).toBe(true);
});

test('up to three emoji without text are large', () => {
  expect(['🎉', '👍 👍', '❤️🔥✨'].every(isOnlyEmoji)).toBe(true);
  expect(['🎉🎉🎉🎉', 'ok 🎉', '1', ''].some(isOnlyEmoji)).toBe(false);
});

test('days and times are worded as people say them', () => {
  const now = Date.parse('2026-03-10T12:00:00');
  expect(dayOf('2026-03-10T01:00:00', now)).toBe('Today');
  expect(dayOf('2026-03-09T23:00:00', now)).toBe('Yesterday');
  expect(dayOf('2024-03-09T23:00:00', now)).toContain('2024');
  expect([900, 61_000, 7_200_000].map(durationOf)).toEqual(['1 s', '1 min', '2 h']);
});
