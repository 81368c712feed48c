import type { ChatMessage } from '@parley/client';
import { useRef } from 'react';

/** Far enough from 0 for whatever is prepended. */
const START = 10_000_000;

interface Seen {
  readonly messages: readonly ChatMessage[];
  readonly firstIndex: number;
  readonly generation: number;
}

/**
 * The index of the first message, such that a message keeps its index while others are put before it or let go: how a
 * virtual list keeps its place. `generation` grows when the list has nothing in common with the one before.
 */
export function useFirstIndex(messages: readonly ChatMessage[]): { firstIndex: number; generation: number } {
  const seen = useRef<Seen>({ messages, firstIndex: START, generation: 0 });
  if (seen.current.messages !== messages) seen.current = follow(seen.current, messages);
  return seen.current;
}

/** Exported for its test: pure. */
export function follow(before: Seen, messages: readonly ChatMessage[]): Seen {
  const { firstIndex, generation } = before;
  const [oldFirst, newFirst] = [before.messages[0], messages[0]];
  if (!oldFirst || !newFirst || oldFirst.key === newFirst.key) return { messages, firstIndex, generation };
  const prepended = messages.findIndex(({ key }) => key === oldFirst.key);
  if (prepended > 0) return { messages, firstIndex: firstIndex - prepended, generation };
  const dropped = before.messages.findIndex(({ key }) => key === newFirst.key);
  if (dropped > 0) return { messages, firstIndex: firstIndex + dropped, generation };
  return { messages, firstIndex: START, generation: generation + 1 };
}
