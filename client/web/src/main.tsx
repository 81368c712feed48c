import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Boundary } from './parts/boundary.tsx';
import { Welcome } from './sign-in/welcome.tsx';
import { readTheme, setTheme } from './state/theme.ts';

setTheme(readTheme());
const root = document.getElementById('root');
if (root) {
  // An error that a boundary has caught still reaches the window's listeners, as any other does.
  createRoot(root, { onCaughtError: (error) => reportError(error) }).render(
    <StrictMode>
      <Boundary of={undefined} fallback={() => <Broken />}>
        <App />
      </Boundary>
    </StrictMode>,
  );
}

function Broken() {
  return (
    <Welcome>
      <p role="alert">Something went wrong. What you have written is kept.</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Load the page again
      </button>
    </Welcome>
  );
}
