import { systemClock } from './clock.js';

/** TYPE-1: receivers drop the indicator after 6 s, so typists repeat it every 4 s. */
export const REPEAT_MS = 4_000;
export const EXPIRE_MS = 6_000;

/**
 * Says that one types, no more often than needed.
 * @param {{ send: (conversationId: string, isTyping: boolean) => void, clock?: import('./clock.js').Clock }} options
 */
export function createTypist({ send, clock = systemClock }) {
  /** @type {Map<string, number>} when it was last said, by conversation */
  const said = new Map();
  return {
    typed(/** @type {string} */ conversationId) {
      const last = said.get(conversationId);
      if (last !== undefined && clock.now() - last < REPEAT_MS) return;
      said.set(conversationId, clock.now());
      send(conversationId, true);
    },
    /** The text was cleared, not sent. */
    stopped(/** @type {string} */ conversationId) {
      const last = said.get(conversationId);
      said.delete(conversationId);
      if (last !== undefined && clock.now() - last < EXPIRE_MS) send(conversationId, false);
    },
    /** Sent: receivers drop the indicator with the message. */
    sent: (/** @type {string} */ conversationId) => said.delete(conversationId),
  };
}

/**
 * Who types where, as others say.
 * @param {{ changed: () => void, clock?: import('./clock.js').Clock }} options
 */
export function createTypingList({ changed, clock = systemClock }) {
  /** @type {Map<string, Map<string, any>>} timers by user, by conversation */
  const rooms = new Map();

  function drop(conversationId, userId) {
    const room = rooms.get(conversationId);
    if (!room?.has(userId)) return;
    clock.clearTimeout(room.get(userId));
    room.delete(userId);
    changed();
  }

  return {
    heard(/** @type {{ conversationId: string, userId: string, isTyping: boolean }} */ data) {
      const { conversationId, userId, isTyping } = data;
      drop(conversationId, userId);
      if (!isTyping) return;
      if (!rooms.has(conversationId)) rooms.set(conversationId, new Map());
      const timer = clock.setTimeout(() => drop(conversationId, userId), EXPIRE_MS);
      rooms.get(conversationId)?.set(userId, timer);
      changed();
    },
    /** A message, or leaving, ends it too. */
    drop,
    clear(/** @type {string} */ conversationId) {
      for (const userId of [...(rooms.get(conversationId)?.keys() ?? [])]) drop(conversationId, userId);
    },
    in: (/** @type {string} */ conversationId) => [...(rooms.get(conversationId)?.keys() ?? [])].sort(),
  };
}
