import { atEnd, byId, h, reconcile } from '../dom.js';
import { rowElement } from './message.js';
import { titleOf } from './rooms.js';
import { rowsOf } from './rows.js';

/**
 * The conversation in view: head, messages, who types.
 * @param {import('./message.js').Actions & { leave: () => void, older: () => Promise<void>, seen: () => void,
 *   again: (conversationId: string) => void, create: (conversationId: string) => void, forget: (conversationId: string) => void }} actions
 */
export function createChatView(actions) {
  const scroller = byId('scroller');
  const list = byId('messages');
  let shown;
  let shownFrom = 1;
  let stick = true;
  let height = 0;

  byId('leave').addEventListener('click', actions.leave);
  byId('older').addEventListener('click', () => {
    stick = false;
    void actions.older();
  });
  byId('newer').addEventListener('click', () => toEnd());
  scroller.addEventListener('scroll', () => {
    // Scrolled by a change of the height, not by the reader; the observer below sees to it.
    if (scroller.clientHeight !== height) return;
    stick = atEnd(scroller);
    if (!stick) return;
    byId('newer').hidden = true;
    actions.seen();
  });
  // The list shrinks and grows with the window and the message field; its end stays in view.
  new ResizeObserver(() => {
    height = scroller.clientHeight;
    if (stick) toEnd();
  }).observe(scroller);
  // An open menu closes with a click anywhere else.
  document.addEventListener('click', ({ target }) => {
    for (const menu of list.querySelectorAll('details[open]')) if (!menu.contains(target)) menu.removeAttribute('open');
  });
  addEventListener('focus', () => stick && shown !== undefined && actions.seen());

  function toEnd() {
    stick = true;
    scroller.scrollTop = scroller.scrollHeight;
    byId('newer').hidden = true;
  }

  function empty(id, room) {
    const box = byId('chat-empty');
    const button = (label, act, kind = '') => h('button', { type: 'button', class: kind, onclick: act }, label);
    box.hidden = room?.state === 'joined' || room?.log.position !== undefined;
    if (box.hidden) return;
    if (id === undefined) box.replaceChildren(h('p', {}, 'Connect, then choose a conversation.'));
    else if (room?.state === 'waiting') box.replaceChildren(h('p', {}, `Joining ${id} …`));
    else if (room?.code === 'conversation-not-found') {
      const create = button('Create it', () => actions.create(id), 'primary');
      const row = h(
        'div',
        { class: 'inline' },
        create,
        button('Forget it', () => actions.forget(id)),
      );
      box.replaceChildren(h('p', {}, `There is no channel “${id}” yet, or you may not see it.`), row);
    } else {
      const row = h(
        'div',
        { class: 'inline' },
        button(room?.error ? 'Try again' : 'Join', () => actions.again(id), 'primary'),
        button('Forget it', () => actions.forget(id)),
      );
      box.replaceChildren(h('p', {}, room?.error ?? 'Not joined.'), row);
    }
  }

  /** @param {import('../log.js').Log} log */
  function facts({ conversation, role, position }) {
    const slow = conversation?.slowModeSeconds ? [`slow mode ${conversation.slowModeSeconds} s`] : [];
    const parts = [
      conversation?.kind,
      role && `you are ${role}`,
      position !== undefined && `log at ${position}`,
      ...slow,
    ];
    return parts.filter(Boolean).join(' · ');
  }

  function typingText(users) {
    if (users.length === 0) return '';
    if (users.length > 3) return 'Several people are typing…';
    return `${users.join(', ')} ${users.length === 1 ? 'is' : 'are'} typing…`;
  }

  return {
    toEnd,
    /**
     * @param {ReturnType<typeof import('../session.js').createSession> | undefined} session
     * @param {string | undefined} id
     */
    render(session, id) {
      const room = id === undefined ? undefined : session?.rooms.all.get(id);
      const held = room?.log.position !== undefined;
      byId('chat-title').textContent =
        id === undefined ? 'No conversation' : titleOf(room?.log.conversation, id, session?.me ?? '');
      byId('chat-facts').textContent = room ? facts(room.log) : '';
      byId('leave').hidden = !room;
      scroller.hidden = !held;
      empty(id, room);
      if (!session || !room || id === undefined) {
        byId('typing').textContent = '';
        return;
      }
      byId('older').hidden = room.log.from <= 1;
      if (shown !== id) {
        shown = id;
        stick = true;
        list.replaceChildren();
      }
      const before = list.childElementCount;
      const fromEnd = scroller.scrollHeight - scroller.scrollTop;
      const rows = rowsOf(room, session.outbox.of(id), session.me);
      reconcile(list, rows, {
        key: (row) => row.key,
        signature: JSON.stringify,
        create: (row) => rowElement(row, actions),
      });
      byId('typing').textContent = typingText(session.typing.in(id));
      // Earlier messages came in above: what was in view stays in view.
      if (!stick && room.log.from < shownFrom) scroller.scrollTop = scroller.scrollHeight - fromEnd;
      shownFrom = room.log.from;
      byId('quiet-room').hidden = rows.length > 0;
      if (stick) toEnd();
      else if (list.childElementCount > before && room.seenN < room.log.n) byId('newer').hidden = false;
      if (stick && document.hasFocus() && held) actions.seen();
    },
  };
}
