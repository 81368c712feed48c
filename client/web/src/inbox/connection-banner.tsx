import type { ConnectionState, StateChange, StateReason } from '@parley/client';
import { useConnection } from '@parley/client/react';
import { useEffect, useState } from 'react';
import { useChat } from '../state/chat-context.ts';
import { useNow } from '../state/use-now.ts';

/** A shorter loss is not mentioned: it is over before anyone has read about it. */
const PATIENCE_MS = 1_200;

/** Says what the connection is doing unless it is connected, and when it tries again. */
export function ConnectionBanner() {
  const { client } = useChat();
  const { state, change } = useConnection(client);
  const shown = useUnsettled(state);
  const [wasConnected, setWasConnected] = useState(false);
  if (state === 'connected' && !wasConnected) setWasConnected(true);
  const unreachable = useUnreachable();
  const waits = state === 'waiting' || state === 'offline';
  const now = useNow(waits ? 500 : undefined);
  const [changedAt, setChangedAt] = useState(Date.now);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the countdown starts again with every change
  useEffect(() => setChangedAt(Date.now()), [change]);
  const left = change?.retryIn === undefined ? undefined : Math.ceil((changedAt + change.retryIn - now) / 1000);
  return (
    <div className="banner" data-state={shown} hidden={shown === undefined}>
      <span className="banner-text" role="status">
        {shown && sentenceOf(shown, change, { wasConnected, unreachable })}
      </span>
      {waits && left !== undefined && left > 0 && <span aria-hidden="true"> Trying again in {left} s.</span>}
      {(waits || state === 'closed') && (
        <button type="button" className="button small" onClick={() => client.connect().catch(() => {})}>
          {state === 'closed' ? 'Connect again' : 'Try now'}
        </button>
      )}
    </div>
  );
}

/** The state, once it has not been `connected` for a while. */
function useUnsettled(state: ConnectionState): ConnectionState | undefined {
  const settled = state === 'connected' || state === 'idle';
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    setPatient(true);
    if (settled) return;
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [settled]);
  if (state === 'offline' || state === 'closed') return state;
  return settled || patient ? undefined : state;
}

/** Whether the last token could not be had because there was no network: `fetch` throws a `TypeError` then. */
function useUnreachable(): boolean {
  const { client } = useChat();
  const [unreachable, setUnreachable] = useState(false);
  useEffect(
    () =>
      client.on('error', ({ code, cause }) => {
        if (code === 'token-failed') setUnreachable(cause instanceof TypeError);
      }),
    [client],
  );
  return unreachable;
}

const ENDED: Partial<Record<StateReason, string>> = {
  refused: 'This window was disconnected because you are signed in in too many places.',
  'user-changed': 'You signed in as someone else in another window.',
};

interface Past {
  /** Without a connection since the page was loaded, all that is shown was stored before. */
  readonly wasConnected: boolean;
  /** See `useUnreachable`. */
  readonly unreachable: boolean;
}

function sentenceOf(
  state: ConnectionState,
  change: StateChange | undefined,
  { wasConnected, unreachable }: Past,
): string {
  const kept = 'What you write is kept and sent later.';
  const stored = wasConnected ? '' : 'You see what this device has kept. ';
  if (state === 'offline') return `You are offline. ${stored}${kept}`;
  if (state === 'closed') return (change && ENDED[change.reason]) ?? 'Not connected.';
  if (state === 'connecting') return 'Connecting…';
  if (change?.reason === 'token-failed' && !unreachable) return `Signing in did not work. ${stored}`;
  return `${wasConnected ? 'The connection was lost.' : 'The server cannot be reached.'} ${stored}${kept}`;
}
