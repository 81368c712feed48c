import { linkifyit } from 'linkify-it';

/** A piece of a message's text. Its parts joined give the text, unchanged. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly userId: string };

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const linkify = linkifyit({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: false, maxLength: 2_000 });

/** Finds links and the mentions of `userIds` in a text. */
export function segmentsOf(text: string, userIds: readonly string[] = []): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const { index, lastIndex, url, raw } of linkify.match(text) ?? []) {
    const href = safeHref(url);
    if (!href || index < from) continue;
    segments.push(...withMentions(text.slice(from, index), userIds), { kind: 'link', text: raw, href });
    from = lastIndex;
  }
  segments.push(...withMentions(text.slice(from), userIds));
  return segments;
}

/** The address if it is safe to follow, else undefined. This decides, whatever recognised the link. */
export function safeHref(url: string): string | undefined {
  const parsed = URL.parse(url);
  return parsed && SAFE_PROTOCOLS.has(parsed.protocol) ? parsed.href : undefined;
}

function withMentions(text: string, userIds: readonly string[]): Segment[] {
  if (!text) return [];
  const names = userIds.toSorted((a, b) => b.length - a.length).map(escapeRegExp);
  if (names.length === 0) return [{ kind: 'text', text }];
  const parts = text.split(new RegExp(`(@(?:${names.join('|')})(?![A-Za-z0-9_]))`));
  return parts.filter(Boolean).map((part) => {
    const userId = part.slice(1);
    return part.startsWith('@') && userIds.includes(userId)
      ? { kind: 'mention', text: part, userId }
      : { kind: 'text', text: part };
  });
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
