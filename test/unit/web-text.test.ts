import type { Member } from '@parley/client';
import { describe, expect, test } from 'vitest';
import { contentError } from '../../client/src/conversation/validate.ts';
import { EMOJI_GROUPS, isOnlyEmoji, QUICK_REACTIONS } from '../../client/web/src/text/emoji.ts';
import { mentionedIn, mentionQuery } from '../../client/web/src/text/mentions.ts';
import { realHostOf } from '../../client/web/src/text/real-host.ts';
import { type Segment, safeHref, segmentsOf } from '../../client/web/src/text/segments.ts';
import { whyUnsendable } from '../../client/web/src/text/sendable.ts';
import { dayOf, durationOf } from '../../client/web/src/text/time.ts';
import { idsIn, withIds } from '../../client/web/src/text/user-ids.ts';
import { isEmoji } from '../../shared/protocol/text.ts';
import { HOSTILE_TEXTS } from '../support/markup.ts';

describe('who is mentioned in a text', () => {
  const members = ['ann', 'anna', 'ann+chat@example.com', 'CN=Ann Lee,OU=Staff', '_Yp9', '-A'].map(
    (userId) => ({ userId }) as Member,
  );

  test.each([
    ['@ann, hello', ['ann']],
    ['@anna hello', ['anna']],
    ['hello @ann.', ['ann']],
    ['(@ann)', ['ann']],
    ['ann@ann', []],
    ['@annabel', []],
    ['@ann-x', []],
    ['@ann+chat@example.com', ['ann+chat@example.com']],
    ['@CN=Ann Lee,OU=Staff and @_Yp9: @-A', ['CN=Ann Lee,OU=Staff', '_Yp9', '-A']],
    ['@CN=Ann Lee,OU=Staffing', []],
  ])('%j mentions %j', (text, mentioned) => {
    expect(mentionedIn(text, members)).toEqual(mentioned);
  });

  test.each([
    ['@an', 'an'],
    ['hi @CN=Ann L', 'CN=Ann L'],
    ['@ann and @', ''],
    ['ann@', undefined],
    ['hello', undefined],
  ])('%j looks for %j', (text, query) => {
    expect(mentionQuery(text)).toBe(query);
  });
});

function flat(segments: readonly Segment[]): Segment[] {
  return segments.flatMap((each) => (each.kind === 'styled' ? [each, ...flat(each.parts)] : [each]));
}

function linksIn(text: string) {
  return flat(segmentsOf(text)).flatMap((each) => (each.kind === 'link' ? [each.href] : []));
}

/** The text with every piece that has a style in angle brackets, without its markers. */
function shown(segments: readonly Segment[]): string {
  const pieces = segments.map((each) => {
    if (each.kind === 'styled') return `<${each.style} ${shown(each.parts)}>`;
    return each.kind === 'marker' ? '' : each.text;
  });
  return pieces.join('');
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

describe('a link whose host is not what it looks like', () => {
  const real = (text: string) =>
    flat(segmentsOf(text)).flatMap((each) => (each.kind === 'link' ? [realHostOf(each.text, each.href)] : []));

  test.each([
    ['https://аррӏе.com/id', 'xn--80ak6aa92e.com'],
    ['https://ａｐｐｌｅ.com/', 'apple.com'],
    ['https://0x7f.1/', '127.0.0.1'],
    ['ann@аррӏе.com', 'xn--80ak6aa92e.com'],
  ])('%s shows %s', (text, host) => {
    expect(real(text)).toEqual([host]);
  });

  test('a name before an @ is not the host', () => {
    const address = 'https://apple.com@evil.example/id';
    expect(realHostOf(address, address)).toBe('evil.example');
  });

  test.each([
    'https://example.com/id?a@b',
    'Example.COM',
    'https://example.com:8443/x',
    'http://example.com:80',
    'ann@example.com',
  ])('%s shows nothing more', (text) => {
    expect(real(text)).toEqual([undefined]);
  });
});

describe('formatting', () => {
  test.each([
    ['**bold**, *italic*, _italic_ and `code`', '<bold bold>, <italic italic>, <italic italic> and <code code>'],
    ['**bold with *italic* inside**', '<bold bold with <italic italic> inside>'],
    ['`**as it is**`', '<code **as it is**>'],
    ['2 * 3 * 4 and 2*3*4, snake_case_name', '2 * 3 * 4 and 2*3*4, snake_case_name'],
    ['** not bold ** and * not a list', '** not bold ** and * not a list'],
    ['before\n```ts\nconst a = `b`;\n```', 'before\n```ts\nconst a = <code b>;\n```'],
    ['before\n```\n  let a;\n```\nafter', 'before\n<block   let a;\n>after'],
    ['> one\n> **two**\nthree', '<quote one\n<bold two>\n>three'],
    ['>:( a > b', '>:( a > b'],
    ['這是**粗體**字', '這是<bold 粗體>字'],
  ])('%j looks like %j, and no character is lost', (text, expected) => {
    const segments = segmentsOf(text);
    expect(shown(segments)).toBe(expected);
    for (const each of flat(segments)) {
      if (each.kind === 'styled') expect(each.parts.map((part) => part.text).join('')).toBe(each.text);
    }
    expect(segments.map((each) => each.text).join('')).toBe(text);
  });

  test('links and mentions work inside it, and are not taken apart by it', () => {
    expect(linksIn('**see https://example.com/a_b_c** or *https://example.com/_x*')).toEqual([
      'https://example.com/a_b_c',
      'https://example.com/_x',
    ]);
    const segments = flat(segmentsOf('*hello @a_b_c*', ['a_b_c']));
    expect(segments.filter(({ kind }) => kind === 'mention')).toEqual([
      { kind: 'mention', text: '@a_b_c', userId: 'a_b_c' },
    ]);
  });

  test('takes no longer for texts that are made to take long', () => {
    for (const piece of ['**a', '*a ', '_a ', '`', '> \n', '```', '[', 'a@']) {
      const text = piece.repeat(4_000 / piece.length);
      const begun = performance.now();
      expect(
        segmentsOf(text)
          .map((each) => each.text)
          .join(''),
      ).toBe(text);
      expect(performance.now() - begun).toBeLessThan(1_000);
    }
  });
});

describe('TEXT-1: a text that cannot be sent says why', () => {
  const problemWith = (text: string) => {
    const error = contentError(text);
    return error && whyUnsendable(text, error);
  };

  test.each([
    ['x'.repeat(4_001), 'too long'],
    ['a\u000Bb', 'U+000B'],
    ['\u200B', 'nothing to see'],
    ['\u0958'.repeat(4_001), 'too long'],
    ['\uD800', 'half a character'],
  ])('%j', (text, reason) => {
    expect(problemWith(text)).toContain(reason);
  });

  test('and one that can says nothing', () => {
    expect(['a', 'two\r\nlines\twith a tab', 'x'.repeat(4_000), '❤️'].map(problemWith)).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe('mentions', () => {
  const mentioned = (text: string, userIds: string[]) =>
    flat(segmentsOf(text, userIds)).flatMap((each) => (each.kind === 'mention' ? [each.userId] : []));

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

describe('several user ids', () => {
  test('are one on a line: spaces, commas and semicolons belong to the id', () => {
    const pasted = "CN=Ann Lee,OU=Staff\r\nwaad|a/b\n\n  o'neil #1 \n_Yp9gD3xQ0aV; x";
    expect(idsIn(pasted)).toEqual(['CN=Ann Lee,OU=Staff', 'waad|a/b', "o'neil #1", '_Yp9gD3xQ0aV; x']);
    expect(idsIn(' \n')).toEqual([]);
  });

  test('are each taken once', () => {
    expect(withIds(['bob', 'carol'], ['dave', 'bob'])).toEqual(['bob', 'carol', 'dave']);
  });
});
