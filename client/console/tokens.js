/** @returns {any} a JWT's claims, unverified: for display only; undefined if it is none */
export function claimsOf(/** @type {string} */ token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** @returns {Promise<{ webSocketUrl?: string, users: { userId: string, token: string }[] } | undefined>} what the server of this page offers */
export async function loadConfig() {
  try {
    const response = await fetch('/config.json', { cache: 'no-store' });
    if (!response.ok) return undefined;
    const { webSocketUrl, users } = await response.json();
    return { webSocketUrl, users: Array.isArray(users) ? users : [] };
  } catch {
    return undefined;
  }
}

/**
 * A token for a demo user: a new one if the server makes them, else the one in its configuration.
 * @param {string} userId
 * @returns {Promise<string>}
 */
export async function demoToken(userId) {
  const response = await fetch(`/token?user=${encodeURIComponent(userId)}`, { cache: 'no-store' }).catch(
    () => undefined,
  );
  const text = response?.ok ? (await response.text()).trim() : '';
  if (claimsOf(text)) return text;
  const listed = (await loadConfig())?.users.find((user) => user.userId === userId)?.token;
  if (!listed) throw new Error(`this server gives no token for ${userId}`);
  return listed;
}
