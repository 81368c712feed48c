import type { ChatMessage, Conversation } from '@parley/client';

interface FailedNoteProps {
  readonly message: ChatMessage;
  readonly conversation: Conversation;
}

/** Says why a message was refused, and offers to try again or to discard it. */
export function FailedNote({ message: { clientMessageId, error }, conversation }: FailedNoteProps) {
  if (clientMessageId === undefined) return null;
  return (
    <p className="failed">
      Not sent: {error?.message}
      <button
        type="button"
        className="button small"
        // If it fails again, the message itself says why.
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
