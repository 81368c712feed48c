import type { Conversation } from '@parley/client';
import { useCallback, useMemo, useRef, useState } from 'react';

export interface Older {
  readonly loading: boolean;
  readonly failed: boolean;
  load(): void;
}

const PAGE = 50;

/** Loads older messages, a page at a time. */
export function useOlder(conversation: Conversation): Older {
  const [state, setState] = useState({ loading: false, failed: false });
  const busy = useRef(false);
  const load = useCallback(async () => {
    if (busy.current || !conversation.hasOlder) return;
    busy.current = true;
    setState({ loading: true, failed: false });
    let failed = false;
    try {
      // A page may hold nothing but changes; what is asked for is messages.
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
  return useMemo(() => ({ ...state, load: () => void load() }), [state, load]);
}
