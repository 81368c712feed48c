import { useState } from 'react';

interface NewPasswordFormProps {
  readonly busy: boolean;
  onPassword(password: string): void;
}

/** Asks for a new password at the first sign-in, because somebody else chose the first one. */
export function NewPasswordForm({ busy, onPassword }: NewPasswordFormProps) {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const differ = again !== '' && again !== password;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (password === again) onPassword(password);
      }}
    >
      <p>Choose a password of your own: at least 12 characters, with capitals, digits and symbols.</p>
      <label className="field">
        <span>New password</span>
        <input
          type="password"
          required
          minLength={12}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <label className="field">
        <span>New password, again</span>
        <input
          type="password"
          required
          autoComplete="new-password"
          aria-invalid={differ}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </label>
      <button type="submit" className="button" data-kind="primary" disabled={busy || differ}>
        {busy ? 'Signing in…' : 'Continue'}
      </button>
    </form>
  );
}
