import type { ChatError, Conversation } from '@parley/client';
import { IconButton } from '../parts/icon-button.tsx';
import { useAttempt } from '../parts/toasts.tsx';
import { navigate } from '../state/use-route.ts';
import { explain } from '../text/explain.ts';

interface EndedProps {
  readonly title: string;
  readonly conversation: Conversation;
  readonly error: ChatError | undefined;
}

/** Shown instead of a conversation that the user may not read, or may no longer read. */
export function Ended({ title, conversation, error }: EndedProps) {
  const attempt = useAttempt();
  return (
    <main className="empty-chat">
      <IconButton icon="back" label="Back to the list" className="only-narrow" onClick={() => navigate()} />
      <h1>{title}</h1>
      <p role="alert">{error ? explain(error) : 'You are no longer in this conversation.'}</p>
      <button type="button" className="button" onClick={() => attempt(() => conversation.join())}>
        Try to join
      </button>
    </main>
  );
}
