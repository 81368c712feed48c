import type { ChatMessage } from '@parley/client';
import { explain } from '../text/explain.ts';
import { useActions } from './message-actions.tsx';

/** Why a message was refused, and what to do with it. */
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
