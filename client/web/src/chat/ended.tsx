import type { ChatError, Conversation } from '@parley/client';
import { useAttempt } from '../parts/toasts.tsx';
import { navigate } from '../state/use-route.ts';
import type { Exclusion } from '../state/use-standing.ts';
import { explain } from '../text/explain.ts';

interface EndedProps {
  readonly title: string;
  readonly conversation: Conversation;
  readonly error: ChatError | undefined;
  readonly exclusion: Exclusion | undefined;
}

/** Shown instead of a conversation that the user may not read, or may no longer read. */
export function Ended({ title, conversation, error, exclusion }: EndedProps) {
  const attempt = useAttempt();
  const kind = conversation.info?.kind ?? 'conversation';
  const banned = exclusion === 'banned' || error?.code === 'forbidden';
  // Trying to come back helps where the door is open: not after a ban, and not in a group.
  const mayTry = !banned && (exclusion === undefined || kind === 'channel');
  return (
    <main className="empty-chat">
      <h1 dir="auto">{title}</h1>
      <p role="alert">{sentenceOf(kind, banned ? 'banned' : exclusion, error)}</p>
      {mayTry && (
        <button type="button" className="button" onClick={() => attempt(() => conversation.join())}>
          {exclusion ? 'Join again' : 'Try again'}
        </button>
      )}
      <button type="button" className="button only-narrow" onClick={() => navigate()}>
        Back to the list
      </button>
    </main>
  );
}

function sentenceOf(kind: string, exclusion: Exclusion | undefined, error: ChatError | undefined): string {
  if (exclusion === 'banned') return `You are banned from this ${kind}.`;
  if (exclusion === 'left') return `You left this ${kind}.`;
  if (exclusion === 'removed') {
    return kind === 'group'
      ? 'You were removed from this group; only an admin or an owner can add you again.'
      : `You were removed from this ${kind}.`;
  }
  return error ? explain(error) : 'You are no longer in this conversation.';
}
