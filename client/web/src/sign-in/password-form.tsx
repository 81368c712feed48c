interface PasswordFormProps {
  readonly busy: boolean;
  onSubmit(entered: { username: string; password: string; remember: boolean }): void;
}

export function PasswordForm({ busy, onSubmit }: PasswordFormProps) {
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const username = String(data.get('username')).trim();
        onSubmit({ username, password: String(data.get('password')), remember: data.has('remember') });
      }}
    >
      <label className="field">
        <span>Username or e-mail</span>
        <input name="username" required autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </label>
      <label className="field">
        <span>Password</span>
        <input name="password" type="password" required autoComplete="current-password" />
      </label>
      <label className="check">
        <input name="remember" type="checkbox" />
        <span>Stay signed in on this device</span>
      </label>
      <button type="submit" className="button" data-kind="primary" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}
