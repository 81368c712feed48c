import type { Client, ClientEvents, Conversations } from './api/client.ts';
import type { Conversation } from './api/conversation.ts';
import type { ClientOptions } from './api/options.ts';
import { Commands } from './connection/commands.ts';
import { Connection } from './connection/connection.ts';
import { type Frame, isEvent } from './connection/frames.ts';
import { createGate } from './connection/gate.ts';
import { Heartbeat } from './connection/heartbeat.ts';
import type { Link } from './connection/link.ts';
import type { StateChange, TokenReason } from './connection/states.ts';
import { subjectOf, TokenKeeper } from './connection/tokens.ts';
import { ConversationCore } from './conversation/conversation-core.ts';
import { ConversationHandle } from './conversation/conversation-handle.ts';
import { exclusionOf } from './conversation/exclusion.ts';
import { CopyKeeper } from './copies/keeper.ts';
import { withDefaults } from './defaults.ts';
import { asChatError, ChatError, ownError } from './errors.ts';
import { Outbox } from './outbox/outbox.ts';
import { abortable, type CallOptions, type CallSignal, onlyFields } from './platform/abort.ts';
import { Emitter } from './platform/emitter.ts';
import { quiet } from './platform/quiet.ts';
import { SteadyStorage } from './platform/steady-storage.ts';
import { Tabs } from './platform/tabs.ts';
import type { ConversationsPage, NewConversation, Pong, Status } from './protocol.ts';

/** LEAVE-1. */
const OPEN_JOINS_MAX = 4;
/** Sends at a time, over all conversations: a full outbox is not a flood. */
const OPEN_SENDS_MAX = 4;

/** A conversation that was asked for: what drives it, and what the application holds of it. */
interface Held {
  readonly core: ConversationCore;
  readonly handle: Conversation;
}

/**
 * Makes a client for one user. Nothing happens before `connect`, except that conversations can be shown from the outbox
 * if the user is known by `userId`.
 *
 * @example
 * ```ts
 * const token = async () => (await fetch('/chat-token')).text();
 * const client = createClient({ url: 'wss://chat.example.com', token });
 * await client.connect();
 * const general = await client.conversations.get('general').join();
 * general.on('change', () => console.log(general.messages));
 * await general.send('Hello!');
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const config = withDefaults(options);
  const { clock, lifecycle, newId, random } = config;
  const events: Emitter<ClientEvents> = new Emitter((thrown, event) => onThrow(thrown, event === 'error'));
  const held = new Map<string, Held>();
  const steady = <S>(storage: S) => new SteadyStorage({ storage, clock, onFailure: onStorageFailure });
  const tabs = new Tabs({
    ...config,
    closed: () => connection.state === 'closed',
    onLost: (tab) => outbox.lost(tab),
    onVisible: () => outbox.sweep(),
  });
  const outbox = new Outbox(steady(config.outbox), tabs);
  const copies = new CopyKeeper({
    storage: config.copies && steady(config.copies),
    clock,
    snapshot: (conversationId) => held.get(conversationId)?.core.model.snapshot(),
  });
  let userId: string | undefined;
  let status: Status = 'online';
  let storageReady = false;
  let tokenError: ChatError | undefined;
  let storageFailed = false;
  /** The list of conversations as it is read, page by page. */
  let listing: { cursor: string; ids: Set<string> } | undefined;

  const connection: Connection = new Connection({
    ...config,
    token,
    accepts: (pong) => userId === undefined || userId === pong.userId,
    onChange,
    onUp,
    onFrame,
    onWake: () => heartbeat.beat(),
    onHidden: () => copies.flush(),
  });
  const tokens = new TokenKeeper(() => token('refresh'), clock, random);
  const commands = new Commands({ ...config, connection, tokens });
  const heartbeat = new Heartbeat({
    clock,
    random,
    intervalMs: () => (lifecycle.visible ? config.heartbeatMs : config.hiddenHeartbeatMs),
    positions: () =>
      cores().flatMap(({ id, log, model }) => (log.live ? [{ conversationId: id, seq: model.view.position }] : [])),
    onBehind: ({ conversationId, head }) => held.get(conversationId)?.core.log.noteHead(head),
    onBeat: () => outbox.sweep(),
  });
  const shared = { ...config, connection, commands, tokens, outbox, copies };
  const joinGate = createGate(OPEN_JOINS_MAX);
  const sendGate = createGate(OPEN_SENDS_MAX);

  if (config.userId !== undefined) identify(config.userId);

  /** What it throws reaches the application: once, and again when it throws something else. */
  async function token(reason: TokenReason): Promise<string> {
    try {
      const jwt = await config.token({ reason });
      if (typeof jwt !== 'string' || jwt === '') throw new TypeError('it gave no text');
      tokenError = undefined;
      const subject = subjectOf(jwt);
      if (subject !== undefined) identify(subject);
      return jwt;
    } catch (thrown) {
      const error = ownError('token-failed', thrown);
      const isNew = error.message !== tokenError?.message;
      tokenError = error;
      if (isNew) events.emit('error', error);
      throw error;
    }
  }

  /** The first who is known is the one whose client this is. */
  function identify(id: string): void {
    if (userId !== undefined) return;
    userId = id;
    void outbox.identify(id, (stored) => {
      for (const conversationId of stored) hold(conversationId);
      for (const core of cores()) core.refresh();
    });
    void copies.identify(id, (stored) => {
      // Late, while the log is being read already: what was stored is of no use, and perhaps of another epoch.
      if (!connection.link || !storageReady) for (const copy of stored) hold(copy.conversationId).core.restore(copy);
    });
  }

  function cores(): ConversationCore[] {
    return [...held.values()].map(({ core }) => core);
  }

  function hold(conversationId: string): Held {
    const known = held.get(conversationId);
    if (known) return known;
    const deps = {
      ...shared,
      joinGate,
      sendGate,
      me: () => userId,
      link: () => (storageReady ? connection.link : undefined),
      closed: () => connection.state === 'closed',
      onRemoved,
      onThrow,
    };
    const core = new ConversationCore(conversationId, deps);
    const fresh = { core, handle: new ConversationHandle(core, deps) };
    held.set(conversationId, fresh);
    return fresh;
  }

  /** A listener threw: that is the application's, and ends nothing. The last resort is the console. */
  function onThrow(thrown: unknown, inError = false): void {
    if (inError || !events.has('error')) console.error('a listener of @parley/client threw', thrown);
    else events.emit('error', ownError('listener-failed', thrown));
  }

  function onStorageFailure(error: ChatError): void {
    // Later, as storage may throw before the application has a client to listen to.
    if (!storageFailed) void Promise.resolve().then(() => events.emit('error', error));
    storageFailed = true;
  }

  function onRemoved(conversationId: string): void {
    copies.drop(conversationId);
    events.emit('conversation-removed', { conversationId });
  }

  function onChange(change: StateChange): void {
    if (change.current !== 'connected') {
      heartbeat.stop();
      tokens.stop();
      for (const core of cores()) core.suspend();
    }
    if (change.current === 'closed') {
      commands.close();
      for (const core of cores()) core.close();
      copies.flush();
      tabs.close();
    } else if (change.previous === 'closed') void outbox.sweep();
    events.emit('state', change);
  }

  async function onUp(link: Link, pong: Pong, handover: boolean): Promise<void> {
    identify(pong.userId);
    tokens.watch(link, pong);
    heartbeat.watch(link);
    await Promise.all([outbox.ready, copies.ready]);
    storageReady = true;
    void outbox.sweep();
    if (link.down) return;
    // A status ends with its user's last connection (PRES-1).
    if (!handover && status !== 'online') setStatus(status).catch((error) => events.emit('error', asChatError(error)));
    await Promise.all(cores().map((core) => core.resume(link)));
    if (connection.link === link) connection.retire();
  }

  function onFrame(frame: Frame, late: boolean): void {
    const conversationId = String(frame.data.conversationId);
    const core = held.get(conversationId)?.core;
    if (isEvent(frame, 'conversation-created')) {
      core?.log.reopen();
      if (!late) events.emit('conversation-created', frame.data);
    } else if (core) core.receive(frame, late);
    else if (exclusionOf(frame, userId)) onRemoved(conversationId);
  }

  async function setStatus(next: Status, signal?: CallSignal): Promise<void> {
    status = next;
    await commands.call('set-status', { status: next }, signal);
  }

  /** A list that was read to its end has all conversations: of others nothing is kept. */
  function noteListed({ cursor, items }: ConversationsPage, from: string | undefined): void {
    const ids = from === undefined ? new Set<string>() : listing?.cursor === from ? listing.ids : undefined;
    if (!ids) return;
    for (const { conversationId } of items) ids.add(conversationId);
    listing = cursor === undefined ? undefined : { cursor, ids };
    if (!listing) for (const id of copies.conversationIds) if (!ids.has(id)) held.get(id)?.core.unlisted();
  }

  /** The time that a caller waits who gave no signal. */
  function inTime(ready: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const message = 'unable to connect in time; it is being tried on';
      const late = () => reject(tokenError ?? new ChatError({ code: 'timeout', message, retryable: true }));
      const stop = clock.setTimeout(late, config.connectTimeoutMs);
      ready.then(resolve, reject).finally(stop);
    });
  }

  const conversations: Conversations = {
    get: (conversationId) => hold(conversationId).handle,
    async list(query = {}, options) {
      onlyFields('list the conversations', query, ['limit', 'cursor']);
      const page = await abortable(options, () => commands.call('list-conversations', query, options?.signal));
      for (const item of page.items) hold(item.conversationId).core.listed(item);
      noteListed(page, query.cursor);
      return page;
    },
    async stored() {
      if (userId !== undefined) await copies.ready;
      return copies.conversationIds.map((id) => hold(id).handle);
    },
    async create(conversation: NewConversation, options?: CallOptions): Promise<Conversation> {
      // The id makes a repetition after a lost reply give the same conversation (CONV-1).
      const fields = { clientRequestId: newId(), ...conversation };
      const created = () => commands.call('create-conversation', fields, options?.signal);
      const { unchanged: _, ...info } = await abortable(options, created);
      const { core, handle } = hold(info.conversationId);
      core.created(info);
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
    connect: (options) =>
      quiet(
        abortable(options, async () => {
          connection.connect();
          await (options?.signal ? connection.ready() : inTime(connection.ready()));
        }),
      ),
    close: () => connection.close(),
    forget: () => copies.clear(),
    on: (event, listener) => events.on(event, listener),
    setStatus: (next, options) => quiet(abortable(options, () => setStatus(next, options?.signal))),
  };
}
