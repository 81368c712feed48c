import './without-eval.ts';
import { createRoot } from 'react-dom/client';
import { loadConfig } from '../src/config.ts';
import { Toasts } from '../src/parts/toasts.tsx';
import { Page } from './page.tsx';
import { Seat } from './state/seat.ts';

// Without a configuration there are no demo users; a token can still be pasted.
const config = await loadConfig().catch(() => undefined);
const seats = [new Seat('first'), new Seat('second')] as const;
if (config) for (const seat of seats) seat.resume(config);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <Toasts>
      <Page config={config} seats={seats} />
    </Toasts>,
  );
}
