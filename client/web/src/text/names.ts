import type { ConversationInfo } from '@parley/client';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HUES = 8;

/** What to call a user. The protocol knows only ids, and those of a user pool are long. */
export function nameOf(userId: string): string {
  return UUID.test(userId) ? userId.slice(0, 8) : userId;
}

/** A name for where there is no markup, so that its direction does not turn what stands beside it. */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}

const sentence = new Intl.ListFormat('en');

/** Names as a sentence lists them, at most `max` of them: `Ann, Bob and 3 others`. */
export function listOf(names: readonly string[], max: number): string {
  const left = names.length - max;
  return sentence.format(
    left > 0 ? [...names.slice(0, max), `${left} ${left === 1 ? 'other' : 'others'}`] : [...names],
  );
}

/** What to call a conversation. */
export function titleOf(info: ConversationInfo | undefined, conversationId: string, me: string): string {
  const other = info?.userIds?.find((userId) => userId !== me);
  if (info?.kind === 'direct' && other !== undefined) return nameOf(other);
  return info?.name ?? (conversationId.length > 30 ? 'Conversation' : conversationId);
}

/** One or two letters for an avatar. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s_.:@|+/=,;"'<>()#-]+/).filter(Boolean);
  const letters = words.slice(0, 2).map((word) => Array.from(word)[0] ?? '');
  return letters.join('').toUpperCase() || '?';
}

/** The same colour for the same name, everywhere. */
export function hueOf(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}
