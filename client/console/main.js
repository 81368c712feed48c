import { byId, h } from './dom.js';
import { createFrameLog } from './frame-log.js';
import { createSession } from './session.js';
import { demoToken, loadConfig } from './tokens.js';
import { createChatView } from './views/chat.js';
import { createConnectView } from './views/connect.js';
import { createFramesView } from './views/frames.js';
import { createRawView } from './views/raw.js';
import { createRoomsView } from './views/rooms.js';
import { createStatusView } from './views/status.js';
import { createWriteView } from './views/write.js';

const FRAMES_KEPT = 500;
const ANNOUNCED = 10;
const FIRST_CHANNEL = 'general';
const STORAGE_KEY = 'parley-console';

/** @type {ReturnType<typeof createSession> | undefined} */
let session;
/** @type {string | undefined} */
let current;
/** @type {string[]} */
let demoUsers = [];
/** @type {{ url: string, me: string } | undefined} */
let remembered;
let renderTimer;

const frameLog = createFrameLog({ limit: FRAMES_KEPT });
const status = createStatusView({ retryNow: () => session?.connection.connect() });
const connectView = createConnectView({ connect, disconnect });
const roomsView = createRoomsView({ open, listMine: () => command('list-conversations', { limit: 25 }) });
const rawView = createRawView({ context, send: (text) => session?.sendRaw(text) ?? 'not-open' });
const write = createWriteView({
  send(content, replyTo) {
    if (!session || current === undefined) return;
    session.typist.sent(current);
    session.outbox.add(current, content, replyTo);
    chat.toEnd();
  },
  save: (message, content) => command('edit-message', { ...targetOf(message), content }),
  typed: () => current !== undefined && session?.typist.typed(current),
  stopped: () => current !== undefined && session?.typist.stopped(current),
});
const chat = createChatView({
  react: (message, emoji, add) => command(add ? 'add-reaction' : 'remove-reaction', { ...targetOf(message), emoji }),
  reply: write.reply,
  edit: write.edit,
  remove: (message) => command('delete-message', targetOf(message)),
  retry: (id) => session?.outbox.retry(id),
  discard: (id) => session?.outbox.discard(id),
  leave: () => current !== undefined && leave(current),
  older: async () =>
    current !== undefined && session?.rooms.sync.older(current).catch((error) => status.toast(error.message)),
  seen: () => current !== undefined && session?.rooms.seen(current),
  again: open,
  async create(id) {
    if (await command('create-conversation', { kind: 'channel', conversationId: id })) open(id);
  },
  forget: leave,
});
createFramesView(frameLog, FRAMES_KEPT, status.toast);

const targetOf = ({ conversationId, seq }) => ({ conversationId, seq });

/** @returns {Promise<boolean>} whether it worked; if not, the user was told */
async function command(action, fields) {
  try {
    await session?.request(action, fields);
    return session !== undefined;
  } catch (error) {
    status.toast(error.message);
    return false;
  }
}

/** @returns {import('./examples.js').Context} */
function context() {
  const room = current === undefined ? undefined : session?.rooms.all.get(current);
  const messages = [...(room?.log.items.values() ?? [])].filter((item) => item.event === 'receive-message');
  const me = session?.me ?? 'alice';
  const seq = Math.max(1, ...messages.map((item) => item.data.seq));
  const other = demoUsers.find((userId) => userId !== me) ?? 'bob';
  const conversationId = current ?? FIRST_CHANNEL;
  return {
    conversationId,
    seq,
    position: room?.log.position ?? 0,
    me,
    other,
    id: crypto.randomUUID(),
    now: new Date(),
  };
}

/** @param {import('./views/connect.js').Choice} choice */
function connect({ url, me, token }, rooms = [FIRST_CHANNEL], first = rooms[0]) {
  session?.connection.disconnect();
  const next = createSession({
    url,
    me,
    getToken: async () => token ?? demoToken(me),
    logFrame: (direction, text) => frameLog.add(direction, text),
  });
  session = next;
  // A pasted token is not written down.
  remembered = token === undefined ? { url, me } : undefined;
  next.onChange(render);
  next.connection.onChange((change) => session === next && status.changed(change));
  next.onPush(announce);
  for (const id of rooms) next.rooms.open(id, false);
  next.connection.connect();
  open(first);
}

function disconnect() {
  session?.connection.disconnect();
  remembered = undefined;
  render();
}

/** @param {string} id */
function open(id) {
  if (!session) return;
  if (current !== id) write.reset();
  current = id;
  session.rooms.open(id, session.connection.state === 'open');
  show('chat');
  render();
}

/** @param {string} id */
async function leave(id) {
  const room = session?.rooms.all.get(id);
  if (room?.state === 'joined' && !(await command('leave', { conversationId: id }))) return;
  session?.rooms.onLeft(id);
  const [other] = session?.rooms.all.keys() ?? [];
  if (current === id) current = other;
  render();
}

/** @param {'rooms' | 'chat' | 'protocol'} part the one in view where there is room for one only */
function show(part) {
  document.body.dataset.view = part;
  for (const button of document.querySelectorAll('[data-show]')) {
    button.toggleAttribute('aria-current', /** @type {HTMLElement} */ (button).dataset.show === part);
  }
  if (part === 'chat') chat.toEnd();
}

function announce({ event, data }) {
  if (event !== 'receive-message' || data.conversationId !== current) return;
  const announcer = byId('announcer');
  announcer.append(h('p', {}, `${data.senderId}: ${data.content ?? ''}`));
  while (announcer.childElementCount > ANNOUNCED) announcer.firstElementChild?.remove();
}

function remember() {
  if (!session) return;
  const rooms = [...session.rooms.all].filter(([, room]) => room.state !== 'out').map(([id]) => id);
  if (remembered) sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ ...remembered, rooms, current }));
  else sessionStorage.removeItem(STORAGE_KEY);
}

/** Many changes come at once (a page, a batch): they are drawn once. */
function render() {
  if (renderTimer !== undefined) return;
  renderTimer = setTimeout(() => {
    renderTimer = undefined;
    connectView.render(session);
    const room = current === undefined ? undefined : session?.rooms.all.get(current);
    const joined = room?.log.position !== undefined;
    // Before the messages: it takes height from them.
    write.render(joined && room?.state !== 'out');
    chat.render(session, current);
    rawView.render(`${current} ${joined}`);
    if (session) roomsView.render(session, current);
    remember();
  }, 10);
}

for (const button of document.querySelectorAll('[data-show]')) {
  button.addEventListener('click', () => show(/** @type {any} */ (button).dataset.show));
}
document.querySelector('.skip')?.addEventListener('click', () => show('chat'));
addEventListener('online', () => session?.connection.state === 'reconnecting' && session.connection.connect());

const config = await loadConfig();
demoUsers = config?.users.map(({ userId }) => userId) ?? [];
connectView.offer(config);
status.changed({ current: 'idle' });
show('rooms');
render();
const stored = sessionStorage.getItem(STORAGE_KEY);
if (config && stored) {
  const { url, me, rooms, current: first } = JSON.parse(stored);
  // A new deployment has another address.
  connect({ url: config.webSocketUrl ?? url, me }, rooms, first ?? rooms[0] ?? FIRST_CHANNEL);
}
