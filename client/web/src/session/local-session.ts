import { tabStore } from '../state/storage.ts';
import type { Session } from './session.ts';

/** Per tab, so that two tabs can be two users. */
const KEY = 'parley.user';

/** A session for any user on a local server. It asks for a new token every time. */
export function localSession(userId: string): Session {
  tabStore.set(KEY, userId);
  return {
    userId,
    token: () => localToken(userId),
    async signOut() {
      tabStore.remove(KEY);
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
 * This tab's session from before a reload, or one for the user in the address (`?user=alice`), so that several windows
 * can be several users.
 */
export function resumeLocalSession(): Session | undefined {
  const userId = new URLSearchParams(location.search).get('user') ?? tabStore.get(KEY);
  return userId ? localSession(userId) : undefined;
}
