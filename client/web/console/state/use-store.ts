import { useSyncExternalStore } from 'react';
import type { Observable } from './observable.ts';

/** Renders again whenever the store changes. */
export function useStore(store: Observable): void {
  useSyncExternalStore(store.subscribe, () => store.revision);
}
