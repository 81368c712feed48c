import { type Conversation, limits } from '@parley/client';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useToast } from '../parts/toasts.tsx';
import { explain } from '../text/explain.ts';
import { indexOfSeq } from './use-quoted.ts';

/** After so many pages the user is asked whether to go on. */
const PAGES_AT_ONCE = 100;
const SHOWN_MS = 2_000;

/** A jump to a message that is not loaded yet. */
interface Search {
  readonly seq: number;
  /** It waits for the user to say whether to go on. */
  readonly paused: boolean;
}

export interface Jump {
  jump(seq: number): void;
  /** The seq of the message that a jump has just led to. */
  readonly found: number | undefined;
  readonly search: Search | undefined;
  stop(): void;
}

/** Goes to a message by its seq, loads what lies between, and marks the message for a moment. */
export function useJump(
  conversation: Conversation,
  list: RefObject<VirtualizerHandle | null>,
  onLeave: () => void,
): Jump {
  const showToast = useToast();
  const [found, setFound] = useState<number>();
  const [search, setSearch] = useState<Search>();
  /** The search that is on: another one, or stopping, ends it. */
  const current = useRef<object>(undefined);

  const stop = useCallback(() => {
    current.current = undefined;
    setSearch(undefined);
  }, []);
  useEffect(() => stop, [stop]);

  const jump = useCallback(
    async (seq: number) => {
      const mine = {};
      current.current = mine;
      try {
        for (let page = 0; oldest(conversation) > seq && conversation.hasOlder; page += 1) {
          setSearch({ seq, paused: page === PAGES_AT_ONCE });
          if (page === PAGES_AT_ONCE) return;
          await conversation.loadOlder(limits.historyLimitMax);
          if (current.current !== mine) return;
        }
      } catch (error) {
        stop();
        return showToast(explain(error));
      }
      stop();
      const index = indexOfSeq(conversation.messages, seq);
      if (index < 0) return showToast('That message is not there.');
      // Once what was loaded is rendered.
      requestAnimationFrame(() => {
        onLeave();
        list.current?.scrollToIndex(index, { align: 'center' });
        setFound(seq);
      });
    },
    [conversation, list, onLeave, showToast, stop],
  );

  useEffect(() => {
    if (found === undefined) return;
    const timer = setTimeout(() => setFound(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [found]);

  return { jump: useCallback((seq: number) => void jump(seq), [jump]), found, search, stop };
}

function oldest({ messages }: Conversation): number {
  return messages[0]?.seq ?? Number.POSITIVE_INFINITY;
}
