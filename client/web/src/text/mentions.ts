import type { Member } from '@parley/client';

type Named = Pick<Member, 'userId'>;

/** From the last @ that begins a word to the caret. An id may hold spaces and signs, so what fits is for the members. */
const BEFORE_CARET = /(?:^|\s)@((?:(?!\s@)[ -~])*)$/;
/** A sign that begins a mention; inside a word it is part of an address. */
const SIGN = /(?:^|[^A-Za-z0-9_])@/g;
/** What may follow a mention: punctuation, and then no further letter of an id. */
const END = /^[.:@|-]*(?![A-Za-z0-9_.:@|-])/;

/** What the user has typed of an id after the @, given the text before the caret; undefined if there is none. */
export function mentionQuery(before: string): string | undefined {
  return BEFORE_CARET.exec(before)?.[1];
}

/** The members whom a text mentions, each once: behind an @, the longest id that fits. */
export function mentionedIn(text: string, members: readonly Named[]): string[] {
  const longestFirst = members.map(({ userId }) => userId).sort((a, b) => b.length - a.length);
  const named = Array.from(text.matchAll(SIGN), ({ index, 0: sign }) => {
    const rest = text.slice(index + sign.length);
    return longestFirst.find((userId) => rest.startsWith(userId) && END.test(rest.slice(userId.length)));
  });
  return [...new Set(named)].filter((userId) => userId !== undefined);
}
