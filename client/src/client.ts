import type { Client, ClientEvents, ClientOptions, Conversation, Conversations } from './api.ts';
import { Commands } from './connection/commands.ts';
import { Connection } from './connection/connection.ts';
import { createGate } from './connection/gate.ts';
import { Heartbeat } from './connection/heartbeat.ts';
import type { Frame, Link } from './connection/link.ts';
import type { StateChange, TokenReason } from './connection/states.ts';
import { subjectOf, TokenKeeper } from './connection/tokens.ts';
import { ConversationHandle } from './conversation/conversation-handle.ts';
import { asChatError } from './errors.ts';
import { defaultOutbox } from './outbox/indexed-db.ts';
import { Outbox } from './outbox/outbox.ts';
import { openSocket, randomId, systemClock, systemLifecycle } from './platform/edges.ts';
import { Emitter } from './platform/emitter.ts';
import type { ConversationInfo, NewConversation, Pong, Status } from './protocol.ts';

/** LEAVE-1. */
const OPEN_JOINS_MAX = 4;
/** Sends at a time, over all conversations: a full outbox is not a flood. */
const OPEN_SENDS_MAX = 4;

/** Every option has its default in the README. */
function withDefaults(options: ClientOptions) {
  return {
    tokenIn: 'subprotocol' as const,
    heartbeatMs: 60_000,
    hiddenHeartbeatMs: 240_000,
    replyTimeoutMs: 10_000,
    connectTimeoutMs: 15_000,
    commandTimeoutMs: 30_000,
    handoverAfterMs: 110 * 60_000,
    maxCatchUp: 1_000,
    maxMessages: 20_000,
    autoDelivered: true,
    openSocket,
    clock: systemClock,
    random: Math.random,
    newId: randomId,
    lifecycle: systemLifecycle,
    ...options,
    outbox: options.outbox ?? defaultOutbox(options.url),
  };
}

/** A client for one user. Nothing happens before `connect()`. */
export function createClient(options: ClientOptions): Client {
  const config = withDefaults(options);
  const { clock, lifecycle, newId, random } = config;
  const events = new Emitter<ClientEvents>();
  const handles = new Map<string, ConversationHandle>();
  const outbox = new Outbox(config.outbox, (error) => events.emit('error', asChatError(error)));
  let userId: string | undefined;
  let status: Status = 'online';
  let outboxReady = false;

  const connection: Connection = new Connection({
    ...config,
    token,
    accepts: (pong) => userId === undefined || userId === pong.userId,
    onChange,
    onUp,
    onFrame,
    onWake: () => heartbeat.beat(),
  });
  const tokens = new TokenKeeper(() => token('refresh'), clock, random);
  const commands = new Commands({ ...config, connection, tokens });
  const heartbeat = new Heartbeat({
    clock,
    random,
    intervalMs: () => (lifecycle.visible ? config.heartbeatMs : config.hiddenHeartbeatMs),
    positions: () =>
      [...handles.values()].flatMap(({ id, position, log }) =>
        log.live ? [{ conversationId: id, seq: position }] : [],
      ),
    onBehind: ({ conversationId, head }) => handles.get(conversationId)?.log.noteHead(head),
  });
  const shared = { ...config, connection, commands, tokens, outbox };
  const joinGate = createGate(OPEN_JOINS_MAX);
  const sendGate = createGate(OPEN_SENDS_MAX);

  if (config.userId !== undefined) identify(config.userId);

  async function token(reason: TokenReason): Promise<string> {
    const jwt = await config.token({ reason });
    const subject = subjectOf(jwt);
    if (subject !== undefined) identify(subject);
    return jwt;
  }

  /** The first who is known is the one whose client this is. */
  function identify(id: string): void {
    if (userId !== undefined) return;
    userId = id;
    void outbox.identify(id).then((stored) => {
      for (const conversationId of stored) get(conversationId);
      for (const handle of handles.values()) handle.refresh();
    });
  }

  function get(conversationId: string): ConversationHandle {
    const known = handles.get(conversationId);
    if (known) return known;
    const handle = new ConversationHandle(conversationId, {
      ...shared,
      joinGate,
      sendGate,
      me: () => userId,
      link: () => (outboxReady ? connection.link : undefined),
      onRemoved,
    });
    handles.set(conversationId, handle);
    return handle;
  }

  function onRemoved(conversationId: string): void {
    events.emit('conversation-removed', { conversationId });
  }

  function onChange(change: StateChange): void {
    if (change.current !== 'connected') {
      heartbeat.stop();
      tokens.stop();
      for (const handle of handles.values()) handle.suspend();
    }
    if (change.current === 'closed') {
      commands.close();
      for (const handle of handles.values()) handle.close();
    }
    events.emit('state', change);
  }

  async function onUp(link: Link, pong: Pong, handover: boolean): Promise<void> {
    identify(pong.userId);
    tokens.watch(link, pong);
    heartbeat.watch(link);
    await outbox.ready;
    outboxReady = true;
    if (link.down) return;
    // A status ends with its user's last connection (PRES-1).
    if (!handover && status !== 'online') setStatus(status).catch((error) => events.emit('error', asChatError(error)));
    await Promise.all([...handles.values()].map((handle) => handle.resume(link)));
    if (connection.link === link) connection.retire();
  }

  function onFrame(frame: Frame, late: boolean): void {
    const conversationId = String(frame.data.conversationId);
    const handle = handles.get(conversationId);
    if (frame.event === 'conversation-created') {
      if (!late) events.emit('conversation-created', frame.data as unknown as ConversationInfo);
    } else if (frame.event === 'member-left' && frame.data.userId === userId && !handle?.log.live) {
      onRemoved(conversationId);
    } else handle?.receive(frame, late);
  }

  async function setStatus(next: Status): Promise<void> {
    status = next;
    await commands.call('set-status', { status: next });
  }

  const conversations: Conversations = {
    get,
    async list(query = {}) {
      const page = await commands.call('list-conversations', query);
      for (const item of page.items) get(item.conversationId).listed(item);
      return page;
    },
    async create(conversation: NewConversation): Promise<Conversation> {
      // The id makes a repetition after a lost reply give the same conversation (CONV-1).
      const { unchanged: _, ...info } = await commands.call('create-conversation', {
        clientRequestId: newId(),
        ...conversation,
      });
      const handle = get(info.conversationId);
      handle.info ??= info;
      return handle;
    },
  };

  return {
    conversations,
    get state() {
      return connection.state;
    },
    get userId() {
      return userId;
    },
    async connect() {
      connection.connect();
      await connection.ready();
    },
    close: () => connection.close(),
    on: (event, listener) => events.on(event, listener),
    setStatus,
  };
}
