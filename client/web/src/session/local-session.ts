import type { Session } from './session.ts';

/** Per tab, so that two tabs can be two users. */
const KEY = 'parley.user';

/** A session as anyone, on one's own machine: every token is asked for anew. */
export function localSession(userId: string): Session {
  sessionStorage.setItem(KEY, userId);
  return {
    userId,
    token: () => localToken(userId),
    async signOut() {
      sessionStorage.removeItem(KEY);
      history.replaceState(undefined, '', location.pathname);
    },
  };
}

/** A new token for any user id. @throws Error with the server's sentence, if it gives none */
export async function localToken(userId: string): Promise<string> {
  const response = await fetch(`/token?user=${encodeURIComponent(userId)}`, { cache: 'no-store' });
  if (!response.ok) throw new Error(`No token: ${await response.text()}`);
  return response.text();
}

/**
 * This tab's session from before a reload; or the user that the address names (`?user=alice`), to open windows as
 * several.
 */
export function resumeLocalSession(): Session | undefined {
  const userId = new URLSearchParams(location.search).get('user') ?? sessionStorage.getItem(KEY);
  return userId ? localSession(userId) : undefined;
}
