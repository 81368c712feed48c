import { describe, expect, it } from 'vitest';
import { badgeText, sumOf, unreadOf, unreadText } from '../../client/web/src/text/unread.ts';

describe('how much is unread, as the web app says it', () => {
  it.each([
    [{ count: 7, atMost: false }, '7', '7 unread'],
    [{ count: 99, atMost: false }, '99', '99 unread'],
    [{ count: 100, atMost: false }, '99+', '100 unread'],
    [{ count: 51, atMost: true }, '50+', 'up to 51 unread'],
    [{ count: 4_000, atMost: true }, '50+', 'up to 4000 unread'],
    [{ count: 3, atMost: true }, '3', 'up to 3 unread'],
  ])('shows %j as %s, and reads it out as “%s”', (unread, shown, words) => {
    expect([badgeText(unread), unreadText(unread)]).toEqual([shown, words]);
  });

  it('adds up what is known; with one upper bound the sum is one', () => {
    const exact = unreadOf({ unread: 2, unreadAtMost: false });
    const unknown = unreadOf({ unread: undefined, unreadAtMost: false });
    expect(sumOf([exact, unknown])).toEqual({ count: 2, atMost: false });
    expect(sumOf([exact, unreadOf({ unread: 60, unreadAtMost: true })])).toEqual({ count: 62, atMost: true });
    expect(sumOf([])).toEqual({ count: 0, atMost: false });
  });
});
