import { createLog, reduceLog } from './log.js';
import { presenceChanged, presenceFromJoin } from './presence.js';
import { createSync } from './sync.js';

/**
 * The conversations that this page has joined.
 * `waiting`: the connection is lost, or the join goes on; `out`: removed or banned.
 * @typedef {{ log: import('./log.js').Log, presence: import('./presence.js').Presence, state: 'waiting' | 'joined' | 'out',
 *   error?: string, code?: string, seenN: number }} Room
 */

/** JOIN-4: joins open at a time. */
const MAX_JOINS = 4;

/**
 * @param {object} options
 * @param {string} options.me
 * @param {(action: string, fields: any) => Promise<any>} options.request
 * @param {() => void} options.changed
 * @param {(conversationId: string) => void} options.joined
 * @param {import('./clock.js').Clock} options.clock
 * @param {() => number} options.random
 */
export function createRooms({ me, request, changed, joined, clock, random }) {
  /** @type {Map<string, Room>} */
  const rooms = new Map();
  const sync = createSync({ logOf, reduce, request, clock, random });

  function logOf(id) {
    const room = rooms.get(id);
    return room?.state === 'joined' ? room.log : undefined;
  }

  function update(id, part) {
    const room = rooms.get(id);
    if (!room) return;
    rooms.set(id, { ...room, ...part });
    changed();
  }

  function reduce(id, input) {
    const room = rooms.get(id);
    if (!room) return;
    update(id, { log: reduceLog(room.log, input) });
    if (input.type !== 'fetching' && input.type !== 'fetched') sync.check(id);
  }

  function fresh(id) {
    return { log: createLog(id, me), presence: new Map(), state: /** @type {const} */ ('waiting'), seenN: 0 };
  }

  /** @returns {Promise<void>} rejects with the error frame's code */
  async function join(id) {
    const after = rooms.get(id)?.log.position;
    await request('join', { conversationId: id, ...(after === undefined ? {} : { after }) });
  }

  async function rejoin(id) {
    for (;;) {
      try {
        return await join(id);
      } catch (error) {
        if (error.code === 'not-open' || !rooms.has(id)) return;
        if (!error.retryable) return update(id, { state: 'out', error: error.message, code: error.code });
        await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), error.retryAfterMs ?? 1_000));
      }
    }
  }

  return {
    /** @type {ReadonlyMap<string, Room>} */
    all: rooms,
    join,
    /** Joins now, or with the next connection. Held from here on, because pushes may come before the reply (JOIN-2). */
    open(/** @type {string} */ id, /** @type {boolean} */ connected) {
      const room = rooms.get(id);
      if (room?.state === 'joined') return;
      rooms.set(id, room ? { ...room, state: 'waiting', error: undefined, code: undefined } : fresh(id));
      changed();
      if (connected) void rejoin(id);
    },
    logOf,
    sync,
    /** After a reconnect: everything again from where it was, a few at a time. */
    async rejoinAll() {
      const ids = [...rooms].filter(([, room]) => room.state === 'waiting').map(([id]) => id);
      const worker = async () => {
        for (let id = ids.shift(); id !== undefined; id = ids.shift()) await rejoin(id);
      };
      await Promise.all(Array.from({ length: MAX_JOINS }, worker));
    },
    /**
     * @param {any} data of `joined-conversation`
     * @param {number | undefined} after what the join asked for
     */
    onJoined(data, after) {
      const id = data.conversationId;
      const held = rooms.get(id) ?? fresh(id);
      const { epoch } = data.conversation;
      // LOG-6: another log than the one held.
      const stale = after !== undefined && after > data.head;
      if (stale || (held.log.conversation && held.log.conversation.epoch !== epoch)) {
        rooms.set(id, fresh(id));
        if (after !== undefined) return void rejoin(id);
      }
      const room = rooms.get(id) ?? held;
      const isNew = room.log.position === undefined;
      const log = reduceLog(room.log, { type: 'joined', data });
      const presence = presenceFromJoin(room.presence, data.online ?? []);
      rooms.set(id, { log, presence, state: 'joined', seenN: isNew ? log.n : room.seenN });
      changed();
      sync.check(id);
      if ((log.position ?? 0) < data.head) sync.catchUp(id).catch(() => {});
      joined(id);
    },
    onLeft(/** @type {string} */ id) {
      rooms.delete(id);
      changed();
    },
    onEntry(/** @type {any} */ frame, /** @type {boolean} */ own) {
      const { conversationId, userId, banned } = frame.data;
      reduce(conversationId, { type: 'entry', entry: frame, own });
      const removed = frame.event === 'member-left' || (frame.event === 'member-updated' && banned);
      if (removed && userId === me) update(conversationId, { state: 'out', error: 'you were removed' });
    },
    onPage(/** @type {any} */ data) {
      reduce(data.conversationId, { type: 'page', data });
    },
    onPresence(/** @type {any} */ frame) {
      const room = rooms.get(frame.data.conversationId);
      if (room) update(frame.data.conversationId, { presence: presenceChanged(room.presence, frame) });
    },
    /** Shown to the user up to its end. */
    seen(/** @type {string} */ id) {
      const room = rooms.get(id);
      if (room && room.seenN !== room.log.n) update(id, { seenN: room.log.n });
    },
    /** CONN-4: at most 50. */
    positions() {
      return [...rooms]
        .filter(([, room]) => room.state === 'joined' && room.log.position !== undefined)
        .slice(0, 50)
        .map(([conversationId, room]) => ({ conversationId, seq: room.log.position }));
    },
    lost() {
      sync.stop();
      for (const [id, room] of rooms) if (room.state === 'joined') rooms.set(id, { ...room, state: 'waiting' });
      changed();
    },
  };
}
