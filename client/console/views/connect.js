import { avatar, byId, h } from '../dom.js';
import { claimsOf } from '../tokens.js';

const OTHER = ':other';
const PASTE = ':paste';

/**
 * Who connects, and where to.
 * @typedef {{ url: string, me: string, token?: string }} Choice token: pasted; without it one is fetched for `me`
 * @param {{ connect: (choice: Choice) => void, disconnect: () => void }} actions
 */
export function createConnectView({ connect, disconnect }) {
  const user = byId('user');
  const error = byId('connect-error');

  function showFields() {
    byId('other-field').hidden = user.value !== OTHER;
    byId('token-field').hidden = user.value !== PASTE;
  }

  /** @returns {Choice | string} a string says what is missing */
  function choice() {
    const url = byId('url').value.trim();
    if (!/^wss?:\/\/\S+$/.test(url)) return 'The address must begin with ws:// or wss://';
    if (user.value === PASTE) {
      const token = byId('token').value.trim();
      const me = claimsOf(token)?.sub;
      return typeof me === 'string' ? { url, me, token } : 'That is not a JWT with a “sub”';
    }
    const me = user.value === OTHER ? byId('other').value.trim() : user.value;
    return me ? { url, me } : 'Please give a user id';
  }

  user.addEventListener('change', showFields);
  byId('connect-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = choice();
    error.textContent = typeof chosen === 'string' ? chosen : '';
    if (typeof chosen !== 'string') connect(chosen);
  });

  return {
    /** @param {Awaited<ReturnType<typeof import('../tokens.js').loadConfig>>} config */
    offer(config) {
      const names = config?.users.map(({ userId }) => h('option', { value: userId }, userId)) ?? [];
      const others = config ? [h('option', { value: OTHER }, 'Another user id…')] : [];
      user.replaceChildren(...names, ...others, h('option', { value: PASTE }, 'Paste a token…'));
      if (config?.webSocketUrl) byId('url').value = config.webSocketUrl;
      showFields();
    },
    /** @param {ReturnType<typeof import('../session.js').createSession> | undefined} session */
    render(session) {
      const on = session !== undefined && session.connection.state !== 'closed';
      const identity = byId('identity');
      const was = document.activeElement;
      byId('connect-form').hidden = on;
      identity.hidden = !on;
      byId('rooms-section').hidden = session === undefined;
      if (!on || !session) return;
      const key = `${session.me} ${session.expiresAt()}`;
      if (identity.dataset.key === key) return;
      identity.dataset.key = key;
      const expiry = session.expiresAt();
      const until = expiry
        ? `until ${new Date(expiry).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}`
        : '';
      const button = h(
        'button',
        { type: 'button', class: 'small', id: 'disconnect', onclick: disconnect },
        'Disconnect',
      );
      const who = h(
        'div',
        { class: 'who' },
        h('b', { title: session.me }, session.me),
        h('span', { class: 'quiet', title: 'When the token ends' }, until),
      );
      const hadFocus = identity.contains(was);
      identity.replaceChildren(avatar(session.me), who, button);
      if (hadFocus) button.focus();
    },
  };
}
