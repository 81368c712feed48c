import { type Conversation, limits } from '@parley/client';
import { type RefObject, useCallback, useEffect, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useToast } from '../parts/toasts.tsx';
import { explain } from '../text/explain.ts';
import { indexOfSeq } from './use-quoted.ts';

/** Further back than this nobody wants to wait for. */
const PAGES_MAX = 50;
const SHOWN_MS = 2_000;

/** Goes to a message by its seq, loads what lies between, and marks the message for a moment. */
export function useJump(conversation: Conversation, list: RefObject<VirtualizerHandle | null>, onLeave: () => void) {
  const show = useToast();
  const [found, setFound] = useState<number>();

  const jump = useCallback(
    async (seq: number) => {
      try {
        for (let page = 0; page < PAGES_MAX && oldest(conversation) > seq && conversation.hasOlder; page += 1) {
          await conversation.loadOlder(limits.historyLimitMax);
        }
      } catch (error) {
        return show(explain(error));
      }
      const index = indexOfSeq(conversation.messages, seq);
      if (index < 0) return show('That message is not there.');
      // Once what was loaded is rendered.
      requestAnimationFrame(() => {
        onLeave();
        list.current?.scrollToIndex(index, { align: 'center' });
        setFound(seq);
      });
    },
    [conversation, list, onLeave, show],
  );

  useEffect(() => {
    if (found === undefined) return;
    const timer = setTimeout(() => setFound(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [found]);

  return { jump: useCallback((seq: number) => void jump(seq), [jump]), found };
}

function oldest({ messages }: Conversation): number {
  return messages[0]?.seq ?? Number.POSITIVE_INFINITY;
}
