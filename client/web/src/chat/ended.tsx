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

/** A conversation that cannot be read, or not any more. */
export function Ended({ title, conversation, error }: EndedProps) {
  const attempt = useAttempt();
  return (
    <main className="empty-chat">
      <IconButton icon="back" label="Back to the list" className="only-narrow" onClick={() => navigate()} />
      <h1>{title}</h1>
      <p role="alert">{error ? explain(error) : 'This conversation has ended for you.'}</p>
      <button type="button" className="button" onClick={() => attempt(() => conversation.join())}>
        Try to join
      </button>
    </main>
  );
}
