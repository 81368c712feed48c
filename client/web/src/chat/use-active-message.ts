import type { ChatMessage } from '@parley/client';
import { type KeyboardEvent, type RefObject, useCallback, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

const FRAMES_MAX = 30;

/** The message that the keyboard is at: the last one, until arrow keys (or a press) go to another. */
export function useActiveMessage(messages: readonly ChatMessage[], list: RefObject<VirtualizerHandle | null>) {
  const [chosen, setChosen] = useState<string>();
  const activate = useCallback((key: string) => setChosen(key), []);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    const target = event.target as HTMLElement;
    const isMessage = target.classList.contains('message') || target.classList.contains('scroller');
    if (step === undefined || !isMessage || messages.length === 0) return;
    event.preventDefault();
    const last = messages.length - 1;
    const at = target.classList.contains('message')
      ? messages.findIndex(({ key }) => key === target.dataset.key)
      : last + 1;
    const index = Math.max(0, Math.min(last, at + step));
    const { currentTarget } = event;
    const next = messages[index] as ChatMessage;
    setChosen(next.key);
    list.current?.scrollToIndex(index, { align: 'nearest' });
    focusOn(currentTarget, next.key, FRAMES_MAX);
  };

  return { key: chosen ?? messages.at(-1)?.key, activate, onKeyDown };
}

/** Once it is rendered: a message far away takes some frames. */
function focusOn(timeline: HTMLElement, key: string, frames: number): void {
  const element = [...timeline.querySelectorAll<HTMLElement>('.message')].find(({ dataset }) => dataset.key === key);
  if (element) element.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusOn(timeline, key, frames - 1));
}
