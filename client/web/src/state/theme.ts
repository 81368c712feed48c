import { localStore } from './storage.ts';
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'parley.theme';

export function readTheme(): Theme {
  const stored = localStore.get(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Applies a theme to the page, and stores it. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') {
    localStore.remove(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStore.set(KEY, theme);
    document.documentElement.dataset.theme = theme;
  }
}
