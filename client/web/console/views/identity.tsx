import type { ConnectionState } from '@parley/client';
import { Avatar } from '../../src/parts/avatar.tsx';
import { useNow } from '../../src/state/use-now.ts';
import { clockOf } from '../../src/text/time.ts';
import type { Session } from '../state/session.ts';

const WORDS: Readonly<Record<ConnectionState, string>> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  connected: 'Connected',
  waiting: 'Reconnecting',
  offline: 'Offline',
  closed: 'Closed',
};

interface IdentityProps {
  readonly session: Session;
  onDisconnect(): void;
}

/** The user who is connected, and what the connection is doing. */
export function Identity({ session, onDisconnect }: IdentityProps) {
  const { client, expiresAt, me } = session;
  const { state } = client;
  const waits = state === 'waiting' || state === 'offline';
  return (
    <header className="identity">
      <Avatar name={me} />
      <div className="who">
        <b title={me}>{me}</b>
        {expiresAt !== undefined && state !== 'closed' && (
          <span className="quiet" title="When the token ends">
            until {clockOf(new Date(expiresAt).toISOString())}
          </span>
        )}
      </div>
      <div className="connection" data-state={state}>
        <span className="light" aria-hidden="true" />
        <span role="status">{WORDS[state]}</span>
        {waits && <Detail session={session} />}
        {waits && (
          <button type="button" className="button small" onClick={() => client.connect().catch(() => {})}>
            Try now
          </button>
        )}
      </div>
      {state !== 'closed' && (
        <button type="button" className="button small" onClick={onDisconnect}>
          Disconnect
        </button>
      )}
    </header>
  );
}

/** When the client tries again, and why it has to. */
function Detail({ session: { change, changedAt, problem } }: { readonly session: Session }) {
  const now = useNow(500);
  if (!change) return null;
  const left = change.retryIn === undefined ? 0 : Math.max(0, Math.ceil((changedAt + change.retryIn - now) / 1_000));
  const reason = change.reason === 'token-failed' && problem ? problem : change.reason.replaceAll('-', ' ');
  return (
    <span className="detail quiet" aria-hidden="true" title={reason}>
      in {left} s · {reason}
    </span>
  );
}
