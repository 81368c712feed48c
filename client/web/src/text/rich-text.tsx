import { memo, type ReactNode } from 'react';
import { isOnlyEmoji } from './emoji.ts';
import { realHostOf } from './real-host.ts';
import { type Segment, type Style, segmentsOf } from './segments.ts';

interface RichTextProps {
  readonly text: string;
  readonly mentions?: readonly string[] | undefined;
  /** Mentions of this user stand out. */
  readonly me: string;
}

const ELEMENTS = { bold: 'strong', italic: 'em', code: 'code', block: 'code', quote: 'span' } as const satisfies Record<
  Style,
  string
>;

/**
 * A message's text: formatting, links and mentions around text nodes. Markers stay in the page unseen, so what is
 * copied is the text as it was written.
 */
export const RichText = memo(function RichText({ text, mentions, me }: RichTextProps) {
  return (
    <p className="text" dir="auto" data-large={isOnlyEmoji(text) || undefined}>
      {nodesOf(segmentsOf(text, mentions), me)}
    </p>
  );
});

function nodesOf(segments: readonly Segment[], me: string): ReactNode[] {
  let at = 0;
  return segments.map((segment) => {
    const key = at;
    at += segment.text.length;
    return segment.kind === 'text' ? segment.text : <Piece key={key} segment={segment} me={me} />;
  });
}

function Piece({ segment, me }: { readonly segment: Segment; readonly me: string }) {
  switch (segment.kind) {
    case 'link':
      return <Link text={segment.text} href={segment.href} />;
    case 'mention':
      return (
        <bdi className="mention" data-me={segment.userId === me || undefined}>
          {segment.text}
        </bdi>
      );
    case 'marker':
      return <span className="marker">{segment.text}</span>;
    case 'styled': {
      const Element = ELEMENTS[segment.style];
      return (
        <Element className={`text-${segment.style}`} dir={segment.style === 'quote' ? 'auto' : undefined}>
          {segment.style === 'block' ? <BlockParts parts={segment.parts} /> : nodesOf(segment.parts, me)}
        </Element>
      );
    }
    default:
      return segment.text;
  }
}

/** The lines of the markers take no room: only the code has a height. */
function BlockParts({ parts }: { readonly parts: readonly Segment[] }) {
  return parts.map(({ kind, text }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: there are always three, and none moves
    <span key={index} className={kind === 'marker' ? 'marker' : 'block-code'}>
      {text}
    </span>
  ));
}

function Link({ text, href }: { readonly text: string; readonly href: string }) {
  const host = realHostOf(text, href);
  return (
    <>
      <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc" title={host && `Leads to ${host}`}>
        {text}
      </a>
      {host && <bdi className="real-host"> ({host})</bdi>}
    </>
  );
}
