import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { take } from '../../shared/domain/rate.ts';
import { fitItems, jsonBytes, packFrames } from '../../shared/protocol/frames.ts';
import { FRAME_MAX_BYTES } from '../../shared/protocol/limits.ts';
import { contentText, cutToCodePoints, isEmoji, nameText } from '../../shared/protocol/text.ts';
import { decodeCursor, encodeCursor } from '../../shared/usecases/cursor.ts';
import { runs } from './runs.ts';

/** Any text, including astral characters, lone surrogates, controls and combining marks. */
const wild = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\ud800', '\r\n', '\t', '\n', 'e\u0301', '\u200b', '\u202e', ' ', '🐙'),
  ),
  maxLength: 60,
});

describe('text (TEXT-1)', () => {
  for (const [name, rule] of Object.entries({ content: contentText, name: nameText })) {
    test(`an accepted ${name} is well-formed, what was sent but for CRLF, without controls, and stays the same if checked again`, () => {
      fc.assert(
        fc.property(wild, (raw) => {
          const verdict = rule(raw);
          if (!verdict.ok) return;
          assert.ok(verdict.text.isWellFormed());
          assert.equal(verdict.text, raw.replaceAll('\r\n', '\n'));
          assert.doesNotMatch(verdict.text, name === 'name' ? /\p{Cc}|[\u200b\u202e]/u : /[\p{Cc}--[\t\n]]/v);
          assert.deepEqual(rule(verdict.text), verdict);
        }),
        runs(1_000),
      );
    });
  }

  test('a text without a fault is never refused', () => {
    const plain = fc.stringMatching(/^[a-zA-Z0-9äöüß🐙 ]{0,50}[a-z]$/u);
    fc.assert(
      fc.property(plain, (raw) => assert.ok(contentText(raw).ok && nameText(raw).ok)),
      runs(300),
    );
  });

  test('cutting leaves a prefix of whole code points, as many as allowed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, max) => {
        const cut = cutToCodePoints(text, max);
        assert.ok(text.startsWith(cut) && [...cut].length === Math.min(max, [...text].length));
      }),
      runs(500),
    );
  });

  test('two emojis, or an emoji and anything else, do not count as one', () => {
    const emoji = fc.constantFrom('👍', '👩‍🚀', '🇩🇪', '👍🏽', '1️⃣');
    fc.assert(
      fc.property(emoji, fc.string({ minLength: 1 }), (one, more) => isEmoji(one) && !isEmoji(one + more + one)),
      runs(200),
    );
  });
});

describe('frames', () => {
  const frame = fc
    .record({ size: fc.oneof(fc.nat(200), fc.nat(24_000)), text: fc.constantFrom('x', '"', '🐙', '\n') })
    .map(
      ({ size, text }) =>
        ({ event: 'receive-message', data: { content: text.repeat(size / jsonBytes(text)) } }) as never,
    );

  test('ENV-1, ENV-6: packed texts hold all frames in order, fit into a frame, and leave no room for the next', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
        const texts = packFrames(frames);
        const unpacked = texts
          .map((text) => JSON.parse(text))
          .map((one) => (one.event === 'batch' ? one.data.frames : [one]));
        assert.deepEqual(unpacked.flat(), frames);
        for (const text of texts) assert.ok(Buffer.byteLength(text) <= FRAME_MAX_BYTES);
        for (const [index, text] of texts.slice(1).entries()) {
          const first = JSON.stringify(unpacked[index + 1]?.[0] ?? text);
          assert.ok(Buffer.byteLength(texts[index] as string) + Buffer.byteLength(first) + 40 > FRAME_MAX_BYTES);
        }
      }),
      runs(200),
    );
  });

  test('PAGE-1: a page is the longest run that fits, from either end, and at least one item', () => {
    const items = fc.array(fc.string({ maxLength: 40 }), { maxLength: 20 });
    fc.assert(
      fc.property(items, fc.nat(400), fc.constantFrom('start' as const, 'end' as const), (all, budget, from) => {
        const fitting = fitItems(all, budget, from);
        assert.deepEqual(
          fitting,
          from === 'start' ? all.slice(0, fitting.length) : all.slice(all.length - fitting.length),
        );
        const size = (list: readonly string[]) => list.reduce((bytes, one) => bytes + jsonBytes(one) + 1, 0);
        assert.ok(fitting.length <= 1 || size(fitting) <= budget);
        assert.equal(fitting.length > 0, all.length > 0);
        if (fitting.length === all.length) return;
        const more = from === 'start' ? all.slice(0, fitting.length + 1) : all.slice(all.length - fitting.length - 1);
        assert.ok(size(more) > budget);
      }),
      runs(500),
    );
  });
});

describe('cursors (PAGE-1)', () => {
  const scope = fc.array(fc.string(), { minLength: 1, maxLength: 3 });

  test('lead back to where they were made, and are refused by another list', () => {
    fc.assert(
      fc.property(scope, scope, fc.string(), (mine, other, last) => {
        const cursor = encodeCursor(mine, last);
        assert.equal(decodeCursor(mine, cursor), last);
        if (JSON.stringify(mine) !== JSON.stringify(other))
          assert.throws(() => decodeCursor(other, cursor), { code: 'validation-failed' });
      }),
      runs(300),
    );
  });

  test('are refused if they are damaged anywhere or made up', () => {
    fc.assert(
      fc.property(scope, fc.string(), fc.nat(), fc.string({ maxLength: 80 }), (mine, last, at, made) => {
        const cursor = encodeCursor(mine, last);
        const place = at % (cursor.length - 1);
        const other = cursor[place] === 'A' ? 'B' : 'A';
        const damaged = cursor.slice(0, place) + other + cursor.slice(place + 1);
        for (const bad of [damaged, made]) assert.throws(() => decodeCursor(mine, bad), { code: 'validation-failed' });
      }),
      runs(300),
    );
  });
});

describe('rates', () => {
  const rate = fc.record({ intervalMs: fc.integer({ min: 1, max: 1_000 }), burst: fc.integer({ min: 1, max: 50 }) });

  test('never allow more than the burst plus one an interval, and say exactly when to try again', () => {
    fc.assert(
      fc.property(rate, fc.array(fc.nat(400), { maxLength: 100 }), (asked, waits) => {
        let now = 1_000_000;
        const start = now;
        let tat: number | undefined;
        let passed = 0;
        for (const wait of waits) {
          now += wait;
          const taken = take(asked, tat, now);
          if (taken.ok) {
            tat = taken.tat;
            passed += 1;
            continue;
          }
          assert.ok(taken.retryAfterMs > 0 && taken.retryAfterMs <= asked.intervalMs);
          assert.equal(take(asked, tat, now + taken.retryAfterMs - 1).ok, false);
          assert.equal(take(asked, tat, now + taken.retryAfterMs).ok, true);
        }
        assert.ok(passed <= asked.burst + (now - start) / asked.intervalMs);
      }),
      runs(500),
    );
  });
});
