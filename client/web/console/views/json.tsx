import type { ReactNode } from 'react';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON in colours. Text that does not look like JSON stays uncoloured. */
export function Json({ text }: { readonly text: string }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon] = match;
    const kind = string === undefined ? 'value' : colon === undefined ? 'string' : 'key';
    const token = string ?? whole;
    parts.push(
      text.slice(end, match.index),
      <span key={match.index} className={`json-${kind}`}>
        {token}
      </span>,
    );
    end = match.index + token.length;
  }
  parts.push(text.slice(end));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls
    <pre className="code" tabIndex={0}>
      {parts}
    </pre>
  );
}
