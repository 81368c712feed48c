import { avatar, h } from '../dom.js';

/**
 * @typedef {{ key: string, kind: 'message' | 'notice' | 'outgoing' | 'day', data: any, follows?: boolean, isMine?: boolean,
 *   mayDelete?: boolean, quoted?: string }} Row
 * @typedef {{ react: (message: any, emoji: string, add: boolean) => void, reply: (message: any) => void,
 *   edit: (message: any) => void, remove: (message: any) => void, retry: (id: string) => void, discard: (id: string) => void }} Actions
 */

const QUICK = ['👍', '❤️', '😂', '🎉'];

const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/**
 * @param {Row} row
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
export function rowElement(row, actions) {
  if (row.kind === 'day') return h('li', { class: 'day' }, h('span', {}, row.data));
  if (row.kind === 'notice') return h('li', { class: 'notice' }, noticeText(row.data));
  if (row.kind === 'outgoing') return outgoing(row, actions);
  return message(row, actions);
}

/** @returns {string} a settled change of members or settings in words */
export function noticeText(/** @type {{ event: string, data: any }} */ { event, data }) {
  const { userId, by, role, changes = {} } = data;
  const actor = by && by !== userId ? ` by ${by}` : '';
  switch (event) {
    case 'member-joined':
      return actor ? `${userId} was added${actor}` : `${userId} joined`;
    case 'member-left':
      return actor ? `${userId} was removed${actor}` : `${userId} left`;
    case 'conversation-updated': {
      const name = changes.name === undefined ? [] : [`name “${changes.name}”`];
      const slow = changes.slowModeSeconds === undefined ? [] : [`slow mode ${changes.slowModeSeconds} s`];
      return `${by} set ${[...name, ...slow].join(' and ') || 'something'}`;
    }
    default: {
      const banned = data.banned === undefined ? [] : [data.banned ? 'banned' : 'no longer banned'];
      const muted =
        data.mutedUntil === undefined ? [] : [data.mutedUntil ? `muted until ${clock(data.mutedUntil)}` : 'unmuted'];
      return `${userId} is now ${[...(role ? [role] : []), ...muted, ...banned].join(', ')}${actor}`;
    }
  }
}

/** @type {(row: Row, actions: Actions) => HTMLElement} */
function message({ data, follows, isMine, mayDelete, quoted }, actions) {
  const deleted = data.deletedAt !== undefined;
  const meta = h(
    'div',
    { class: 'meta' },
    h('b', { class: 'sender' }, data.senderId),
    h('time', { datetime: data.createdAt, title: data.createdAt }, clock(data.createdAt)),
    h('span', { class: 'seq', title: 'Its seq in the log' }, `#${data.seq}`),
    data.editedAt !== undefined && h('span', { class: 'quiet', title: data.editedAt }, 'edited'),
  );
  const forwarded =
    data.forwardedFrom && `Forwarded${data.forwardedFrom.senderId ? ` from ${data.forwardedFrom.senderId}` : ''}`;
  const body = h(
    'div',
    { class: 'body' },
    meta,
    forwarded !== undefined && h('p', { class: 'quiet' }, forwarded),
    quoted !== undefined && h('blockquote', { dir: 'auto' }, quoted),
    deleted
      ? h('p', { class: 'text gone' }, 'This message was deleted')
      : h('p', { class: 'text', dir: 'auto' }, data.content ?? ''),
    (data.reactions?.length ?? 0) > 0 && reactions(data, actions),
  );
  const classes = ['message', follows ? 'follows' : '', isMine ? 'mine' : ''].filter(Boolean).join(' ');
  const more = !deleted && menu(data, isMine, mayDelete, actions);
  return h('li', { class: classes, 'data-seq': data.seq }, avatar(data.senderId), body, more);
}

function reactions(data, actions) {
  const chips = data.reactions.map(({ emoji, count, mine }) =>
    h(
      'button',
      {
        type: 'button',
        class: 'reaction',
        'aria-pressed': String(mine),
        'aria-label': `${emoji}, ${count}`,
        'data-focus': emoji,
        onclick: () => actions.react(data, emoji, !mine),
      },
      `${emoji} ${count}`,
    ),
  );
  return h('div', { class: 'reactions' }, ...chips);
}

function menu(data, isMine, mayDelete, actions) {
  const close = () => details.removeAttribute('open');
  const choose = (act) => () => {
    close();
    // The chosen button is hidden now; focus must not be lost with it.
    details.firstElementChild.focus();
    act();
  };
  const closeOnEscape = (event) => {
    if (event.key !== 'Escape') return;
    close();
    details.firstElementChild.focus();
  };
  const button = (label, act, name) =>
    h('button', { type: 'button', class: 'small ghost', 'aria-label': name, onclick: choose(act) }, label);
  const details = h(
    'details',
    { class: 'more', name: 'message-menu', onkeydown: closeOnEscape },
    h('summary', { 'data-focus': 'menu', 'aria-label': `Actions on message ${data.seq}` }, '⋯'),
    h(
      'div',
      { class: 'menu', role: 'group', 'aria-label': `Actions on message ${data.seq}` },
      ...QUICK.map((emoji) => button(emoji, () => actions.react(data, emoji, true), `React with ${emoji}`)),
      button('Reply', () => actions.reply(data)),
      isMine && button('Edit', () => actions.edit(data)),
      mayDelete && button('Delete', () => actions.remove(data)),
    ),
  );
  return details;
}

/** @type {(row: Row, actions: Actions) => HTMLElement} */
function outgoing({ data, follows }, actions) {
  const failed = data.state === 'failed';
  const id = data.clientMessageId;
  const note = failed
    ? h(
        'p',
        { class: 'failed' },
        `Not sent: ${data.error} `,
        h('button', { type: 'button', class: 'small', onclick: () => actions.retry(id) }, 'Try again'),
        h('button', { type: 'button', class: 'small ghost', onclick: () => actions.discard(id) }, 'Discard'),
      )
    : h('p', { class: 'quiet' }, data.waits ? 'waiting for the connection…' : 'sending…');
  const text = h('p', { class: 'text', dir: 'auto' }, data.content);
  const meta = h('div', { class: 'meta' }, h('b', { class: 'sender' }, data.senderId));
  const classes = `message mine outgoing ${failed ? 'has-failed' : ''} ${follows ? 'follows' : ''}`;
  return h('li', { class: classes }, avatar(data.senderId), h('div', { class: 'body' }, meta, text, note));
}
