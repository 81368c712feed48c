import type { Conversation } from '@parley/client';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';

export interface Older {
  readonly loading: boolean;
  readonly failed: boolean;
  load(): void;
  onScroll(): void;
}

const PAGE = 50;
/** Older messages are fetched when no more than this many are left above, so that scrolling rarely waits. */
const AHEAD = 20;

/** Loads older messages, a page at a time. `count` is the number of messages shown. */
export function useOlder(conversation: Conversation, list: RefObject<VirtualizerHandle | null>, count: number): Older {
  const [state, setState] = useState({ loading: false, failed: false });
  const busy = useRef(false);

  const load = useCallback(async () => {
    if (busy.current || !conversation.hasOlder) return;
    busy.current = true;
    setState({ loading: true, failed: false });
    let failed = false;
    try {
      // A page may hold only changes, and the user asked for messages.
      for (let more = true; more; ) {
        const { added, hasOlder } = await conversation.loadOlder(PAGE);
        more = added === 0 && hasOlder;
      }
    } catch {
      failed = true;
    }
    busy.current = false;
    setState({ loading: false, failed });
  }, [conversation]);

  const onScroll = useCallback(() => {
    const { current } = list;
    if (current && current.findItemIndex(current.scrollOffset) < AHEAD) void load();
  }, [list, load]);
  // After a page there may still be too few messages above.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs after every page
  useEffect(() => {
    if (!state.failed && !state.loading) onScroll();
  }, [count, state.loading]);

  return useMemo(() => ({ ...state, load: () => void load(), onScroll }), [state, load, onScroll]);
}
