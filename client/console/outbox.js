import { systemClock } from './clock.js';
import { reconnectDelayMs } from './connection.js';

/**
 * Messages on their way: pending → sent (gone from here, in the log) or failed. One is in flight per conversation, so
 * they keep their order (SEND-6).
 *
 * @typedef {object} Outgoing
 * @property {string} conversationId
 * @property {string} clientMessageId the same in every try, so that the server knows the twin (SEND-3)
 * @property {string} content
 * @property {number} [replyTo]
 * @property {'pending' | 'failed'} state
 * @property {string} [error]
 * @property {string} createdAt
 *
 * @typedef {object} Options
 * @property {(fields: any) => Promise<any>} send one `send-message`
 * @property {(conversationId: string) => number | undefined} positionOf undefined: not joined now, wait
 * @property {(error: any, conversationId: string) => Promise<boolean>} remedy does what an error's code asks for; false: nothing helps
 * @property {() => void} changed
 * @property {() => string} newId
 * @property {import('./clock.js').Clock} [clock]
 * @property {() => number} [random]
 */

const MAX_TRIES = 6;

/** @param {Options} options */
export function createOutbox({ send, positionOf, remedy, changed, newId, clock = systemClock, random = Math.random }) {
  /** @type {Outgoing[]} */
  let items = [];
  const inFlight = new Set();

  const has = (item) => items.includes(item);
  const pause = (ms) => new Promise((resolve) => clock.setTimeout(() => resolve(undefined), ms));

  function drop(item) {
    items = items.filter((other) => other !== item);
    changed();
  }

  function update(item, state, error) {
    item.state = state;
    item.error = error;
    changed();
  }

  async function deliver(item) {
    for (let tries = 1; has(item); tries += 1) {
      const { conversationId, clientMessageId, content, replyTo } = item;
      const after = positionOf(conversationId);
      // Not joined now: `flush` takes it up again after the next join.
      if (after === undefined) return;
      try {
        const reply = replyTo === undefined ? {} : { replyTo };
        await send({ conversationId, content, clientMessageId, after, ...reply });
        return drop(item);
      } catch (error) {
        if (error.code === 'not-open') return;
        if (tries >= MAX_TRIES) return update(item, 'failed', error.message);
        if (error.code === 'timeout') continue;
        if (error.retryable) await pause(error.retryAfterMs ?? reconnectDelayMs(tries, random));
        else if (!(await remedy(error, conversationId).catch(() => false)))
          return update(item, 'failed', error.message);
      }
    }
  }

  async function pump(conversationId) {
    if (inFlight.has(conversationId)) return;
    inFlight.add(conversationId);
    try {
      for (;;) {
        const item = items.find((other) => other.conversationId === conversationId && other.state === 'pending');
        if (!item) return;
        await deliver(item);
        // Still pending: it waits for a connection, and so do those behind it.
        if (has(item) && item.state === 'pending') return;
      }
    } finally {
      inFlight.delete(conversationId);
    }
  }

  return {
    /**
     * @param {string} conversationId
     * @param {string} content
     * @param {number} [replyTo]
     */
    add(conversationId, content, replyTo) {
      const createdAt = new Date(clock.now()).toISOString();
      items = [...items, { conversationId, clientMessageId: newId(), content, replyTo, state: 'pending', createdAt }];
      changed();
      void pump(conversationId);
    },
    retry(/** @type {string} */ clientMessageId) {
      const item = items.find((other) => other.clientMessageId === clientMessageId);
      if (item?.state !== 'failed') return;
      update(item, 'pending', undefined);
      void pump(item.conversationId);
    },
    discard(/** @type {string} */ clientMessageId) {
      items = items.filter((item) => item.clientMessageId !== clientMessageId);
      changed();
    },
    /** SEND-5: one's own message came back in a reply, push or page, whichever was first. */
    seen(/** @type {{ clientMessageId?: string }} */ message) {
      const item = items.find((other) => other.clientMessageId === message.clientMessageId);
      if (item) drop(item);
    },
    /** The conversation was joined (again). */
    flush: (/** @type {string} */ conversationId) => void pump(conversationId),
    /** @returns {Outgoing[]} */
    of: (/** @type {string} */ conversationId) => items.filter((item) => item.conversationId === conversationId),
  };
}
