import { systemClock } from './clock.js';
import { createConnection } from './connection.js';
import { createEmitter } from './emitter.js';
import { parseFrames } from './frames.js';
import { createHeartbeat } from './heartbeat.js';
import { isEntry } from './log.js';
import { createOutbox } from './outbox.js';
import { createRequests } from './requests.js';
import { createRooms } from './rooms.js';
import { createTypingList, createTypist } from './typing.js';

/**
 * One user's connection and all that hangs on it.
 *
 * @param {import('./connection.js').Options & { me: string, newId?: () => string,
 *   logFrame?: (direction: 'in' | 'out', text: string) => void }} options
 */
export function createSession(options) {
  const { me, clock = systemClock, random = Math.random, logFrame = () => {} } = options;
  const newId = options.newId ?? (() => crypto.randomUUID());
  const changes = createEmitter();
  const pushed = createEmitter();
  /** @type {Map<string, any>} conversations that were named, joined or not */
  const known = new Map();
  let token;
  let expiresAt;

  const getToken = async (fresh) => {
    token = await options.getToken(fresh);
    return token;
  };
  const connection = createConnection({ ...options, getToken, clock, random });
  const send = (text) => {
    const outcome = connection.send(text);
    if (outcome === 'sent') logFrame('out', text);
    return outcome;
  };
  const requests = createRequests({ send, clock });
  const changed = () => changes.emit(undefined);
  const joined = (id) => outbox.flush(id);
  const rooms = createRooms({ me, request: requests.request, changed, joined, clock, random });
  const positionOf = (id) => rooms.logOf(id)?.position;
  const sendMessage = (fields) => requests.request('send-message', fields);
  const outbox = createOutbox({ send: sendMessage, positionOf, remedy, changed, newId, clock, random });
  const typing = createTypingList({ changed, clock });
  // TYPE-1: a typing command that works gets no reply, so nobody waits for one.
  const tell = (conversationId, isTyping) => send(JSON.stringify({ action: 'typing', conversationId, isTyping }));
  const typist = createTypist({ send: tell, clock });
  const heartbeat = createHeartbeat({
    ping: () => requests.request('ping', { positions: rooms.positions() }),
    dead: (reason) => connection.drop(reason),
    expiresAt: () => (expiresAt === undefined ? undefined : Date.parse(expiresAt)),
    refresh,
    clock,
  });

  async function refresh() {
    const old = token;
    if ((await getToken(true)) === old) throw new Error('the token has expired; paste a new one');
    await requests.request('refresh-token', { token });
  }

  /** What the protocol's table of errors asks of the client, for the codes where waiting is not enough. */
  async function remedy(error, conversationId) {
    if (error.code === 'behind') await rooms.sync.catchUp(conversationId);
    else if (error.code === 'not-joined') await rooms.join(conversationId);
    else if (error.code === 'token-expired') await refresh();
    else return false;
    return true;
  }

  function onEntries(entries) {
    for (const { event, data } of entries) {
      const isMessage = event === 'receive-message' || event === 'message-sent';
      if (isMessage && data.senderId === me) outbox.seen(data);
      if (isMessage) typing.drop(data.conversationId, data.senderId);
    }
  }

  function onFrame(frame) {
    const { event, data, requestId } = frame;
    if (isEntry(frame)) {
      rooms.onEntry(frame, requestId !== undefined);
      onEntries([frame]);
      if (requestId === undefined) pushed.emit(frame);
    } else if (event === 'joined-conversation') {
      onEntries(data.entries);
      rooms.onJoined(data, requests.fieldsOf(requestId)?.after);
    } else if (event === 'history') {
      onEntries(data.entries);
      rooms.onPage(data);
    } else if (event === 'left-conversation') rooms.onLeft(data.conversationId);
    else if (event === 'user:online' || event === 'user:offline') rooms.onPresence(frame);
    else if (event === 'user-typing') typing.heard(data);
    else if (event === 'conversation-created') known.set(data.conversationId, data);
    else if (event === 'conversations') for (const item of data.items) known.set(item.conversationId, item);
    else if (event === 'closing') connection.closing(data);
    else if (event === 'token-refreshed') expiresAt = data.expiresAt;
    else if (event === 'pong') onPong(data);
    else if (event === 'error' && data.code === 'unauthorized' && requestId === undefined) connection.tokenRefused();
    requests.settle(frame);
  }

  function onPong(data) {
    connection.healthy();
    expiresAt = data.expiresAt;
    for (const { conversationId, head } of data.behind ?? []) {
      const position = positionOf(conversationId);
      if (position !== undefined && head > position) rooms.sync.catchUp(conversationId).catch(() => {});
    }
  }

  connection.onFrame((text) => {
    logFrame('in', text);
    for (const frame of parseFrames(text)) onFrame(frame);
    changed();
  });
  connection.onChange(({ previous, current }) => {
    if (current === 'open') {
      heartbeat.start();
      void rooms.rejoinAll();
    } else if (previous === 'open') {
      heartbeat.stop();
      requests.abandon();
      rooms.lost();
    }
    changed();
  });

  return {
    me,
    connection,
    rooms,
    outbox,
    typing,
    typist,
    known,
    request: requests.request,
    onChange: changes.on,
    /** Pushed entries, once each frame, for announcements. */
    onPush: pushed.on,
    expiresAt: () => expiresAt,
    /** As typed by hand; its reply is applied like any other. */
    sendRaw: send,
  };
}
