import { localStore, tabStore } from '../state/storage.ts';
import { claimsOf } from './claims.ts';
import { type Session, SignedOutError } from './session.ts';
import { type PoolTokens, type UserPool, UserPoolError } from './user-pool.ts';

/** What is stored for a reload: never the password or the access token. */
interface Stored {
  readonly refreshToken: string;
  readonly userId: string;
  readonly name: string;
}

const KEY = 'parley.session';
/** An access token with less than this left is replaced before it is used. */
const SPARE_MS = 60_000;

/** Starts a session. With `remember` it outlives this tab, until the user signs out. */
export function poolSession(pool: UserPool, tokens: PoolTokens, name: string, remember: boolean): Session {
  const { refreshToken } = tokens;
  const userId = claimsOf(tokens.accessToken)?.sub;
  if (!refreshToken || !userId) throw new UserPoolError('NoToken', 'The user pool gave no usable token.');
  const stored: Stored = { refreshToken, userId, name };
  (remember ? localStore : tabStore).set(KEY, JSON.stringify(stored));
  return sessionOf(pool, stored, tokens);
}

/** The session from before a reload. */
export function resumePoolSession(pool: UserPool): Session | undefined {
  const text = tabStore.get(KEY) ?? localStore.get(KEY);
  if (!text) return undefined;
  try {
    const { refreshToken, userId, name } = JSON.parse(text) as Partial<Stored>;
    return refreshToken && userId ? sessionOf(pool, { refreshToken, userId, name: name ?? userId }) : undefined;
  } catch {
    return undefined;
  }
}

function sessionOf(pool: UserPool, { refreshToken, userId, name }: Stored, first?: PoolTokens): Session {
  let held = first;
  return {
    userId,
    name,
    async token({ reason }) {
      const fresh = held && held.expiresAt - Date.now() > SPARE_MS;
      if (held && fresh && reason !== 'refused' && reason !== 'refresh') return held.accessToken;
      try {
        held = await pool.refresh(refreshToken);
        return held.accessToken;
      } catch (error) {
        if (!(error instanceof UserPoolError) || error.code !== 'NotAuthorizedException') throw error;
        forget();
        throw new SignedOutError('You were signed out.', { cause: error });
      }
    },
    async signOut() {
      forget();
      // Without a network the token stays valid, but nobody here has it any more.
      await pool.revoke(refreshToken).catch(() => {});
    },
  };
}

function forget(): void {
  tabStore.remove(KEY);
  localStore.remove(KEY);
}
