import { describe, expect, it } from 'vitest';
import { isEmoji, qualifiedEmoji } from '../../shared/protocol/text.ts';

const SELECTOR = '\uFE0F';
const JOINER = '\u200D';
const MODIFIERS = ['🏻', '🏽', '🏿'];

/** Every RGI emoji of one character, with a selector, a keycap or a skin tone. */
function singles(): string[] {
  const found: string[] = [];
  for (let code = 0x23; code < 0x20000; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    const forms = ['', SELECTOR, `${SELECTOR}\u20E3`, ...MODIFIERS].map((end) => character + end);
    found.push(...forms.filter(isEmoji));
  }
  return found;
}

/** RGI emoji that are joined from two, as 🏳️‍🌈, 👁️‍🗨️, 🧔🏽‍♀️ and ❤️‍🔥 are. */
function joined(parts: readonly string[]): string[] {
  const first = ['🏳️', '🏴', '👁️', '❤️', '⛓️', '🧑', '👩🏽', '🧔🏽', '🏋️', '⛹🏿', '🐈', '🙂', '😮'];
  return first.flatMap((one) => parts.map((other) => one + JOINER + other)).filter(isEmoji);
}

const one = singles();
const all = [...one, ...joined(one), '👨‍👩‍👧‍👦', '👩‍❤️‍💋‍👨', '🧑🏻‍❤️‍🧑🏿', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'];

describe('TEXT-1: an emoji in its fully qualified form', () => {
  it.each([
    ['❤', '❤️'],
    ['1⃣', '1️⃣'],
    ['👁‍🗨', '👁️‍🗨️'],
    ['👁️‍🗨', '👁️‍🗨️'],
    ['🏳‍🌈', '🏳️‍🌈'],
    ['⛹🏽‍♀', '⛹🏽‍♀️'],
    ['👩‍❤‍💋‍👨', '👩‍❤️‍💋‍👨'],
    ['©', '©️'],
  ])('%s becomes %s', (bare, qualified) => {
    expect(qualifiedEmoji(bare)).toBe(qualified);
  });

  it('is found for every RGI emoji, whichever of its selectors are missing', () => {
    expect(all.length).toBeGreaterThan(1_800);
    for (const emoji of all) {
      expect(qualifiedEmoji(emoji)).toBe(emoji);
      expect(qualifiedEmoji(emoji.replaceAll(SELECTOR, ''))).toBe(emoji);
      expect(qualifiedEmoji(emoji.replace(SELECTOR, ''))).toBe(emoji);
    }
  });

  it.each(['1', '#', 'a', '', '❤︎', '👍❤', '👍️', '❤️️', '\uFE0F', '🏽‍❤'])('%j is no emoji even so', (text) => {
    expect(isEmoji(qualifiedEmoji(text))).toBe(false);
  });
});
