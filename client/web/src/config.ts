/** What a deployment tells the app, in `/config.json`. */
export interface AppConfig {
  readonly webSocketUrl: string;
  /** How tokens travel (CONN-1). Subprotocols, unless the deployment says otherwise. */
  readonly tokenIn: 'subprotocol' | 'query';
  readonly signIn: SignIn;
}

type SignIn =
  /**
   * Nobody has to prove who they are: `/token?user=…` gives a token for any user id. Only a local server has that
   * address.
   */
  | { readonly kind: 'local'; readonly userIds: readonly string[] }
  /** Username and password of a Cognito user pool. */
  | { readonly kind: 'user-pool'; readonly clientId: string; readonly endpoint: string };

interface ConfigFile {
  readonly webSocketUrl?: unknown;
  readonly tokenIn?: unknown;
  readonly users?: unknown;
  readonly userPool?: { readonly clientId?: unknown; readonly endpoint?: unknown };
}

/** Reads `/config.json`. @throws Error with a sentence to show to the user */
export async function loadConfig(): Promise<AppConfig> {
  const response = await fetch('/config.json', { cache: 'no-store' }).catch(() => undefined);
  if (!response) throw new Error('The server cannot be reached.');
  if (response.status === 503) throw new Error('Parley is still starting.');
  if (!response.ok) throw new Error(`The configuration is missing (${response.status}).`);
  return readConfig((await response.json()) as ConfigFile);
}

/** Checks what the file says. @throws Error if the app cannot work with it */
function readConfig({ webSocketUrl, tokenIn, users, userPool }: ConfigFile): AppConfig {
  if (typeof webSocketUrl !== 'string' || !/^wss?:\/\//.test(webSocketUrl)) {
    throw new Error('The configuration gives no WebSocket address.');
  }
  const carrier = tokenIn === 'query' ? 'query' : 'subprotocol';
  if (typeof userPool?.clientId === 'string' && typeof userPool.endpoint === 'string') {
    const { clientId, endpoint } = userPool;
    return { webSocketUrl, tokenIn: carrier, signIn: { kind: 'user-pool', clientId, endpoint } };
  }
  if (!Array.isArray(users)) throw new Error('The configuration gives no way to sign in.');
  const userIds = users.flatMap((user: { userId?: unknown }) => (typeof user.userId === 'string' ? [user.userId] : []));
  return { webSocketUrl, tokenIn: carrier, signIn: { kind: 'local', userIds } };
}
