import { useEffect, useMemo, useState } from 'react';
import { ChatApp } from './chat-app.tsx';
import { type AppConfig, loadConfig } from './config.ts';
import { Toasts } from './parts/toasts.tsx';
import { resumeLocalSession } from './session/local-session.ts';
import { resumePoolSession } from './session/pool-session.ts';
import type { Session } from './session/session.ts';
import { UserPool } from './session/user-pool.ts';
import { LocalSignIn } from './sign-in/local-sign-in.tsx';
import { PoolSignIn } from './sign-in/pool-sign-in.tsx';
import { Welcome } from './sign-in/welcome.tsx';

/** Loads the configuration, signs the user in, then shows the chat. */
export function App() {
  const [config, setConfig] = useState<AppConfig>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    loadConfig().then(setConfig, (error: Error) => setProblem(error.message));
  }, []);
  if (problem) {
    return (
      <Welcome>
        <p role="alert">{problem}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Try again
        </button>
      </Welcome>
    );
  }
  return config ? (
    <Toasts>
      <SignedIn config={config} />
    </Toasts>
  ) : (
    <Welcome>
      <p className="quiet">Loading…</p>
    </Welcome>
  );
}

function SignedIn({ config }: { readonly config: AppConfig }) {
  const { signIn } = config;
  const pool = useMemo(() => (signIn.kind === 'user-pool' ? new UserPool(signIn) : undefined), [signIn]);
  const [session, setSession] = useState<Session | undefined>(() =>
    pool ? resumePoolSession(pool) : resumeLocalSession(),
  );
  const [notice, setNotice] = useState<string>();
  if (session) {
    return (
      <ChatApp
        key={session.userId}
        config={config}
        session={session}
        onSignedOut={(why) => {
          setNotice(why);
          setSession(undefined);
        }}
      />
    );
  }
  if (signIn.kind === 'user-pool' && pool) return <PoolSignIn pool={pool} notice={notice} onSession={setSession} />;
  return <LocalSignIn userIds={signIn.kind === 'local' ? signIn.userIds : []} onSession={setSession} />;
}
