import type { Clock, SocketFactory } from '../../client/src/platform/edges.ts';
import type { EntryFrame, Message } from '../../client/src/protocol.ts';
import type { Action, CommandInput } from '../../shared/protocol/actions.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import { type ChangeFields, changeOf } from './fake-chat-changes.ts';
import { FakeConnection, type FakeFrame, type Faults, NO_FAULTS } from './fake-chat-connection.ts';
import { type FakeLog, type FakeMembership, pageOf, seenBy, store } from './fake-chat-log.ts';

export interface FakeServerOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** SEND-3: the number of newest entries that are searched for a duplicate. */
  readonly tail?: number;
  /** SEND-4: how far below the head `after` may be. */
  readonly behindMax?: number;
  /** The most entries in a page, as ENV-1 would cut one with longer entries. */
  readonly pageMax?: number;
  /** READ-2: with no more entries than this after the mark, unread is exact. */
  readonly unreadExactMax?: number;
  readonly tokenLifeMs?: number;
}

/** A token that only this server accepts. */
export function fakeToken(userId: string): string {
  return `e30.${btoa(JSON.stringify({ sub: userId })).replaceAll('=', '')}.x`;
}

/**
 * The protocol in memory, for clients: logs, joins, duplicates, history, marks. Commands pass the real schemas. It
 * loses, repeats, delays and reorders as `faults` says, but keeps every rule that a client may rely on.
 */
export class FakeChatServer {
  faults: Faults = { ...NO_FAULTS };
  readonly connections = new Set<FakeConnection>();
  readonly logs = new Map<string, FakeLog>();
  readonly options: Required<FakeServerOptions>;

  constructor(options: FakeServerOptions) {
    const defaults = { tail: 25, behindMax: 1_000, pageMax: 50, unreadExactMax: 50, tokenLifeMs: 3_600_000 };
    this.options = { ...defaults, ...options };
  }

  readonly openSocket: SocketFactory = (url, protocols) => {
    const token =
      new URL(url).searchParams.get('token') ?? protocols.find((each) => each.startsWith('bearer.'))?.slice(7);
    const { sub } = JSON.parse(atob(token?.split('.')[1] ?? '')) as { sub: string };
    return new FakeConnection(this, sub);
  };

  create(conversationId: string, members: readonly string[], kind: FakeLog['info']['kind'] = 'group'): FakeLog {
    const createdAt = this.#time();
    const info = { conversationId, epoch: 'e1', kind, createdBy: members[0] as string, createdAt };
    const log: FakeLog = { info, members: new Map(), entries: [], messages: new Map(), reactions: new Map() };
    for (const userId of members)
      log.members.set(userId, { role: 'member', readSeq: 0, deliveredSeq: 0, active: true });
    this.logs.set(conversationId, log);
    return log;
  }

  log(conversationId: string): FakeLog {
    const log = this.logs.get(conversationId);
    if (!log) throw new Refusal('conversation-not-found', 'there is no such conversation');
    return log;
  }

  /** All messages of the log, as a fresh history shows them to this user (LOG-2). */
  messagesFor(conversationId: string, userId: string): Message[] {
    const log = this.log(conversationId);
    return [...log.messages.values()].map((message) => seenBy(log, message, userId));
  }

  /** READ-2, as the log is now: what a person would count, and what a reply says. */
  unreadOf(conversationId: string, userId: string) {
    const log = this.log(conversationId);
    const { readSeq = 0 } = log.members.get(userId) ?? {};
    const after = [...log.messages.values()].filter(({ seq }) => seq > readSeq);
    const exact = after.filter(({ senderId, deletedAt }) => senderId !== userId && !deletedAt).length;
    const far = log.entries.length - readSeq > this.options.unreadExactMax && after.length > 0;
    return { exact, told: far ? { unread: after.length, unreadAtMost: true as const } : { unread: exact } };
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
    for (const frame of kept) store(log, frame);
  }

  execute(
    action: Action,
    fields: Record<string, unknown>,
    userId: string,
    from: FakeConnection | undefined,
  ): FakeFrame {
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
    const channel = log.info.kind === 'channel';
    if (channel && membership?.banned) throw new Refusal('forbidden', 'you are banned from it');
    if (action === 'join' && channel && !membership?.active) {
      log.members.set(userId, { role: 'member', readSeq: 0, deliveredSeq: 0, active: true });
    } else if (!membership?.active) {
      throw new Refusal(channel ? 'not-joined' : 'conversation-not-found', 'you are not a member of it');
    }
    switch (action) {
      case 'join':
        return this.#join(log, fields as CommandInput<'join'>, userId, from);
      case 'history':
        return {
          event: 'history',
          data: { conversationId, ...pageOf(log, fields as CommandInput<'history'>, userId, this.options.pageMax) },
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
      case 'remove-reaction': {
        const changed = changeOf(log, action, fields as Record<string, unknown> & ChangeFields, userId, this.#time());
        return 'reply' in changed ? changed.reply : this.#commit(log, changed.entry, from);
      }
      case 'remove-member':
        return this.#exclude(log, fields.userId as string, userId, false, from);
      case 'update-member':
        if (fields.banned !== true) throw new Refusal('internal', 'the fake only bans');
        return this.#exclude(log, fields.userId as string, userId, true, from);
      default:
        throw new Refusal('internal', `the fake does not implement ${action}`);
    }
  }

  #ping({ positions = [] }: CommandInput<'ping'>, userId: string): FakeFrame {
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
      const { told } = this.unreadOf(log.info.conversationId, userId);
      return membership?.active ? [{ ...log.info, role: membership.role, head: log.entries.length, n, ...told }] : [];
    });
  }

  #join(log: FakeLog, { after }: CommandInput<'join'>, userId: string, from: FakeConnection | undefined): FakeFrame {
    const { conversationId } = log.info;
    from?.rooms.add(conversationId);
    const page = pageOf(log, after === undefined ? {} : { after }, userId, this.options.pageMax);
    const all = Array.from(log.members, ([id, { readSeq, deliveredSeq }]) => ({ userId: id, readSeq, deliveredSeq }));
    const marks = all.sort((a, b) => Number(b.userId === userId) - Number(a.userId === userId));
    const online = [
      ...new Set([...this.connections].filter((each) => each.rooms.has(conversationId)).map((each) => each.userId)),
    ];
    const data = {
      conversationId,
      success: true,
      conversation: log.info,
      role: log.members.get(userId)?.role,
      ...page,
      ...this.unreadOf(conversationId, userId).told,
      online: online.map((id) => ({ userId: id, status: 'online' })),
      marks,
    };
    return { event: 'joined-conversation', data };
  }

  #send(
    log: FakeLog,
    input: CommandInput<'send-message'>,
    userId: string,
    from: FakeConnection | undefined,
  ): FakeFrame {
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
      const message = seenBy(log, log.messages.get(original.data.seq) as Message, userId);
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

  /** MEMB-1: whoever is removed or banned hears of it on every connection; MEMB-3: and of nothing after it. */
  #exclude(log: FakeLog, subject: string, by: string, banned: boolean, from: FakeConnection | undefined): FakeFrame {
    const membership = log.members.get(subject) as FakeMembership;
    const { conversationId } = log.info;
    const n = log.entries.at(-1)?.data.n ?? 0;
    membership.active = false;
    membership.banned = banned;
    const common = { conversationId, seq: log.entries.length + 1, at: this.#time(), n, userId: subject, by };
    const frame: EntryFrame = banned
      ? { event: 'member-updated', data: { ...common, banned } }
      : { event: 'member-left', data: { ...common, role: membership.role } };
    for (const each of this.connections) {
      if (each.userId !== subject) continue;
      each.rooms.delete(conversationId);
      if (each !== from) each.push(frame);
    }
    return this.#commit(log, frame, from);
  }

  #mark(
    log: FakeLog,
    { readSeq = 0, deliveredSeq = 0 }: CommandInput<'mark'>,
    userId: string,
    from: FakeConnection | undefined,
  ): FakeFrame {
    const membership = log.members.get(userId) as FakeMembership;
    const head = log.entries.length;
    const { conversationId } = log.info;
    const before = { ...membership };
    membership.readSeq = Math.max(membership.readSeq, Math.min(readSeq, head));
    membership.deliveredSeq = Math.max(membership.deliveredSeq, Math.min(deliveredSeq, head), membership.readSeq);
    const marks = { readSeq: membership.readSeq, deliveredSeq: membership.deliveredSeq };
    if (before.readSeq !== membership.readSeq || before.deliveredSeq !== membership.deliveredSeq) {
      this.#tell(log, { event: 'receipt', data: { conversationId, userId, ...marks } }, from);
    }
    return {
      event: 'marked',
      data: { conversationId, ...marks, head, ...this.unreadOf(conversationId, userId).told },
    };
  }

  /** Appends an entry. The acting connection gets it as the reply, all others in the room as a push (LOG-3). */
  #commit(log: FakeLog, frame: EntryFrame, from: FakeConnection | undefined): FakeFrame {
    store(log, frame);
    this.#tell(log, frame, from);
    return frame;
  }

  #tell(log: FakeLog, frame: FakeFrame, but: FakeConnection | undefined): void {
    for (const each of this.connections) if (each !== but && each.rooms.has(log.info.conversationId)) each.push(frame);
  }

  #time(): string {
    return new Date(this.options.clock.now()).toISOString();
  }

  #expiry(): string {
    return new Date(this.options.clock.now() + this.options.tokenLifeMs).toISOString();
  }
}
