import type { ChatMessage } from '@parley/client';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';

interface EndOptions {
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly messages: readonly ChatMessage[];
  readonly me: string;
  /** A list with another key starts at its end again. */
  readonly key: string;
}

/** A reader this near to the end counts as being there. */
const NEAR_PX = 60;

/** Keeps the end in view while the reader is there: when messages come, grow, or the window shrinks. */
export function useEnd({ list, scroller, messages, me, key }: EndOptions) {
  const [reached, setReached] = useState(true);
  const sticks = useRef(true);
  const count = useRef(messages.length);
  count.current = messages.length;

  const keep = useCallback(() => {
    if (sticks.current && count.current > 0) list.current?.scrollToIndex(count.current - 1, { align: 'end' });
  }, [list]);
  const go = useCallback(() => {
    sticks.current = true;
    setReached(true);
    keep();
  }, [keep]);
  /** Stops keeping the end in view, because the reader goes elsewhere. */
  const release = useCallback(() => {
    sticks.current = false;
    setReached(false);
  }, []);
  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    sticks.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    setReached(sticks.current);
  }, [scroller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the list is another one
  useLayoutEffect(go, [key]);
  const last = messages.at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the last message is another one
  useLayoutEffect(() => {
    // A user who has just written a message wants to see it.
    if (last?.senderId === me) go();
    else keep();
  }, [last?.key]);

  return { reached, keep, go, release, onScroll };
}
