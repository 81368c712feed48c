import { byId, h } from '../dom.js';

const WORDS = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  open: 'Connected',
  reconnecting: 'Reconnecting',
  closed: 'Closed',
};
const TOAST_MS = 7_000;

/** The connection's state in the bar, announced when it changes, and short notices. */
export function createStatusView({ retryNow }) {
  const bar = byId('connection');
  let countdown;
  let reason = '';
  let retryAt;

  function detail() {
    const seconds = retryAt === undefined ? 0 : Math.max(0, Math.ceil((retryAt - Date.now()) / 1_000));
    byId('connection-detail').textContent = retryAt === undefined ? reason : `in ${seconds} s · ${reason}`;
  }

  byId('retry-now').addEventListener('click', retryNow);

  return {
    /** @param {Partial<import('../connection.js').Change> & { current: import('../connection.js').State }} change */
    changed({ current, reason: why = '', retryAt: at }) {
      bar.dataset.state = current;
      byId('connection-text').textContent = WORDS[current];
      byId('state-announcer').textContent = `${WORDS[current]}${current === 'open' || !why ? '' : `: ${why}`}`;
      byId('retry-now').hidden = current !== 'reconnecting';
      reason = current === 'open' || current === 'connecting' ? '' : why;
      retryAt = current === 'reconnecting' ? at : undefined;
      clearInterval(countdown);
      if (retryAt !== undefined) countdown = setInterval(detail, 500);
      detail();
    },
    toast(/** @type {string} */ text) {
      const toast = h('p', { class: 'toast' }, text);
      byId('toasts').append(toast);
      setTimeout(() => toast.remove(), TOAST_MS);
    },
  };
}
