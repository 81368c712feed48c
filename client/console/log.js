/**
 * The state of one conversation's log as this page holds it. Replies, pushes and pages all enter `reduceLog` (LOG-3).
 *
 * @typedef {{ event: string, data: any }} Entry
 * @typedef {object} Log
 * @property {string} conversationId
 * @property {string} me the reader's userId, for `mine`
 * @property {any} [conversation] as told by the newest join
 * @property {string} [role]
 * @property {number} from the lowest seq held; 1: the beginning
 * @property {number | undefined} position everything up to here was applied; undefined until joined
 * @property {number} n messages up to `position`
 * @property {Map<number, Entry>} items messages and notices by seq
 * @property {Map<number, { entry: Entry, own: boolean }>} ahead entries that came before their turn
 * @property {number} fetching pages under way
 * @property {Entry[]} kept changes that came for messages not held while a page was under way
 *
 * @typedef {{ type: 'joined', data: any } | { type: 'entry', entry: Entry, own: boolean } | { type: 'page', data: any }
 *   | { type: 'fetching' } | { type: 'fetched' }} Input
 */

const CHANGES = new Set(['message-updated', 'message-deleted', 'reaction-added', 'reaction-removed']);
const NOTICES = new Set(['member-joined', 'member-left', 'member-updated', 'conversation-updated']);

/** `message-sent` is the acting connection's name for the same entry (LOG-3). */
const canonical = (event) => (event === 'message-sent' ? 'receive-message' : event);

/** @param {{ event: string, data?: any }} frame without seq it is no entry (RETRY-1: `unchanged`) */
export function isEntry(frame) {
  const event = canonical(frame.event);
  const known = event === 'receive-message' || CHANGES.has(event) || NOTICES.has(event);
  return known && Number.isInteger(frame.data?.seq);
}

/**
 * @param {string} conversationId
 * @param {string} me
 * @returns {Log}
 */
export function createLog(conversationId, me) {
  const empty = { position: undefined, n: 0, items: new Map(), ahead: new Map(), fetching: 0, kept: [] };
  return { conversationId, me, from: 1, ...empty };
}

/**
 * @param {Log} log is not changed
 * @param {Input} input
 * @returns {Log}
 */
export function reduceLog(log, input) {
  const next = { ...log, items: new Map(log.items), ahead: new Map(log.ahead), kept: [...log.kept] };
  switch (input.type) {
    case 'joined':
      start(next, input.data);
      break;
    case 'entry':
      arrive(next, input.entry, input.own);
      break;
    case 'page':
      prepend(next, input.data.entries);
      for (const entry of input.data.entries) arrive(next, entry, false);
      break;
    case 'fetching':
      next.fetching += 1;
      return next;
    case 'fetched':
      next.fetching = Math.max(0, next.fetching - 1);
      if (next.fetching === 0) next.kept = [];
      return next;
  }
  drain(next);
  return next;
}

/** LOG-5: something of others is ahead of the position. One's own acknowledgements start no timer. */
export function hasGap(/** @type {Log} */ log) {
  return log.position !== undefined && [...log.ahead.values()].some(({ own }) => !own);
}

/**
 * What to show, ascending: all that was applied, and one's own entries at once (LOG-5).
 * @param {Log} log
 * @returns {Entry[]}
 */
export function timeline(log) {
  const items = new Map(log.items);
  const own = [...log.ahead.values()].filter((held) => held.own).map((held) => held.entry);
  for (const entry of own.sort((a, b) => a.data.seq - b.data.seq)) apply(items, entry, log.me);
  return [...items.values()].sort((a, b) => a.data.seq - b.data.seq);
}

function start(log, data) {
  log.conversation = data.conversation;
  log.role = data.role;
  if (log.position === undefined) {
    log.from = data.entries[0]?.data.seq ?? data.head + 1;
    log.position = log.from - 1;
  }
  for (const entry of data.entries) arrive(log, entry, false);
}

function arrive(log, frame, own) {
  const entry = { event: canonical(frame.event), data: frame.data };
  const { seq } = entry.data;
  if (log.position !== undefined && seq <= log.position) return;
  const held = log.ahead.get(seq);
  log.ahead.set(seq, { entry, own: own || held?.own === true });
}

function drain(log) {
  if (log.position === undefined) return;
  for (const seq of log.ahead.keys()) if (seq <= log.position) log.ahead.delete(seq);
  for (let held = log.ahead.get(log.position + 1); held; held = log.ahead.get(log.position + 1)) {
    const { entry } = held;
    log.position += 1;
    log.ahead.delete(log.position);
    log.n = entry.data.n ?? log.n;
    settings(log, entry);
    // LOG-4: a page under way may bring the message as it was before this change.
    if (!apply(log.items, entry, log.me) && log.fetching > 0) log.kept.push(entry);
  }
}

/** Older entries, if they end where this copy begins; anything else would leave a hole. */
function prepend(log, entries) {
  const older = entries.filter((entry) => entry.data.seq < log.from);
  if (log.position === undefined || older.at(-1)?.data.seq !== log.from - 1) return;
  const items = new Map();
  for (const entry of older) apply(items, entry, log.me);
  log.from = older[0].data.seq;
  for (const [seq, item] of items) log.items.set(seq, item);
  log.kept = log.kept.filter((change) => !apply(log.items, change, log.me));
}

/** @returns {boolean} false: a change to a message that is not held */
function apply(items, { event, data }, me) {
  if (!CHANGES.has(event)) {
    items.set(data.seq, { event, data });
    return true;
  }
  const target = items.get(data.targetSeq);
  if (target?.event !== 'receive-message') return false;
  // LOG-4: the message was read after this change.
  if (data.seq <= target.data.rev) return true;
  const message = changed(target.data, event, data, me);
  if (message) items.set(data.targetSeq, { event: target.event, data: { ...message, rev: data.seq } });
  return true;
}

function changed(message, event, data, me) {
  if (event === 'message-updated') {
    // EDIT-2: superseded; a later entry has the content.
    return data.content === undefined ? undefined : { ...message, content: data.content, editedAt: data.at };
  }
  if (event === 'message-deleted') {
    const { conversationId, seq, senderId, clientMessageId, type, createdAt, n } = message;
    return { conversationId, seq, senderId, clientMessageId, type, createdAt, n, reactions: [], deletedAt: data.at };
  }
  return { ...message, reactions: reacted(message.reactions ?? [], event === 'reaction-added', data, me) };
}

function reacted(reactions, added, { emoji, userId, count }, me) {
  const old = reactions.find((reaction) => reaction.emoji === emoji);
  const mine = userId === me ? added : (old?.mine ?? false);
  const updated = { emoji, count, mine };
  if (count <= 0) return reactions.filter((reaction) => reaction !== old);
  return old ? reactions.map((reaction) => (reaction === old ? updated : reaction)) : [...reactions, updated];
}

function settings(log, { event, data }) {
  if (event === 'conversation-updated') log.conversation = { ...log.conversation, ...data.changes };
  if (event === 'member-updated' && data.userId === log.me && data.role) log.role = data.role;
}
