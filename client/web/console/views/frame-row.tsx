import { memo, type ToggleEvent, useState } from 'react';
import { type Direction, type LoggedFrame, pretty } from '../wire/frame-log.ts';
import { Json } from './json.tsx';

export const WORDS: Readonly<Record<Direction, string>> = { in: 'received', out: 'sent' };

interface FrameRowProps {
  readonly frame: LoggedFrame;
  onCopy(text: string, what: string): void;
}

/** A frame in one line. It is shown whole when it is opened. */
export const FrameRow = memo(({ frame, onCopy }: FrameRowProps) => {
  const { at, bytes, direction, isError, text, title } = frame;
  // Most frames are never opened, so what is inside is rendered only then.
  const [opened, setOpened] = useState(false);
  const toggled = (event: ToggleEvent<HTMLDetailsElement>) => {
    const { currentTarget } = event;
    setOpened(currentTarget.open);
    // Near the end of the list it would open out of view.
    requestAnimationFrame(() => currentTarget.scrollIntoView({ block: 'nearest' }));
  };
  return (
    <li className={direction} data-error={isError}>
      <details onToggle={toggled}>
        <summary>
          <span className="arrow" aria-hidden="true">
            {direction === 'in' ? '↓' : '↑'}
          </span>
          <span className="hidden">{WORDS[direction]}</span>
          <span className="title">{title}</span>
          <span className="quiet">{bytes} B</span>
          <time dateTime={at.toISOString()}>{at.toISOString().slice(11, 23)}</time>
        </summary>
        {opened && (
          <>
            <Json text={pretty(text)} />
            <button type="button" className="button small" onClick={() => onCopy(pretty(text), 'the frame')}>
              Copy frame
            </button>
          </>
        )}
      </details>
    </li>
  );
}, sameFrame);

/** `onCopy` does the same whichever function it is, so it is not compared. */
function sameFrame(before: FrameRowProps, after: FrameRowProps): boolean {
  return before.frame === after.frame;
}
