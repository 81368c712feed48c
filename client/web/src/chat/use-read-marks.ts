import type { Conversation } from '@parley/client';
import { useEffect, useState } from 'react';
import { useVisible } from '../state/use-visible.ts';

/**
 * Marks a conversation as read while its end is seen. Gives the seq of the first message that was unread when the
 * conversation was opened, for a line above it.
 */
export function useReadMarks(conversation: Conversation, me: string, atBottom: boolean): number | undefined {
  const visible = useVisible();
  const { state, position } = conversation;
  const seen = atBottom && visible && state === 'live';
  useEffect(() => {
    // The next message marks it again if this fails (READ-1: marks only grow).
    if (seen) conversation.markRead(position).catch(() => {});
  }, [conversation, seen, position]);

  const [unreadFrom, setUnreadFrom] = useState<number | null>();
  if (unreadFrom === undefined && state === 'live') setUnreadFrom(firstUnread(conversation, me));
  return unreadFrom ?? undefined;
}

function firstUnread({ marks, messages }: Conversation, me: string): number | null {
  const mark = marks.find(({ userId }) => userId === me);
  if (!mark) return null;
  const first = messages.find(
    ({ seq, senderId, deletedAt }) => seq !== undefined && seq > mark.readSeq && senderId !== me && !deletedAt,
  );
  // Nothing stands above the very first message, so it needs no line.
  return first === messages[0] ? null : (first?.seq ?? null);
}
