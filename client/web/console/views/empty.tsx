import type { Conversation } from '@parley/client';
import { useAttempt } from '../../src/parts/toasts.tsx';
import type { Session } from '../state/session.ts';

interface EmptyProps {
  readonly session: Session;
  readonly conversation: Conversation;
}

/** Says why there is nothing to read, and offers what can be done about it. */
export function Empty({ session, conversation: { id, state, error } }: EmptyProps) {
  const attempt = useAttempt();
  if (state === 'joining') return <p className="empty">Joining {id} …</p>;
  const isMissing = error?.code === 'conversation-not-found';
  return (
    <div className="empty">
      <p>
        {isMissing
          ? `There is no channel “${id}” yet, or you may not see it.`
          : (error?.message ?? 'You have not joined it.')}
      </p>
      <div className="inline">
        {isMissing ? (
          <button
            type="button"
            className="button"
            data-kind="primary"
            onClick={() => attempt(() => session.create(id))}
          >
            Create it
          </button>
        ) : (
          <button type="button" className="button" data-kind="primary" onClick={() => session.open(id)}>
            {error ? 'Try again' : 'Join'}
          </button>
        )}
        <button type="button" className="button" onClick={() => void session.leave(id)}>
          Remove from the list
        </button>
      </div>
    </div>
  );
}
