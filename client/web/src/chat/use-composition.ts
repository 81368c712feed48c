import type { ChatMessage, Conversation } from '@parley/client';
import { useCallback, useMemo, useState } from 'react';
import { draftOf, keepDraft } from '../state/drafts.ts';

/** What is in the message field: a new message, a reply, or a new text for one of the user's own messages. */
export interface Composition {
  readonly text: string;
  readonly replyTo: ChatMessage | undefined;
  readonly editing: ChatMessage | undefined;
  setText(text: string): void;
  reply(message: ChatMessage): void;
  edit(message: ChatMessage): void;
  /** Empties the field for a new message, or brings back what was typed before an edit. */
  clear(): void;
}

/** The state of the message field. What is typed is kept while another conversation is open. */
export function useComposition({ id }: Conversation): Composition {
  const [text, show] = useState(() => draftOf(id));
  const [replyTo, setReplyTo] = useState<ChatMessage>();
  const [editing, setEditing] = useState<ChatMessage>();

  const setText = useCallback(
    (next: string) => {
      show(next);
      if (!editing) keepDraft(id, next);
    },
    [id, editing],
  );
  const reply = useCallback(
    (message: ChatMessage) => {
      setEditing(undefined);
      show(draftOf(id));
      setReplyTo(message);
      focusComposer();
    },
    [id],
  );
  const edit = useCallback((message: ChatMessage) => {
    setReplyTo(undefined);
    setEditing(message);
    show(message.content ?? '');
    focusComposer();
  }, []);
  const clear = useCallback(() => {
    setReplyTo(undefined);
    if (!editing) keepDraft(id, '');
    setEditing(undefined);
    show(editing ? draftOf(id) : '');
  }, [id, editing]);

  return useMemo(
    () => ({ text, replyTo, editing, setText, reply, edit, clear }),
    [text, replyTo, editing, setText, reply, edit, clear],
  );
}

/** Focuses the field once it has its new text. */
function focusComposer(): void {
  requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>('#composer')?.focus());
}
