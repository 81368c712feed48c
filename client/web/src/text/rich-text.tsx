import { memo } from 'react';
import { isOnlyEmoji } from './emoji.ts';
import { segmentsOf } from './segments.ts';

interface RichTextProps {
  readonly text: string;
  readonly mentions?: readonly string[] | undefined;
  /** Mentions of this user stand out. */
  readonly me: string;
}

/** A message's text, as text nodes, links and mentions. */
export const RichText = memo(function RichText({ text, mentions, me }: RichTextProps) {
  let at = 0;
  const parts = segmentsOf(text, mentions).map((segment) => {
    const key = at;
    at += segment.text.length;
    switch (segment.kind) {
      case 'link':
        return (
          <a key={key} href={segment.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {segment.text}
          </a>
        );
      case 'mention':
        return (
          <span key={key} className="mention" data-me={segment.userId === me || undefined}>
            {segment.text}
          </span>
        );
      default:
        return segment.text;
    }
  });
  return (
    <p className="text" dir="auto" data-large={isOnlyEmoji(text) || undefined}>
      {parts}
    </p>
  );
});
