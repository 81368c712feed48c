import type { ChatMessage } from '@parley/client';
import { useLayoutEffect, useRef } from 'react';

type Messages = readonly Pick<ChatMessage, 'key'>[];

/** How a list of messages follows from the one before, as far as its beginning goes. */
type Beginning = 'same' | 'moved' | 'other';

/**
 * Whether older messages were put before the ones shown, or the oldest let go (`moved`): only in the rendering in which
 * they are. `generation` grows when the list has nothing in common with the one before.
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

/** Exported for its test. */
function compare(before: Messages, after: Messages): Beginning {
  const [oldFirst, newFirst] = [before[0], after[0]];
  if (!oldFirst || !newFirst || oldFirst.key === newFirst.key) return 'same';
  const common = after.some(({ key }) => key === oldFirst.key) || before.some(({ key }) => key === newFirst.key);
  return common ? 'moved' : 'other';
}
