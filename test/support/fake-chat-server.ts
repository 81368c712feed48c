import type { ChatSocket, Clock, SocketFactory } from '../../client/src/platform/edges.ts';
import type { EntryFrame, Message, Role } from '../../client/src/protocol.ts';
import { type Action, type CommandInput, isAction } from '../../shared/protocol/actions.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import { errorReply } from '../../shared/protocol/frames.ts';
import { parseFields, readEnvelope } from '../../shared/protocol/parse-command.ts';

/** What may go wrong. Chances are from 0 to 1. */
export interface Faults {
  dropCommand: number;
  dropReply: number;
  dropPush: number;
  repeatPush: number;
  batch: number;
  refuse: number;
  /** The longest time that a frame or command takes. Each takes a time of its own, so they overtake each other. */
  delayMs: number;
}

export const NO_FAULTS: Faults = {
  dropCommand: 0,
  dropReply: 0,
  dropPush: 0,
  repeatPush: 0,
  batch: 0,
  refuse: 0,
  delayMs: 20,
};

interface Membership {
  role: Role;
  readSeq: number;
  deliveredSeq: number;
  readN: number;
  active: boolean;
}

interface Log {
  info: {
    conversationId: string;
    epoch: string;
    kind: 'channel' | 'group' | 'direct';
    createdBy: string;
    createdAt: string;
    name?: string;
  };
  members: Map<string, Membership>;
  entries: EntryFrame[];
  /** Each message as it is now, without a viewer's `mine`. */
  messages: Map<number, Message>;
  /** Each message's reactions, as `userId emoji`. */
  reactions: Map<number, Set<string>>;
}

interface Frame {
  event: string;
  requestId?: string;
  data: object;
}

export interface FakeServerOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** SEND-3: the number of newest entries that are searched for a duplicate. */
  readonly tail?: number;
  /** SEND-4: how far below the head `after` may be. */
  readonly behindMax?: number;
  /** The most entries in a page, as ENV-1 would cut one with longer entries. */
  readonly pageMax?: number;
  readonly tokenLifeMs?: number;
}

/** A token that only this server accepts. */
export function fakeToken(userId: string): string {
  return `e30.${btoa(JSON.stringify({ sub: userId })).replaceAll('=', '')}.x`;
}

/** The fields of the commands that change a message. */
interface ChangeFields {
  readonly seq: number;
  readonly content?: string;
  readonly mentions?: string[];
  readonly emoji?: string;
}

/**
 * The protocol in memory, for clients: logs, joins, duplicates, history, marks. Commands pass the real schemas. It
 * loses, repeats, delays and reorders as `faults` says, but keeps every rule that a client may rely on.
 */
export class FakeChatServer {
  faults: Faults = { ...NO_FAULTS };
  readonly connections = new Set<FakeConnection>();
  readonly logs = new Map<string, Log>();
  readonly options: Required<FakeServerOptions>;

  constructor(options: FakeServerOptions) {
    this.options = { tail: 25, behindMax: 1_000, pageMax: 50, tokenLifeMs: 3_600_000, ...options };
  }

  readonly openSocket: SocketFactory = (url, protocols) => {
    const token =
      new URL(url).searchParams.get('token') ?? protocols.find((each) => each.startsWith('bearer.'))?.slice(7);
    const { sub } = JSON.parse(atob(token?.split('.')[1] ?? '')) as { sub: string };
    return new FakeConnection(this, sub);
  };

  create(conversationId: string, members: readonly string[], kind: Log['info']['kind'] = 'group'): Log {
    const createdAt = this.#time();
    const info = { conversationId, epoch: 'e1', kind, createdBy: members[0] as string, createdAt };
    const log: Log = { info, members: new Map(), entries: [], messages: new Map(), reactions: new Map() };
    for (const userId of members)
      log.members.set(userId, { role: 'member', readSeq: 0, deliveredSeq: 0, readN: 0, active: true });
    this.logs.set(conversationId, log);
    return log;
  }

  log(conversationId: string): Log {
    const log = this.logs.get(conversationId);
    if (!log) throw new Refusal('conversation-not-found', 'there is no such conversation');
    return log;
  }

  /** All messages of the log, as a fresh history shows them to this user (LOG-2). */
  messagesFor(conversationId: string, userId: string): Message[] {
    const log = this.log(conversationId);
    return [...log.messages.values()].map((message) => this.#seenBy(log, message, userId));
  }

  /** Executes a command from a user who is not connected. Throws the refusal if there is one. */
  as<A extends Action>(userId: string, action: A, input: CommandInput<A>): object {
    return this.execute(action, input as Record<string, unknown>, userId, undefined).data;
  }

  /** Cuts the log back to its first `length` entries, in a new epoch, as a restored backup would (LOG-6). */
  restore(conversationId: string, length: number): void {
    const log = this.log(conversationId);
    const kept = log.entries.slice(0, length);
    log.info = { ...log.info, epoch: `${log.info.epoch}'` };
    log.entries = [];
    log.messages.clear();
    log.reactions.clear();
    for (const frame of kept) this.#store(log, frame);
  }

  execute(action: Action, fields: Record<string, unknown>, userId: string, from: FakeConnection | undefined): Frame {
    if (action === 'ping') return this.#ping(fields as CommandInput<'ping'>, userId);
    if (action === 'refresh-token') return { event: 'token-refreshed', data: { expiresAt: this.#expiry() } };
    if (action === 'set-status') return { event: 'status-set', data: fields };
    if (action === 'list-conversations') return { event: 'conversations', data: { items: this.#list(userId) } };
    const conversationId = fields.conversationId as string;
    if (action === 'leave') {
      from?.rooms.delete(conversationId);
      return { event: 'left-conversation', data: { conversationId, success: true } };
    }
    const log = this.log(conversationId);
    const membership = log.members.get(userId);
    if (action === 'join' && log.info.kind === 'channel' && !membership?.active) {
      log.members.set(userId, { role: 'member', readSeq: 0, deliveredSeq: 0, readN: 0, active: true });
    } else if (!membership?.active) {
      throw new Refusal(
        log.info.kind === 'channel' ? 'not-joined' : 'conversation-not-found',
        'you are not a member of it',
      );
    }
    switch (action) {
      case 'join':
        return this.#join(log, fields as CommandInput<'join'>, userId, from);
      case 'history':
        return {
          event: 'history',
          data: { conversationId, ...this.#page(log, fields as CommandInput<'history'>, userId) },
        };
      case 'send-message':
        return this.#send(log, fields as CommandInput<'send-message'>, userId, from);
      case 'mark':
        return this.#mark(log, fields as CommandInput<'mark'>, userId, from);
      case 'typing':
        this.#tell(log, { event: 'user-typing', data: { conversationId, userId, isTyping: fields.isTyping } }, from);
        return { event: '', data: {} };
      case 'edit-message':
      case 'delete-message':
      case 'add-reaction':
      case 'remove-reaction':
        return this.#change(log, action, fields as Record<string, unknown> & ChangeFields, userId, from);
      case 'remove-member':
        return this.#remove(log, fields.userId as string, userId, from);
      default:
        throw new Refusal('internal', `the fake does not implement ${action}`);
    }
  }

  #ping({ positions = [] }: CommandInput<'ping'>, userId: string): Frame {
    const behind = positions.flatMap(({ conversationId, seq }) => {
      const log = this.logs.get(conversationId);
      const head = log?.entries.length ?? 0;
      return log?.members.get(userId)?.active && head > seq ? [{ conversationId, head }] : [];
    });
    return {
      event: 'pong',
      data: { at: this.#time(), userId, expiresAt: this.#expiry(), protocol: 'chat.v1', behind },
    };
  }

  #list(userId: string): object[] {
    return [...this.logs.values()].flatMap((log) => {
      const membership = log.members.get(userId);
      const n = log.entries.at(-1)?.data.n ?? 0;
      return membership?.active
        ? [{ ...log.info, role: membership.role, head: log.entries.length, n, unread: n - membership.readN }]
        : [];
    });
  }

  #join(log: Log, { after }: CommandInput<'join'>, userId: string, from: FakeConnection | undefined): Frame {
    const { conversationId } = log.info;
    from?.rooms.add(conversationId);
    const page = this.#page(log, after === undefined ? {} : { after }, userId);
    const marks = Array.from(log.members, ([id, { readSeq, deliveredSeq }]) => ({ userId: id, readSeq, deliveredSeq }));
    const online = [
      ...new Set([...this.connections].filter((each) => each.rooms.has(conversationId)).map((each) => each.userId)),
    ];
    const data = {
      conversationId,
      success: true,
      conversation: log.info,
      role: log.members.get(userId)?.role,
      ...page,
      online: online.map((id) => ({ userId: id, status: 'online' })),
      marks,
    };
    return { event: 'joined-conversation', data };
  }

  #page(
    log: Log,
    query: { before?: number | undefined; after?: number | undefined; limit?: number | undefined },
    userId: string,
  ) {
    const head = log.entries.length;
    const limit = Math.min(query.limit ?? 50, this.options.pageMax);
    const first =
      query.after !== undefined ? query.after : Math.max(0, Math.min(query.before ?? head + 1, head + 1) - 1 - limit);
    const last = query.after !== undefined ? query.after + limit : (query.before ?? head + 1) - 1;
    const entries = log.entries.slice(first, last).map((frame) => this.#replayed(log, frame, userId));
    return { entries, head, hasMore: query.after !== undefined ? last < head : first > 0 };
  }

  /** LOG-4 for messages, EDIT-2 for edits. */
  #replayed(log: Log, frame: EntryFrame, userId: string): EntryFrame {
    if (frame.event === 'receive-message') {
      const message = log.messages.get(frame.data.seq) as Message;
      return { event: frame.event, data: this.#seenBy(log, message, userId) };
    }
    if (frame.event !== 'message-updated') return frame;
    const { content: _, ...stripped } = frame.data;
    const superseded = log.entries.some(
      ({ event, data }) =>
        (event === 'message-updated' || event === 'message-deleted') &&
        data.targetSeq === frame.data.targetSeq &&
        data.seq > frame.data.seq,
    );
    return superseded ? { event: frame.event, data: stripped } : frame;
  }

  #seenBy(log: Log, message: Message, userId: string): Message {
    const mine = (emoji: string) => log.reactions.get(message.seq)?.has(`${userId} ${emoji}`) ?? false;
    return {
      ...structuredClone(message),
      reactions: message.reactions.map((each) => ({ ...each, mine: mine(each.emoji) })),
    };
  }

  #send(log: Log, input: CommandInput<'send-message'>, userId: string, from: FakeConnection | undefined): Frame {
    const { clientMessageId, after, content, replyTo } = input;
    const head = log.entries.length;
    if (after !== undefined && head - after > this.options.behindMax) throw new Refusal('behind', 'catch up first');
    const lookFrom = Math.min(after ?? head, Math.max(0, head - this.options.tail));
    const original = log.entries.slice(lookFrom).find(({ data }) => {
      const message = data as Partial<Message>;
      return (
        clientMessageId !== undefined && message.clientMessageId === clientMessageId && message.senderId === userId
      );
    });
    if (original) {
      const message = this.#seenBy(log, log.messages.get(original.data.seq) as Message, userId);
      return { event: 'message-sent', data: { ...message, duplicate: true } };
    }
    const seq = head + 1;
    const data: Message = {
      conversationId: log.info.conversationId,
      seq,
      senderId: userId,
      type: 'text',
      ...(content !== undefined && { content }),
      ...(clientMessageId !== undefined && { clientMessageId }),
      createdAt: this.#time(),
      n: (log.entries.at(-1)?.data.n ?? 0) + 1,
      rev: seq,
      reactions: [],
      ...(replyTo !== undefined && { replyTo }),
    };
    this.#commit(log, { event: 'receive-message', data }, from);
    return { event: 'message-sent', data };
  }

  #change(
    log: Log,
    action: 'edit-message' | 'delete-message' | 'add-reaction' | 'remove-reaction',
    { seq: targetSeq, content, mentions, emoji = '' }: ChangeFields,
    userId: string,
    from: FakeConnection | undefined,
  ): Frame {
    const target = log.messages.get(targetSeq);
    if (!target) throw new Refusal('message-not-found', 'there is no such message');
    const { conversationId } = log.info;
    const reactions = log.reactions.get(targetSeq) ?? new Set();
    log.reactions.set(targetSeq, reactions);
    const mine = `${userId} ${emoji}`;
    const base = { conversationId, targetSeq };
    const common = { ...base, seq: log.entries.length + 1, at: this.#time(), n: log.entries.at(-1)?.data.n ?? 0 };
    const unchanged = (event: string, data: object) => ({ event, data: { ...base, ...data, unchanged: true } });
    if (action === 'delete-message') {
      if (target.deletedAt !== undefined) return unchanged('message-deleted', { deletedBy: userId });
      return this.#commit(log, { event: 'message-deleted', data: { ...common, deletedBy: userId } }, from);
    }
    if (target.deletedAt !== undefined) throw new Refusal('conflict', 'the message is deleted');
    if (action === 'edit-message') {
      if (target.senderId !== userId) throw new Refusal('forbidden', 'it is not yours');
      if (target.content === content && !mentions) return unchanged('message-updated', { content, updatedBy: userId });
      return this.#commit(
        log,
        {
          event: 'message-updated',
          data: { ...common, content: content as string, ...(mentions && { mentions }), updatedBy: userId },
        },
        from,
      );
    }
    const adds = action === 'add-reaction';
    const event = adds ? 'reaction-added' : 'reaction-removed';
    const before = target.reactions.find((each) => each.emoji === emoji)?.count ?? 0;
    if (reactions.has(mine) === adds) return unchanged(event, { emoji, userId, count: before });
    if (adds) reactions.add(mine);
    else reactions.delete(mine);
    return this.#commit(log, { event, data: { ...common, emoji, userId, count: before + (adds ? 1 : -1) } }, from);
  }

  #remove(log: Log, subject: string, by: string, from: FakeConnection | undefined): Frame {
    const membership = log.members.get(subject) as Membership;
    const { conversationId } = log.info;
    const n = log.entries.at(-1)?.data.n ?? 0;
    membership.active = false;
    const data = {
      conversationId,
      seq: log.entries.length + 1,
      at: this.#time(),
      n,
      userId: subject,
      role: membership.role,
      by,
    };
    for (const each of this.connections) {
      if (each.userId !== subject) continue;
      each.rooms.delete(conversationId);
      if (each !== from) each.push({ event: 'member-left', data });
    }
    return this.#commit(log, { event: 'member-left', data }, from);
  }

  #mark(
    log: Log,
    { readSeq = 0, deliveredSeq = 0 }: CommandInput<'mark'>,
    userId: string,
    from: FakeConnection | undefined,
  ): Frame {
    const membership = log.members.get(userId) as Membership;
    const head = log.entries.length;
    const { conversationId } = log.info;
    const before = { ...membership };
    membership.readSeq = Math.max(membership.readSeq, Math.min(readSeq, head));
    membership.deliveredSeq = Math.max(membership.deliveredSeq, Math.min(deliveredSeq, head), membership.readSeq);
    membership.readN = log.entries[membership.readSeq - 1]?.data.n ?? 0;
    const marks = { readSeq: membership.readSeq, deliveredSeq: membership.deliveredSeq };
    if (before.readSeq !== membership.readSeq || before.deliveredSeq !== membership.deliveredSeq) {
      this.#tell(log, { event: 'receipt', data: { conversationId, userId, ...marks } }, from);
    }
    return {
      event: 'marked',
      data: { conversationId, ...marks, unread: (log.entries.at(-1)?.data.n ?? 0) - membership.readN },
    };
  }

  /** Appends an entry. The acting connection gets it as the reply, all others in the room as a push (LOG-3). */
  #commit(log: Log, frame: EntryFrame, from: FakeConnection | undefined): Frame {
    this.#store(log, frame);
    this.#tell(log, frame, from);
    return frame;
  }

  /** Applies the entry to its message, with code of its own, because the client's reducer is tested against it. */
  #store(log: Log, { event, data }: EntryFrame): void {
    log.entries.push({ event, data } as EntryFrame);
    if (event === 'receive-message') {
      log.messages.set(data.seq, structuredClone(data));
      return;
    }
    const target = 'targetSeq' in data ? log.messages.get(data.targetSeq) : undefined;
    if (!target) return;
    if (event === 'message-updated' && data.content !== undefined) {
      Object.assign(target, {
        content: data.content,
        editedAt: data.at,
        ...(data.mentions && { mentions: data.mentions }),
      });
    } else if (event === 'message-deleted') {
      for (const key of ['content', 'editedAt', 'replyTo', 'mentions', 'forwardedFrom'] as const) delete target[key];
      Object.assign(target, { deletedAt: data.at, reactions: [] });
    } else if (event === 'reaction-added' || event === 'reaction-removed') {
      const index = target.reactions.findIndex(({ emoji }) => emoji === data.emoji);
      if (index < 0) target.reactions.push({ emoji: data.emoji, count: data.count, mine: false });
      else if (data.count === 0) target.reactions.splice(index, 1);
      else target.reactions.splice(index, 1, { emoji: data.emoji, count: data.count, mine: false });
    }
    target.rev = data.seq;
  }

  #tell(log: Log, frame: Frame, but: FakeConnection | undefined): void {
    for (const each of this.connections) if (each !== but && each.rooms.has(log.info.conversationId)) each.push(frame);
  }

  #time(): string {
    return new Date(this.options.clock.now()).toISOString();
  }

  #expiry(): string {
    return new Date(this.options.clock.now() + this.options.tokenLifeMs).toISOString();
  }
}

/** One connection. The client has its socket, the server its rooms. */
export class FakeConnection implements ChatSocket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly userId: string;
  readonly rooms = new Set<string>();
  readonly #server: FakeChatServer;
  #gone = false;
  #silent = false;
  #waiting: Frame[] = [];

  constructor(server: FakeChatServer, userId: string) {
    this.#server = server;
    this.userId = userId;
    this.#later(() => {
      server.connections.add(this);
      this.onopen?.({} as never);
    });
  }

  send(text: string): void {
    if (this.#chance('dropCommand')) return;
    this.#later(() => this.#handle(text));
  }

  close(): void {
    this.cut(false);
  }

  /** Ends the socket as a network does: what is under way is lost. */
  cut(told = true): void {
    this.#gone = true;
    this.#server.connections.delete(this);
    if (told) this.onclose?.({ code: 1006 } as never);
  }

  /** Lets nothing pass any more, without telling either end. */
  halfOpen(): void {
    this.#silent = true;
  }

  push(frame: Frame): void {
    if (this.#chance('dropPush')) return;
    const times = this.#chance('repeatPush') ? 2 : 1;
    for (let i = 0; i < times; i += 1) {
      if (this.#chance('batch')) {
        this.#waiting.push(frame);
        this.#later(() => this.#flush());
      } else this.#later(() => this.#deliver(frame));
    }
  }

  /** ENV-6: in a batch the seqs of a conversation ascend. */
  #flush(): void {
    const frames = this.#waiting.sort((a, b) => seqOf(a) - seqOf(b));
    this.#waiting = [];
    if (frames.length > 0) this.#deliver({ event: 'batch', data: { frames } });
  }

  #handle(text: string): void {
    const envelope = readEnvelope(text, isAction);
    const { action, requestId } = envelope;
    let reply: Frame;
    try {
      if (envelope.refusal) throw envelope.refusal;
      if (!action || !envelope.fields) throw new Refusal('invalid-json', 'no action');
      const input = parseFields(action, envelope.fields);
      if (this.#chance('refuse')) throw new Refusal('rate-limited', 'too fast', { retryAfterMs: 300 });
      reply = this.#server.execute(action, input as Record<string, unknown>, this.userId, this);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply = errorReply(action, requestId, error) as Frame;
    }
    if (action === 'typing' || this.#chance('dropReply')) return;
    this.#later(() => this.#deliver({ ...reply, ...(requestId !== undefined && { requestId }) }));
  }

  #deliver(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as never);
  }

  #later(run: () => void): void {
    const { clock, random } = this.#server.options;
    clock.setTimeout(() => {
      if (!this.#gone && !this.#silent) run();
    }, random() * this.#server.faults.delayMs);
  }

  #chance(fault: Exclude<keyof Faults, 'delayMs'>): boolean {
    const chance = this.#server.faults[fault];
    return chance > 0 && this.#server.options.random() < chance;
  }
}

function seqOf(frame: Frame): number {
  return (frame.data as { seq?: number }).seq ?? 0;
}
