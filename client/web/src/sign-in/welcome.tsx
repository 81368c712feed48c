import type { ReactNode } from 'react';

/** The page before anyone is signed in. */
export function Welcome({ children }: { readonly children: ReactNode }) {
  return (
    <main className="welcome">
      <div className="card">
        <header>
          <img src="/icon.svg" alt="" width="44" height="44" />
          <h1>Parley</h1>
        </header>
        {children}
      </div>
    </main>
  );
}
