import { useSyncExternalStore } from 'react';
import type { Observable } from './observable.ts';

/** Renders again whenever the store has changed. */
export function useStore(store: Observable): void {
  useSyncExternalStore(store.subscribe, () => store.revision);
}
