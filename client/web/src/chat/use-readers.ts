import { useMessages } from '@parley/client/react';
import { useChat } from '../state/chat-context.ts';
import { useOpenConversation } from './open-conversation.ts';

export interface Readers {
  /** The user ids of others who have read the message, as far as their marks are known. */
  readonly readers: readonly string[];
  /** The user ids of those who have not, if all members are known. */
  readonly missing: readonly string[] | undefined;
  /** Every other member has read it. */
  readonly everyone: boolean;
}

/** Who has read the message with this seq. Renders again when somebody reads on. */
export function useReaders(seq: number | undefined): Readers {
  const { session } = useChat();
  const { conversation, members } = useOpenConversation();
  useMessages(conversation);
  const read = new Set(
    conversation.marks.filter(({ readSeq }) => seq !== undefined && readSeq >= seq).map(({ userId }) => userId),
  );
  read.delete(session.userId);
  const others = members.members.filter(({ userId, banned }) => userId !== session.userId && !banned);
  const missing = others.map(({ userId }) => userId).filter((userId) => !read.has(userId));
  return {
    readers: [...read],
    missing: members.complete ? missing : undefined,
    everyone: members.complete && others.length > 0 && missing.length === 0,
  };
}
