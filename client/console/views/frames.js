import { atEnd, byId, copyText, h } from '../dom.js';
import { pretty } from '../frame-log.js';
import { jsonElement } from './json.js';

const ARROWS = { in: '↓', out: '↑' };
const WORDS = { in: 'received', out: 'sent' };

const timeOf = (at) => at.toISOString().slice(11, 23);

/**
 * The frames as they crossed the wire, newest last.
 * @param {ReturnType<typeof import('../frame-log.js').createFrameLog>} log
 * @param {number} limit as many as the log keeps
 * @param {(text: string) => void} toast
 */
export function createFramesView(log, limit, toast) {
  const list = byId('frames');
  const filters = [...document.querySelectorAll('[data-filter][aria-pressed]')];

  async function copy(text, what) {
    await copyText(text).then(
      () => toast(`Copied ${what}`),
      () => toast('The browser did not allow copying'),
    );
  }

  /** @param {import('../frame-log.js').LoggedFrame} frame */
  function row(frame) {
    const { at, direction, text, bytes, title, isError } = frame;
    const details = h(
      'details',
      {},
      h(
        'summary',
        {},
        h('span', { class: 'arrow', 'aria-hidden': 'true' }, ARROWS[direction]),
        h('span', { class: 'visually-hidden' }, WORDS[direction]),
        h('span', { class: 'title' }, title),
        h('span', { class: 'quiet' }, `${bytes} B`),
        h('time', { datetime: at.toISOString() }, timeOf(at)),
      ),
    );
    // Made when it is first opened: most never are.
    details.addEventListener(
      'toggle',
      () => {
        // Near the end of the list it would open out of view.
        requestAnimationFrame(() => details.scrollIntoView({ block: 'nearest' }));
        const button = h(
          'button',
          { type: 'button', class: 'small', onclick: () => copy(pretty(text), 'the frame') },
          'Copy frame',
        );
        details.append(jsonElement(pretty(text)), button);
      },
      { once: true },
    );
    return h('li', { class: `${direction} ${isError ? 'is-error' : ''}` }, details);
  }

  log.onAdd((frame) => {
    const stick = atEnd(list);
    list.append(row(frame));
    while (list.childElementCount > limit) list.firstElementChild?.remove();
    if (stick) list.scrollTop = list.scrollHeight;
  });
  for (const button of filters) {
    button.addEventListener('click', () => {
      list.dataset.filter = /** @type {HTMLElement} */ (button).dataset.filter;
      for (const other of filters) other.setAttribute('aria-pressed', String(other === button));
    });
  }
  byId('frames-clear').addEventListener('click', () => {
    log.clear();
    list.replaceChildren();
  });
  byId('frames-copy').addEventListener('click', () => {
    const frames = log.list(/** @type {any} */ (list.dataset.filter));
    const text = frames.map((frame) => `${frame.at.toISOString()} ${WORDS[frame.direction]} ${frame.text}`).join('\n');
    void copy(text, `${frames.length} frames`);
  });
}
