import { expect, test } from 'vitest';
import type { Post } from '../../shared/delivery/post-all.ts';
import { entryBytes } from '../../shared/delivery/publish-to-bus.ts';
import { retryEvents } from '../../shared/delivery/retry-events.ts';
import { busEvents } from '../../shared/domain/bus-events.ts';

const RETRY = { attempt: 1, startedAt: Date.parse('2026-01-01T00:00:00.000Z') };
/** What the bus takes of one entry: its source, its type and its detail, in UTF-8. */
const BUS_TAKES = 256 * 1024;

function owed(count: number, texts: readonly string[], name = 'c'): Post[] {
  return Array.from({ length: count }, (_, index) => {
    const connectionId = `${name}${String(index).padStart(15, '0')}=`;
    return { connectionId, connectedAt: RETRY.startedAt, expiresAt: RETRY.startedAt + 7_500_000, texts };
  });
}

/** A frame's text of so many bytes that doubles when it is put into JSON again. */
function quotes(bytes: number): string {
  return JSON.stringify({ event: 'x', data: '"'.repeat(bytes / 2) });
}

/** What each connection gets, in the order of the events. */
function received(events: ReturnType<typeof retryEvents>): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  for (const { detail } of events) {
    for (const { connectionId } of detail.connections) {
      texts.set(connectionId, [...(texts.get(connectionId) ?? []), ...detail.texts]);
    }
  }
  return texts;
}

test('connections that are owed the same share an event', () => {
  const events = retryEvents([...owed(3, ['a', 'b']), ...owed(2, ['b'], 'd'), ...owed(4, ['a'], 'e')], RETRY);
  expect(events.map(({ detail }) => [detail.texts, detail.connections.length])).toEqual([
    [['a', 'b'], 3],
    [['b'], 2],
    [['a'], 4],
  ]);
  for (const { type, detail } of events) expect(busEvents[type].parse(detail)).toEqual(detail);
});

test.each([
  ['many connections', 10_000, ['{"event":"x"}']],
  ['texts that escaping doubles', 400, Array.from({ length: 4 }, () => quotes(32_000))],
  ['more texts than one event takes', 30, Array.from({ length: 12 }, (_, index) => quotes(30_000 + 2 * index))],
  ['texts of two and four bytes a character', 500, [`"${'é😀'.repeat(5_000)}"`, `"${'😀'.repeat(8_000)}"`]],
] as const)('the bus takes each event of %s, and nobody is owed more or less', (_, count, texts) => {
  const posts = owed(count, texts);
  const events = retryEvents(posts, RETRY);
  for (const event of events) {
    const bytes = Buffer.byteLength(`parleydelivery-retry${JSON.stringify(event.detail)}`);
    expect(bytes).toBe(entryBytes(event));
    expect(bytes).toBeLessThanOrEqual(BUS_TAKES);
  }
  const got = received(events);
  expect(got.size).toBe(count);
  for (const one of got.values()) expect(one).toEqual(texts);
});
