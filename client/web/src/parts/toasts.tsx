import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { explain } from '../text/explain.ts';
import { IconButton } from './icon-button.tsx';

interface Toast {
  readonly id: number;
  readonly text: string;
}

const SHOWN_MS = 7_000;
const SHOWN_MAX = 3;
const ToastContext = createContext<(text: string) => void>(() => {});
let lastId = 0;

/** Shows for a while what went wrong or was done. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const drop = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (text: string) => {
      lastId += 1;
      const toast = { id: lastId, text };
      setToasts((shown) => [...shown.slice(1 - SHOWN_MAX), toast]);
      setTimeout(() => drop(toast.id), SHOWN_MS);
    },
    [drop],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text }) => (
          <div key={id} className="toast">
            <span dir="auto">{text}</span>
            <IconButton icon="close" label="Dismiss" onClick={() => drop(id)} />
          </div>
        ))}
      </div>
    </ToastContext>
  );
}

/** Gives the function that shows a sentence. */
export function useToast(): (text: string) => void {
  return useContext(ToastContext);
}

/** Gives a function that runs a task, and shows why if it fails. Resolves to whether it succeeded; never rejects. */
export function useAttempt(): (task: () => Promise<unknown>) => Promise<boolean> {
  const show = useToast();
  return useCallback(
    async (task) => {
      try {
        await task();
        return true;
      } catch (error) {
        show(explain(error));
        return false;
      }
    },
    [show],
  );
}
