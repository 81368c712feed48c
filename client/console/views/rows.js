import { timeline } from '../log.js';

/** A sender's messages within this stand together under one name. */
const GROUP_MS = 300_000;
const QUOTE_LENGTH = 120;

/**
 * What the message list shows: days, messages, notices, then what is still on its way.
 * @param {import('../rooms.js').Room} room
 * @param {import('../outbox.js').Outgoing[]} outgoing
 * @param {string} me
 * @returns {import('./message.js').Row[]}
 */
export function rowsOf(room, outgoing, me) {
  const entries = timeline(room.log);
  const bySeq = new Map(entries.map(({ data }) => [data.seq, data]));
  const mayModerate = room.log.role === 'admin' || room.log.role === 'owner';
  const rows = [];
  let day;
  let last;

  const follows = (senderId, at) => last?.senderId === senderId && Date.parse(at) - Date.parse(last.at) < GROUP_MS;

  for (const { event, data } of entries) {
    const at = data.createdAt ?? data.at;
    const thisDay = new Date(at).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' });
    if (thisDay !== day) {
      rows.push({ key: `day-${thisDay}`, kind: 'day', data: thisDay });
      day = thisDay;
      last = undefined;
    }
    if (event !== 'receive-message') {
      rows.push({ key: `seq-${data.seq}`, kind: 'notice', data: { event, data } });
      last = undefined;
      continue;
    }
    const isMine = data.senderId === me;
    const quoted = data.replyTo === undefined ? undefined : quote(bySeq.get(data.replyTo), data.replyTo);
    const facts = { isMine, mayDelete: isMine || mayModerate, follows: follows(data.senderId, at), quoted };
    rows.push({ key: `seq-${data.seq}`, kind: 'message', data, ...facts });
    last = { senderId: data.senderId, at };
  }
  for (const item of outgoing) {
    const facts = { isMine: true, follows: follows(me, item.createdAt) };
    rows.push({
      key: item.clientMessageId,
      kind: 'outgoing',
      data: { ...item, senderId: me, waits: room.state !== 'joined' },
      ...facts,
    });
    last = { senderId: me, at: item.createdAt };
  }
  return rows;
}

/** @returns {string} */
export function quote(/** @type {any} */ message, /** @type {number} */ seq) {
  if (message?.senderId === undefined) return `#${seq}`;
  const text = message.deletedAt === undefined ? (message.content ?? '') : 'deleted message';
  const characters = [...text.replaceAll('\n', ' ')];
  const cut = characters.length > QUOTE_LENGTH ? `${characters.slice(0, QUOTE_LENGTH).join('')}…` : characters.join('');
  return `${message.senderId}: ${cut}`;
}
