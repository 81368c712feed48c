import type { ChatMessage } from '@parley/client';
import { type KeyboardEvent, type RefObject, useCallback, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

const FRAMES_MAX = 30;

/** The message that the keyboard is on: the last one, until the arrow keys or a click lead to another. */
export function useActiveMessage(messages: readonly ChatMessage[], list: RefObject<VirtualizerHandle | null>) {
  const [chosen, setChosen] = useState<string>();
  // Where the keyboard is going. The focus may not be there yet.
  const aim = useRef<string>(undefined);
  const activate = useCallback((key: string) => {
    aim.current = key;
    setChosen(key);
  }, []);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    const { currentTarget, target } = event;
    const { classList } = target as HTMLElement;
    const isMessage = classList.contains('message');
    if (step === undefined || !(isMessage || classList.contains('scroller')) || messages.length === 0) return;
    event.preventDefault();
    const last = messages.length - 1;
    const at = isMessage ? messages.findIndex(({ key }) => key === aim.current) : last + 1;
    const index = Math.max(0, Math.min(last, at + step));
    const { key } = messages[index] as ChatMessage;
    activate(key);
    list.current?.scrollToIndex(index, { align: 'nearest' });
    focusOn(currentTarget, key, () => aim.current === key, FRAMES_MAX);
  };

  return { key: chosen ?? messages.at(-1)?.key, activate, onKeyDown };
}

/** Focuses a message once it is rendered, which takes some frames if it is far away, unless the user moves on. */
function focusOn(timeline: HTMLElement, key: string, wanted: () => boolean, frames: number): void {
  if (!wanted()) return;
  const element = [...timeline.querySelectorAll<HTMLElement>('.message')].find(({ dataset }) => dataset.key === key);
  if (element) {
    element.focus({ preventScroll: true });
    // The browser knows best where an element is that is rendered.
    element.scrollIntoView({ block: 'nearest' });
  } else if (frames > 0) requestAnimationFrame(() => focusOn(timeline, key, wanted, frames - 1));
}
