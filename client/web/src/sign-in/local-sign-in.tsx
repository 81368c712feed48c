import { isUserId } from '@parley/client';
import { useState } from 'react';
import { Avatar } from '../parts/avatar.tsx';
import { localSession } from '../session/local-session.ts';
import type { Session } from '../session/session.ts';
import { Welcome } from './welcome.tsx';

interface LocalSignInProps {
  readonly userIds: readonly string[];
  onSession(session: Session): void;
}

/** Signing in on a local server, where anyone may be anyone. */
export function LocalSignIn({ userIds, onSession }: LocalSignInProps) {
  const [userId, setUserId] = useState('');
  return (
    <Welcome>
      <p className="quiet">This is a local server: choose who to be. Open another window to be someone else.</p>
      {userIds.length > 0 && (
        <ul className="people" aria-label="Demo users">
          {userIds.map((id) => (
            <li key={id}>
              <button type="button" className="person" onClick={() => onSession(localSession(id))}>
                <Avatar name={id} size="large" />
                <bdi>{id}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        className="field-row"
        onSubmit={(event) => {
          event.preventDefault();
          onSession(localSession(userId.trim()));
        }}
      >
        <label className="field">
          <span>Someone else</span>
          <input
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="dave"
            value={userId}
            onChange={({ target }) => {
              target.setCustomValidity(
                isUserId(target.value.trim()) ? '' : 'Up to 255 letters, digits and signs of ASCII; not “system”',
              );
              setUserId(target.value);
            }}
          />
        </label>
        <button type="submit" className="button" data-kind="primary">
          Continue
        </button>
      </form>
      <p className="quiet small">
        Curious about the frames? Open the <a href="/console/">console</a>.
      </p>
    </Welcome>
  );
}
