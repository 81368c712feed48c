import { avatar, byId, h, reconcile } from '../dom.js';
import { onlineUsers } from '../presence.js';

/** @returns {string} what a conversation is called, for this reader */
export function titleOf(/** @type {any} */ conversation, /** @type {string} */ id, /** @type {string} */ me) {
  if (conversation?.kind === 'direct') {
    const other = conversation.userIds?.find((userId) => userId !== me);
    if (other) return other;
  }
  return conversation?.name ?? id;
}

const SIGNS = { channel: '#', group: '◇', direct: '@' };

/**
 * The list of conversations, and who is online in the one in view.
 * @param {{ open: (conversationId: string) => void, listMine: () => void }} actions
 */
export function createRoomsView({ open, listMine }) {
  byId('list-rooms').addEventListener('click', listMine);
  byId('join-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const input = byId('join-id');
    open(input.value.trim());
    input.value = '';
  });

  function row({ id, title, kind, state, unread, isCurrent }) {
    const note = { offline: 'offline', waiting: 'joining…', out: 'not joined', known: 'not joined' }[state];
    const badge = h('span', { class: 'badge' }, String(unread), h('span', { class: 'visually-hidden' }, ' unread'));
    const button = h(
      'button',
      { type: 'button', 'data-focus': 'open', 'aria-current': isCurrent ? 'true' : undefined, onclick: () => open(id) },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[kind] ?? '#'),
      h('span', { class: 'name', dir: 'auto' }, title),
      note !== undefined && h('span', { class: 'quiet' }, note),
      unread > 0 && badge,
    );
    return h('li', {}, button);
  }

  function person({ userId, status, isMe }) {
    const note = isMe ? 'you' : status === 'online' ? undefined : status;
    return h(
      'li',
      {},
      h('span', { class: `presence ${status === 'online' ? '' : 'dim'}` }, avatar(userId)),
      h('span', { class: 'name' }, userId),
      note !== undefined && h('span', { class: 'quiet' }, note),
    );
  }

  return {
    /**
     * @param {ReturnType<typeof import('../session.js').createSession>} session
     * @param {string | undefined} current
     */
    render(session, current) {
      const joined = [...session.rooms.all].map(([id, room]) => {
        const { conversation, n } = room.log;
        const facts = { title: titleOf(conversation, id, session.me), kind: conversation?.kind };
        const state = room.state === 'waiting' && session.connection.state !== 'open' ? 'offline' : room.state;
        return { id, ...facts, state, unread: n - room.seenN, isCurrent: id === current };
      });
      const known = [...session.known]
        .filter(([id]) => !session.rooms.all.has(id))
        .map(([id, conversation]) => {
          const facts = { title: titleOf(conversation, id, session.me), kind: conversation.kind };
          return { id, ...facts, state: 'known', unread: conversation.unread ?? 0, isCurrent: id === current };
        });
      const rows = [...joined, ...known];
      reconcile(byId('rooms'), rows, { key: (item) => item.id, signature: JSON.stringify, create: row });

      const unread = joined.reduce((sum, item) => sum + item.unread, 0);
      byId('tab-unread').hidden = unread === 0;
      byId('tab-unread').textContent = String(unread);
      document.title = `${unread > 0 ? `(${unread}) ` : ''}${current ? `${current} · ` : ''}Parley console`;

      const room = current === undefined ? undefined : session.rooms.all.get(current);
      const online = room?.state === 'joined' ? onlineUsers(room.presence) : [];
      byId('people-section').hidden = online.length === 0;
      const people = online.map((user) => ({ ...user, isMe: user.userId === session.me }));
      reconcile(byId('people'), people, { key: (item) => item.userId, signature: JSON.stringify, create: person });
    },
  };
}
