import type { ChatMessage, Conversation } from '@parley/client';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { Confirm } from '../parts/confirm.tsx';
import { EmojiPalette } from '../parts/emoji-palette.tsx';
import { useAttempt, useToast } from '../parts/toasts.tsx';
import { ForwardDialog } from './forward-dialog.tsx';
import { ReadersDialog } from './readers-dialog.tsx';
import type { Composition } from './use-composition.ts';

/** The actions on a message. It is one object while the conversation is open, so no row renders because of it. */
export interface Actions {
  reply(message: ChatMessage): void;
  edit(message: ChatMessage): void;
  askDelete(message: ChatMessage): void;
  forward(message: ChatMessage): void;
  copy(message: ChatMessage): void;
  toggleReaction(message: ChatMessage, emoji: string): void;
  openPalette(anchor: HTMLElement, message: ChatMessage): void;
  showReaders(message: ChatMessage): void;
  retry(message: ChatMessage): void;
  discard(message: ChatMessage): void;
}

const ActionsContext = createContext<Actions | undefined>(undefined);

/** @throws Error outside a conversation */
export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error('unable to act on messages; no conversation is open');
  return actions;
}

interface MessageActionsProps {
  readonly conversation: Conversation;
  readonly composition: Composition;
  readonly children: ReactNode;
}

/** Provides the actions, and the dialogs that some of them open. */
export function MessageActions({ conversation, composition, children }: MessageActionsProps) {
  const [palette, setPalette] = useState<{ anchor: HTMLElement; message: ChatMessage }>();
  const [deleting, setDeleting] = useState<ChatMessage>();
  const [forwarding, setForwarding] = useState<ChatMessage>();
  const [reading, setReading] = useState<ChatMessage>();
  const attempt = useAttempt();
  const showToast = useToast();
  const { reply, edit } = composition;

  const actions = useMemo(
    (): Actions => ({
      reply,
      edit,
      askDelete: setDeleting,
      forward: setForwarding,
      showReaders: setReading,
      copy: (message) =>
        void attempt(async () => {
          await navigator.clipboard.writeText(message.content ?? '');
          showToast('Copied.');
        }),
      toggleReaction({ seq, reactions }, emoji) {
        if (seq === undefined) return;
        const mine = reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
        void attempt(() => (mine ? conversation.unreact(seq, emoji) : conversation.react(seq, emoji)));
      },
      openPalette: (anchor, message) => setPalette({ anchor, message }),
      // If it fails again, the message itself says why.
      retry: ({ clientMessageId }) => void conversation.retry(clientMessageId ?? '').catch(() => {}),
      discard: ({ clientMessageId }) => conversation.discard(clientMessageId ?? ''),
    }),
    [conversation, reply, edit, attempt, showToast],
  );

  return (
    <ActionsContext value={actions}>
      {children}
      {palette && (
        <EmojiPalette
          anchor={palette.anchor}
          onPick={(emoji) => actions.toggleReaction(palette.message, emoji)}
          onClose={() => setPalette(undefined)}
        />
      )}
      {deleting && (
        <Confirm
          title="Delete message?"
          text="It is deleted for everyone. This cannot be undone."
          action="Delete"
          onConfirm={() => void attempt(() => conversation.delete(deleting.seq ?? 0))}
          onClose={() => setDeleting(undefined)}
        />
      )}
      {reading && <ReadersDialog message={reading} onClose={() => setReading(undefined)} />}
      {forwarding && <ForwardDialog message={forwarding} onClose={() => setForwarding(undefined)} />}
    </ActionsContext>
  );
}
