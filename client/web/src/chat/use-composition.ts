import type { ChatMessage, Conversation } from '@parley/client';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { draftOf, keepDraft } from '../state/drafts.ts';

/** What is in the message field: a new message, a reply, or a new text for one of the user's own messages. */
export interface Composition {
  readonly text: string;
  /** The seq of the message that is answered. */
  readonly replyTo: number | undefined;
  readonly editing: ChatMessage | undefined;
  setText(text: string): void;
  reply(message: ChatMessage): void;
  edit(message: ChatMessage): void;
  /** Answers nothing any more, and leaves the text as it is. */
  dropReply(): void;
  /** Empties the field for a new message, or brings back what was typed before an edit. */
  clear(): void;
}

/** The state of the message field. Text and reply are kept while another conversation is open, and over a reload. */
export function useComposition(conversation: Conversation, userId: string): Composition {
  const { id } = conversation;
  const [draft, setDraft] = useState(() => draftOf(userId, id));
  const [edited, setEdited] = useState<{ readonly message: ChatMessage; readonly text: string }>();

  useEffect(() => keepDraft(userId, id, draft), [userId, id, draft]);

  const setText = useCallback(
    (text: string) => {
      setEdited((current) => current && { ...current, text });
      setDraft((current) => (edited ? current : { ...current, text }));
    },
    [edited],
  );
  const reply = useCallback(({ seq }: ChatMessage) => {
    setEdited(undefined);
    setDraft(({ text }) => ({ text, replyTo: seq }));
    focusComposer();
  }, []);
  const edit = useCallback((message: ChatMessage) => {
    setEdited({ message, text: message.content ?? '' });
    focusComposer();
  }, []);
  const dropReply = useCallback(() => setDraft(({ text }) => ({ text })), []);
  const clear = useCallback(() => {
    setEdited(undefined);
    if (!edited) setDraft({ text: '' });
  }, [edited]);

  // In the log that was restored in its place the seq is another message's (LOG-6).
  useEffect(
    () => conversation.on('reset', ({ reason }) => reason === 'epoch' && dropReply()),
    [conversation, dropReply],
  );

  return useMemo(
    () => ({
      text: edited ? edited.text : draft.text,
      replyTo: edited ? undefined : draft.replyTo,
      editing: edited?.message,
      setText,
      reply,
      edit,
      dropReply,
      clear,
    }),
    [draft, edited, setText, reply, edit, dropReply, clear],
  );
}

/** Focuses the field once it has its new text. */
function focusComposer(): void {
  requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>('#composer')?.focus());
}
