import { useState } from 'react';
import { poolSession } from '../session/pool-session.ts';
import type { Session } from '../session/session.ts';
import type { SignInOutcome, UserPool } from '../session/user-pool.ts';
import { explain } from '../text/explain.ts';
import { NewPasswordForm } from './new-password-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { Welcome } from './welcome.tsx';

interface PoolSignInProps {
  readonly pool: UserPool;
  readonly notice: string | undefined;
  onSession(session: Session): void;
}

/** Signing in with a user pool's username and password. */
export function PoolSignIn({ pool, notice, onSession }: PoolSignInProps) {
  const [outcome, setOutcome] = useState<SignInOutcome>();
  const [problem, setProblem] = useState(notice);
  const [busy, setBusy] = useState(false);
  const [entered, setEntered] = useState({ username: '', remember: false });

  const proceed = async (step: Promise<SignInOutcome>, { username, remember } = entered) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const result = await step;
      if (result.kind === 'tokens') onSession(poolSession(pool, result.tokens, username, remember));
      else setOutcome(result);
    } catch (error) {
      setProblem(error instanceof TypeError ? 'The sign-in service cannot be reached.' : explain(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Welcome>
      {outcome?.kind === 'new-password' ? (
        <NewPasswordForm busy={busy} onPassword={(password) => proceed(outcome.complete(password))} />
      ) : (
        <PasswordForm
          busy={busy}
          onSubmit={({ username, password, remember }) => {
            setEntered({ username, remember });
            void proceed(pool.signIn(username, password), { username, remember });
          }}
        />
      )}
      <p className="problem" role="alert">
        {problem}
      </p>
    </Welcome>
  );
}
