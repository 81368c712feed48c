/**
 * Who is online in one room. `version` grows per user: older news is dropped (PRES-1).
 * @typedef {Map<string, { status: string | undefined, version: number, lastSeenAt?: string }>} Presence status undefined: offline
 */

/**
 * The list in a join's reply carries no versions; those known stay, so that a late push does not undo it.
 * @param {Presence} presence is not changed
 * @param {{ userId: string, status: string }[]} online
 * @returns {Presence}
 */
export function presenceFromJoin(presence, online) {
  const known = (userId) => presence.get(userId)?.version ?? 0;
  return new Map(online.map(({ userId, status }) => [userId, { status, version: known(userId) }]));
}

/**
 * @param {Presence} presence is not changed
 * @param {{ event: string, data: any }} frame `user:online` or `user:offline`
 * @returns {Presence}
 */
export function presenceChanged(presence, { event, data }) {
  const { userId, status = 'online', version = 0, lastSeenAt } = data;
  if (version < (presence.get(userId)?.version ?? 0)) return presence;
  const state = event === 'user:online' ? { status, version } : { status: undefined, version, lastSeenAt };
  return new Map(presence).set(userId, state);
}

/** @returns {{ userId: string, status: string }[]} by name */
export function onlineUsers(/** @type {Presence} */ presence) {
  return [...presence]
    .filter(([, { status }]) => status !== undefined)
    .map(([userId, { status }]) => ({ userId, status: status ?? 'online' }))
    .sort((a, b) => a.userId.localeCompare(b.userId));
}
