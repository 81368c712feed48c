import type { ChatMessage } from '@parley/client';
import { type KeyboardEvent, type RefObject, useCallback, useState } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The message that the keyboard is at: the last one, until arrow keys (or a press) go to another. */
export function useActiveMessage(messages: readonly ChatMessage[], list: RefObject<VirtuosoHandle | null>) {
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
    list.current?.scrollIntoView({ index, behavior: 'auto', done: () => focusOn(currentTarget, next.key) });
  };

  return { key: chosen ?? messages.at(-1)?.key, activate, onKeyDown };
}

function focusOn(timeline: HTMLElement, key: string): void {
  for (const element of timeline.querySelectorAll<HTMLElement>('.message')) {
    if (element.dataset.key === key) element.focus({ preventScroll: true });
  }
}
