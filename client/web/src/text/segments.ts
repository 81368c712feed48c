import { linkifyit } from 'linkify-it';

export type Style = 'bold' | 'italic' | 'code' | 'block' | 'quote';

/** A piece of a message's text. Its parts joined give the text, unchanged. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  /** What only says how the text beside it looks, such as `**`. */
  | { readonly kind: 'marker'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly userId: string }
  | { readonly kind: 'styled'; readonly text: string; readonly style: Style; readonly parts: readonly Segment[] };

/** A link or a mention, and where it begins. */
type Atom = Segment & { readonly kind: 'link' | 'mention'; readonly from: number };

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const linkify = linkifyit({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: false, maxLength: 2_000 });

/** Code between lines of three backticks, or lines that begin with `> `. Both end their line. */
const BLOCKS = /```(?:[^\S\n]*\n)?(?<block>[^`]*[^`\s][^`]*)```\n?|(?<=^|\n)(?<quote>(?:> [^\n]*\S[^\n]*(?:\n|$))+)/g;
/** `code`, **bold**, *italic* and _italic_, each within a line and not within a word. */
const STYLES = new RegExp(
  [
    /`(?<code>[^`\n]+)`/,
    /(?<![\w*])\*\*(?<bold>[^\s*](?:[^\n]*?[^\s*])?)\*\*(?![\w*])/,
    /(?<![\w*])\*[^\s*](?:[^\n*]*[^\s*])?\*(?![\w*])/,
    /(?<!\w)_[^\s_](?:[^\n_]*[^\s_])?_(?!\w)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);
/** Stands for every character of a link or mention while styles are looked for: none of its own is a marker. */
const OPAQUE = '\uFFFC';

/** Finds formatting, links and the mentions of `userIds` in a text. */
export function segmentsOf(text: string, userIds: readonly string[] = []): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const { index, 0: whole, groups } of text.matchAll(BLOCKS)) {
    segments.push(...inline(text.slice(from, index), userIds));
    segments.push(groups?.quote === undefined ? codeBlock(whole, groups?.block ?? '') : quote(whole, userIds));
    from = index + whole.length;
  }
  segments.push(...inline(text.slice(from), userIds));
  return segments;
}

/** The address if it is safe to follow, else undefined. This decides, whatever recognised the link. */
export function safeHref(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed && SAFE_PROTOCOLS.has(parsed.protocol) ? parsed.href : undefined;
}

function codeBlock(text: string, code: string): Segment {
  const begin = text.length - text.replace(/^```(?:[^\S\n]*\n)?/, '').length;
  const parts: Segment[] = [
    { kind: 'marker', text: text.slice(0, begin) },
    { kind: 'text', text: code },
    { kind: 'marker', text: text.slice(begin + code.length) },
  ];
  return { kind: 'styled', style: 'block', text, parts };
}

function quote(text: string, userIds: readonly string[]): Segment {
  const parts = text
    .split(/(?<=\n)/)
    .flatMap((line): Segment[] => [{ kind: 'marker', text: line.slice(0, 2) }, ...inline(line.slice(2), userIds)]);
  return { kind: 'styled', style: 'quote', text, parts };
}

function inline(text: string, userIds: readonly string[]): Segment[] {
  if (!text) return [];
  const atoms = atomsOf(text, userIds);
  let opaque = text;
  for (const { from, text: atom } of atoms) {
    opaque = opaque.slice(0, from) + OPAQUE.repeat(atom.length) + opaque.slice(from + atom.length);
  }

  function plain(from: number, to: number): Segment[] {
    const segments: Segment[] = [];
    let at = from;
    for (const { from: start, ...atom } of atoms) {
      if (start < at || start + atom.text.length > to) continue;
      if (start > at) segments.push({ kind: 'text', text: text.slice(at, start) });
      segments.push(atom);
      at = start + atom.text.length;
    }
    if (at < to) segments.push({ kind: 'text', text: text.slice(at, to) });
    return segments;
  }

  function styled(from: number, to: number): Segment[] {
    const segments: Segment[] = [];
    let at = from;
    for (const { index, 0: whole, groups } of opaque.slice(from, to).matchAll(STYLES)) {
      const begin = from + index;
      const end = begin + whole.length;
      const style = groups?.code !== undefined ? 'code' : groups?.bold !== undefined ? 'bold' : 'italic';
      const width = style === 'bold' ? 2 : 1;
      const [inside, outside] = [begin + width, end - width];
      const parts: Segment[] = [
        { kind: 'marker', text: text.slice(begin, inside) },
        ...(style === 'code'
          ? [{ kind: 'text', text: text.slice(inside, outside) } as const]
          : styled(inside, outside)),
        { kind: 'marker', text: text.slice(outside, end) },
      ];
      segments.push(...plain(at, begin), { kind: 'styled', style, text: text.slice(begin, end), parts });
      at = end;
    }
    segments.push(...plain(at, to));
    return segments;
  }
  return styled(0, text.length);
}

/** The links and mentions, in their order. */
function atomsOf(text: string, userIds: readonly string[]): Atom[] {
  const atoms: Atom[] = [];
  let from = 0;
  for (const { index, url, raw } of linkify.match(text) ?? []) {
    // A marker behind an address is no part of it.
    const shown = raw.replace(/[*_`]+$/, '');
    const href = safeHref(url.slice(0, url.length - (raw.length - shown.length)));
    if (!href || index < from) continue;
    atoms.push(...mentionsIn(text.slice(from, index), from, userIds), { kind: 'link', text: shown, href, from: index });
    from = index + shown.length;
  }
  return [...atoms, ...mentionsIn(text.slice(from), from, userIds)];
}

function mentionsIn(text: string, offset: number, userIds: readonly string[]): Atom[] {
  const names = userIds.toSorted((a, b) => b.length - a.length).map(escapeRegExp);
  if (names.length === 0) return [];
  const pattern = new RegExp(`@(?:${names.join('|')})(?![A-Za-z0-9_])`, 'g');
  return [...text.matchAll(pattern)].map(({ index, 0: mention }) => ({
    kind: 'mention',
    text: mention,
    userId: mention.slice(1),
    from: offset + index,
  }));
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
