import type { ChatMessage } from '@parley/client';
import { useLayoutEffect, useRef } from 'react';

type Messages = readonly Pick<ChatMessage, 'key'>[];

/** How the beginning of a list of messages differs from the list before. */
type Beginning = 'same' | 'moved' | 'other';

/**
 * `moved` says whether older messages were put before the ones shown, or the oldest ones dropped, in this very
 * rendering. `generation` grows when the list has nothing in common with the one before.
 */
export function usePrepended(messages: Messages): { moved: boolean; generation: number } {
  const shown = useRef({ messages, generation: 0 });
  const beginning = compare(shown.current.messages, messages);
  const generation = shown.current.generation + (beginning === 'other' ? 1 : 0);
  useLayoutEffect(() => {
    shown.current = { messages, generation };
  });
  return { moved: beginning === 'moved', generation };
}

function compare(before: Messages, after: Messages): Beginning {
  const [oldFirst, newFirst] = [before[0], after[0]];
  if (!oldFirst || !newFirst || oldFirst.key === newFirst.key) return 'same';
  const common = after.some(({ key }) => key === oldFirst.key) || before.some(({ key }) => key === newFirst.key);
  return common ? 'moved' : 'other';
}
