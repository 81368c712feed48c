import type { ChatMessage, Conversation } from '@parley/client';

interface FailedNoteProps {
  readonly message: ChatMessage;
  readonly conversation: Conversation;
}

/** Why a message was refused, and what can be done about it. */
export function FailedNote({ message: { clientMessageId, error }, conversation }: FailedNoteProps) {
  if (clientMessageId === undefined) return null;
  return (
    <p className="failed">
      Not sent: {error?.message}
      <button
        type="button"
        className="button small"
        // It fails again at the message itself.
        onClick={() => conversation.retry(clientMessageId).catch(() => {})}
      >
        Try again
      </button>
      <button type="button" className="button small ghost" onClick={() => conversation.discard(clientMessageId)}>
        Discard
      </button>
    </p>
  );
}
