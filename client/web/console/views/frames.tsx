import { useId, useState } from 'react';
import { useAttempt, useToast } from '../../src/parts/toasts.tsx';
import { useStore } from '../state/use-store.ts';
import type { Direction, FrameLog } from '../wire/frame-log.ts';
import { copyText } from './copy.ts';
import { FrameRow, WORDS } from './frame-row.tsx';

type Filter = 'all' | Direction;

const FILTERS: Readonly<Record<Filter, string>> = { all: 'All', in: '↓ In', out: '↑ Out' };

/** The frames as they crossed the wire, the newest last. */
export function Frames({ log }: { readonly log: FrameLog }) {
  useStore(log);
  const titleId = useId();
  const toast = useToast();
  const attempt = useAttempt();
  const [filter, setFilter] = useState<Filter>('all');

  const copy = (text: string, what: string) =>
    attempt(async () => {
      await copyText(text);
      toast(`Copied ${what}`);
    });
  const copyAll = () => {
    const shown = log.frames.filter(({ direction }) => filter === 'all' || filter === direction);
    const lines = shown.map(({ at, direction, text }) => `${at.toISOString()} ${WORDS[direction]} ${text}`);
    void copy(lines.join('\n'), `${shown.length} frames`);
  };
  return (
    <section className="frames" aria-labelledby={titleId}>
      <div className="heading">
        <h2 id={titleId}>Frames</h2>
        <fieldset className="segments" aria-label="Direction">
          {(Object.keys(FILTERS) as Filter[]).map((name) => (
            <button key={name} type="button" aria-pressed={filter === name} onClick={() => setFilter(name)}>
              {FILTERS[name]}
            </button>
          ))}
        </fieldset>
        <button type="button" className="button small ghost" onClick={copyAll}>
          Copy
        </button>
        <button type="button" className="button small ghost" onClick={() => log.clear()}>
          Clear
        </button>
      </div>
      <section
        className="frame-scroller"
        aria-label="Frames, oldest first"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls
        tabIndex={0}
      >
        <ol className="frame-list" data-filter={filter}>
          {log.frames.map((frame) => (
            <FrameRow key={frame.id} frame={frame} onCopy={copy} />
          ))}
        </ol>
      </section>
    </section>
  );
}
