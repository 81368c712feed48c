import { type FormEvent, useState } from 'react';
import type { AppConfig } from '../../src/config.ts';
import { claimsOf } from '../../src/session/claims.ts';
import type { Choice } from '../state/seat.ts';
import { Field } from './field.tsx';

const OTHER = ':other';
const PASTE = ':paste';

interface ConnectFormProps {
  readonly config: AppConfig | undefined;
  /** The user who is chosen at first. */
  readonly preferred: string | undefined;
  onConnect(choice: Choice): void;
}

/** Asks who connects, and where: a demo user, any user of a local server, or the user in a pasted token. */
export function ConnectForm({ config, preferred, onConnect }: ConnectFormProps) {
  const [user, setUser] = useState(preferred ?? PASTE);
  const [otherId, setOtherId] = useState('');
  const [token, setToken] = useState('');
  const [url, setUrl] = useState(config?.webSocketUrl ?? '');
  const [inQuery, setInQuery] = useState(config?.tokenIn === 'query');
  const [problem, setProblem] = useState('');
  const local = config?.signIn.kind === 'local' ? config.signIn : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = choiceOf();
    setProblem(typeof chosen === 'string' ? chosen : '');
    if (typeof chosen !== 'string') onConnect(chosen);
  };

  /** The choice, or a sentence that says what is missing. */
  function choiceOf(): Choice | string {
    const address = url.trim();
    if (!/^wss?:\/\/\S+$/.test(address)) return 'The address must begin with ws:// or wss://';
    const where = { url: address, tokenIn: inQuery ? ('query' as const) : ('subprotocol' as const) };
    if (user === PASTE) {
      const me = claimsOf(token.trim())?.sub;
      return me ? { ...where, me, token: token.trim() } : 'That is not a JWT with a “sub”';
    }
    const me = user === OTHER ? otherId.trim() : user;
    return me ? { ...where, me } : 'Please give a user id';
  }

  return (
    <form className="card stack" aria-label="Connect" onSubmit={submit}>
      <h2>Connect</h2>
      <Field label="Who are you?">
        {(id) => (
          <select id={id} value={user} onChange={(event) => setUser(event.target.value)}>
            {local?.userIds.map((userId) => (
              <option key={userId} value={userId}>
                {userId}
              </option>
            ))}
            {local && <option value={OTHER}>Another user id…</option>}
            <option value={PASTE}>Paste a token…</option>
          </select>
        )}
      </Field>
      {user === OTHER && (
        <Field label="User id">
          {(id) => (
            <input
              id={id}
              autoComplete="off"
              spellCheck={false}
              placeholder="e.g. dora"
              value={otherId}
              onChange={(event) => setOtherId(event.target.value)}
            />
          )}
        </Field>
      )}
      {user === PASTE && (
        <Field label="Token (JWT)">
          {(id) => (
            <textarea
              id={id}
              rows={4}
              autoComplete="off"
              spellCheck={false}
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field label="WebSocket address">
        {(id) => (
          <input
            id={id}
            autoComplete="off"
            spellCheck={false}
            placeholder="wss://…"
            required
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={inQuery} onChange={(event) => setInQuery(event.target.checked)} />
        Token in the address
      </label>
      <p className="problem" role="alert">
        {problem}
      </p>
      <button type="submit" className="button" data-kind="primary">
        Connect
      </button>
    </form>
  );
}
