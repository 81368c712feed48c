import type { ChatMessage } from '@parley/client';
import { explain } from '../text/explain.ts';
import { useActions } from './message-actions.tsx';

/** Says why a message was not sent, and offers to try again or to discard it. */
export function FailedNote({ message }: { readonly message: ChatMessage }) {
  const { retry, discard } = useActions();
  return (
    <p className="failed" role="alert">
      <span>Not sent. {message.error && explain(message.error)}</span>
      <button type="button" className="link" onClick={() => retry(message)}>
        Try again
      </button>
      <button type="button" className="link" onClick={() => discard(message)}>
        Discard
      </button>
    </p>
  );
}
