import type { ChatMessage, Conversation, Message } from '@parley/client';
import { useMessages } from '@parley/client/react';
import { useEffect, useState } from 'react';

/** The message with this seq: from those that are loaded, and otherwise fetched once. */
export function useQuoted(conversation: Conversation, seq: number | undefined): ChatMessage | Message | undefined {
  const { messages } = useMessages(conversation);
  const held = seq === undefined ? undefined : messages[indexOfSeq(messages, seq)];
  const [fetched, setFetched] = useState<Message>();
  const missing = seq !== undefined && held === undefined && conversation.state === 'live';
  useEffect(() => {
    if (!missing) return;
    let current = true;
    conversation.history({ before: seq + 1, limit: 1 }).then(
      (page) => current && setFetched(page.messages[0]),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [conversation, seq, missing]);
  return held ?? (fetched?.seq === seq ? fetched : undefined);
}

/** The index of the message with this seq, in messages in the order of the log; -1 if it is not among them. */
export function indexOfSeq(messages: readonly ChatMessage[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.seq ?? Number.POSITIVE_INFINITY) < seq) low = middle + 1;
    else high = middle;
  }
  return messages[low]?.seq === seq ? low : -1;
}
