import type {
  ChatMessage,
  Conversation,
  ConversationEvents,
  ConversationState,
  Draft,
  HistoryPage,
  OnlineUser,
} from '../api.ts';
import type { Commands } from '../connection/commands.ts';
import type { Connection } from '../connection/connection.ts';
import type { Frame, Link } from '../connection/link.ts';
import type { TokenKeeper } from '../connection/tokens.ts';
import { ChatError } from '../errors.ts';
import { LogFollower } from '../log/log-follower.ts';
import { LogView } from '../log/log-view.ts';
import { isEntry } from '../log/message-changes.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { Sender } from '../outbox/sender.ts';
import type { Clock } from '../platform/edges.ts';
import { Emitter, type Off } from '../platform/emitter.ts';
import type {
  ConversationInfo,
  EntryFrame,
  EphemeralFrame,
  Joined,
  ListedConversation,
  Mark,
  Message,
  ReplyData,
  ReplyingAction,
  Role,
} from '../protocol.ts';
import { ReadState } from './read-state.ts';
import { OnlineUsers, TYPING_REPEAT_MS, TypingUsers } from './roster.ts';
import { Timeline } from './timeline.ts';
import { checkedEmoji, checkedText } from './validate.ts';

/** What all conversations of a client share. */
export interface ConversationDeps {
  readonly connection: Connection;
  readonly commands: Commands;
  readonly tokens: TokenKeeper;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly maxCatchUp: number;
  readonly maxMessages: number;
  readonly autoDelivered: boolean;
  readonly joinGate: <T>(task: () => Promise<T>) => Promise<T>;
  readonly sendGate: <T>(task: () => Promise<T>) => Promise<T>;
  me(): string | undefined;
  /** The connection's link, as soon as the outbox is loaded too. */
  link(): Link | undefined;
  /** The user is not a member any more. */
  onRemoved(conversationId: string): void;
}

const REMOVED = {
  code: 'not-joined',
  message: 'unable to follow the conversation; you are no member any more',
  retryable: false,
} as const;

/** One conversation's handle: puts its parts together and keeps what an application reads of it. */
export class ConversationHandle implements Conversation {
  readonly id: string;
  info: ConversationInfo | undefined;
  role: Role | undefined;
  revision = 0;
  readonly log: LogFollower;
  readonly #deps: ConversationDeps;
  readonly #events = new Emitter<ConversationEvents>();
  readonly #view: LogView;
  readonly #sender: Sender;
  readonly #reads: ReadState;
  readonly #online = new OnlineUsers();
  readonly #typing: TypingUsers;
  readonly #timeline = new Timeline();
  #messages: readonly ChatMessage[] | undefined;
  /** `info` and `role` are as of this seq; older entries do not touch them. */
  #infoSeq = 0;
  #typedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<{ added: number; hasOlder: boolean }> | undefined;

  constructor(id: string, deps: ConversationDeps) {
    const { clock, commands, me, outbox, random, tokens } = deps;
    this.id = id;
    this.#deps = deps;
    this.#view = new LogView(me);
    this.#typing = new TypingUsers(clock, () => this.#typingChanged());
    const shared = { conversationId: id, commands, clock, random, view: this.#view };
    this.#reads = new ReadState({
      ...shared,
      me,
      onReceipt: (mark) => this.#events.emit('receipt', mark),
      onChange: () => this.#changed(),
    });
    this.log = new LogFollower({
      ...shared,
      maxCatchUp: deps.maxCatchUp,
      gate: deps.joinGate,
      link: deps.link,
      onJoined: (reply) => this.#onJoined(reply),
      onOpened: (entries) => this.#match(entries),
      onEntries: (entries) => this.#onEntries(entries),
      onReset: (reason) => this.#onReset(reason),
      onState: (change) => this.#onState(change),
    });
    this.#sender = new Sender({
      ...shared,
      outbox,
      tokens,
      me,
      newId: deps.newId,
      gate: deps.sendGate,
      link: () => this.#sendLink(),
      rejoin: () => this.#rejoin(),
      onSent: (message) => this.#onSent(message),
      onFailed: (clientMessageId, error) => this.#events.emit('failed', { clientMessageId, error }),
      onChange: () => this.#changed(),
    });
  }

  get state(): ConversationState {
    return this.log.state;
  }

  get error(): ChatError | undefined {
    return this.log.error;
  }

  get messages(): readonly ChatMessage[] {
    this.#messages ??= this.#timeline.messages({
      held: this.#view.messages(),
      outbox: this.#deps.outbox.of(this.id),
      me: this.#deps.me(),
      others: this.#reads.others,
    });
    return this.#messages;
  }

  get hasOlder(): boolean {
    return this.#view.ready && this.#view.base > 0;
  }

  get position(): number {
    return this.#view.position;
  }

  get unread(): number | undefined {
    return this.#reads.unread;
  }

  get online(): readonly OnlineUser[] {
    return this.#online.users;
  }

  get typing(): readonly string[] {
    return this.#typing.userIds;
  }

  get marks(): readonly Mark[] {
    return this.#reads.marks;
  }

  on<K extends keyof ConversationEvents>(event: K, listener: (payload: ConversationEvents[K]) => void): Off {
    return this.#events.on(event, listener);
  }

  async join(): Promise<Conversation> {
    await this.log.join();
    return this;
  }

  async leave(): Promise<void> {
    const { commands, connection } = this.#deps;
    this.log.leave();
    const { link } = connection;
    // Without a connection nothing is joined (LEAVE-1).
    if (link) await commands.on(link, 'leave', { conversationId: this.id }).catch(() => {});
  }

  send(draft: Draft | string): Promise<Message> {
    this.#typedAt = Number.NEGATIVE_INFINITY;
    return this.#sender.send(typeof draft === 'string' ? { content: draft } : draft);
  }

  retry(clientMessageId: string): Promise<Message> {
    return this.#sender.retry(clientMessageId);
  }

  discard(clientMessageId: string): void {
    this.#sender.discard(clientMessageId);
  }

  loadOlder(limit = 50): Promise<{ added: number; hasOlder: boolean }> {
    this.#loading ??= this.#loadOlder(limit).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async history(query: { before?: number; after?: number; limit?: number } = {}): Promise<HistoryPage> {
    const page = await this.#deps.commands.call('history', { ...query, conversationId: this.id });
    const entries = page.entries as unknown as EntryFrame[];
    const messages = entries.flatMap((frame) => (frame.event === 'receive-message' ? [frame.data] : []));
    return { entries, messages, head: page.head, hasMore: page.hasMore };
  }

  async edit(seq: number, content: string) {
    const text = checkedText('edit the message', content);
    return this.#change('edit-message', { conversationId: this.id, seq, content: text });
  }

  delete(seq: number) {
    return this.#change('delete-message', { conversationId: this.id, seq });
  }

  async react(seq: number, emoji: string) {
    const checked = checkedEmoji('add the reaction', emoji);
    return this.#change('add-reaction', { conversationId: this.id, seq, emoji: checked });
  }

  async unreact(seq: number, emoji: string) {
    return this.#change('remove-reaction', { conversationId: this.id, seq, emoji });
  }

  markRead(seq = this.position): Promise<void> {
    return this.#reads.want({ readSeq: seq });
  }

  markDelivered(seq = this.position): Promise<void> {
    return this.#reads.want({ deliveredSeq: seq });
  }

  sendTyping(isTyping = true): void {
    const now = this.#deps.clock.now();
    const since = now - this.#typedAt;
    if (isTyping ? since < TYPING_REPEAT_MS : since >= TYPING_REPEAT_MS * 2) return;
    this.#typedAt = isTyping ? now : Number.NEGATIVE_INFINITY;
    if (this.log.live) this.#deps.connection.link?.post('typing', { conversationId: this.id, isTyping });
  }

  members(query: { limit?: number; cursor?: string } = {}) {
    return this.#deps.commands.call('list-members', { ...query, conversationId: this.id });
  }

  addMember(userId: string, role?: Role) {
    return this.#change('add-member', { conversationId: this.id, userId, ...(role && { role }) });
  }

  removeMember(userId: string) {
    return this.#change('remove-member', { conversationId: this.id, userId });
  }

  updateMember(userId: string, changes: { role?: Role; mutedUntil?: string | null; banned?: boolean }) {
    return this.#change('update-member', { ...changes, conversationId: this.id, userId });
  }

  update(changes: { name?: string; slowModeSeconds?: number }) {
    return this.#change('update-conversation', { ...changes, conversationId: this.id });
  }

  /** What a list said: enough for a badge before anything is joined. */
  listed(item: ListedConversation): void {
    const { head, n, role, unread, lastMessage: _, ...info } = item;
    if (this.log.live) return;
    this.info = info;
    this.role = role;
    this.#infoSeq = head;
    this.#reads.listed({ n, unread });
    if (!this.#view.ready) this.#view.n = n;
    this.#changed();
  }

  /** A frame for this conversation from the server; `late`: a reply after its time-out, which still says what happened (LOG-3). */
  receive(frame: Frame, late: boolean): void {
    if (frame.event === 'message-sent') this.#onSent(frame.data as unknown as Message);
    else if (isEntry(frame)) this.log.receive(frame, late);
    else if (!late) this.#onEphemeral(frame as unknown as EphemeralFrame);
  }

  /** The connection is up: unsent messages may go; what was joined is joined again. */
  async resume(link: Link): Promise<void> {
    if (this.log.wanted) await this.log.resume(link);
    void this.#sender.pump();
  }

  suspend(): void {
    this.#typing.clear();
    this.log.suspend();
  }

  close(): void {
    this.suspend();
    this.log.close();
    this.#sender.close();
  }

  /** The outbox holds something new for this conversation, or knows whose it is. */
  refresh(): void {
    this.#changed();
    void this.#sender.pump();
  }

  #sendLink(): Link | undefined {
    // After a reconnect the log may already hold what the outbox would send: it is read first.
    return this.log.wanted && !this.log.live ? undefined : this.#deps.link();
  }

  #rejoin(): boolean {
    const link = this.#deps.link();
    if (!this.log.wanted || !link) return false;
    this.log.rejoin(link);
    return true;
  }

  /** A command that appends: its reply is the entry (LOG-3). */
  async #change<A extends ReplyingAction>(action: A, fields: Parameters<Commands['call']>[1]): Promise<ReplyData<A>> {
    const data = await this.#deps.commands.call<A>(action, fields as never);
    const frame = { event: EVENT_OF[action] ?? '', data };
    if (isEntry(frame)) this.log.receive(frame, true);
    return data;
  }

  async #loadOlder(limit: number): Promise<{ added: number; hasOlder: boolean }> {
    const view = this.#view;
    if (!view.ready)
      throw new ChatError({ ...REMOVED, message: 'unable to load older messages; join the conversation first' });
    if (view.base === 0) return { added: 0, hasOlder: false };
    view.beginFetch();
    try {
      const page = await this.#deps.commands.call('history', { conversationId: this.id, before: view.base + 1, limit });
      const added = view.prepend(page.entries as unknown as EntryFrame[], page.hasMore);
      for (const message of added) this.#sender.match(message);
      this.#changed();
      return { added: added.length, hasOlder: this.hasOlder };
    } finally {
      view.endFetch();
    }
  }

  #onJoined(reply: Joined): void {
    this.info = reply.conversation;
    this.role = reply.role;
    this.#infoSeq = reply.head;
    this.#online.replace(reply.online);
    this.#reads.joined(reply.marks);
    this.#autoDeliver();
    this.#changed();
  }

  #onEntries(entries: readonly EntryFrame[]): void {
    this.#match(entries);
    this.#view.trim(this.#deps.maxMessages);
    for (const frame of entries) this.#onEntry(frame);
    this.#changed();
    for (const frame of entries) {
      if (frame.event === 'receive-message') this.#events.emit('message', frame.data);
      this.#events.emit('entry', frame);
    }
  }

  #onEntry(frame: EntryFrame): void {
    const { event, data } = frame;
    const me = this.#deps.me();
    if (event === 'receive-message') {
      this.#typing.set(data.senderId, false);
      if (data.senderId !== me) this.#autoDeliver();
    } else if (event === 'member-left' && data.userId === me) {
      this.log.end(new ChatError(REMOVED));
      this.#deps.onRemoved(this.id);
    } else if (data.seq > this.#infoSeq) {
      if (event === 'conversation-updated' && this.info) this.info = { ...this.info, ...data.changes };
      if (event === 'member-updated' && data.userId === me && data.role) this.role = data.role;
    }
  }

  #onEphemeral(frame: EphemeralFrame): void {
    if (frame.event === 'receipt') this.#reads.receipt(frame.data);
    else if (!this.log.wanted) return;
    else if (frame.event === 'user-typing') {
      if (frame.data.userId !== this.#deps.me()) this.#typing.set(frame.data.userId, frame.data.isTyping);
    } else if (frame.event === 'user:online' || frame.event === 'user:offline') {
      const change = this.#online.apply(frame);
      if (!change) return;
      if (change.status === 'offline') this.#typing.set(change.userId, false);
      this.#changed();
      this.#events.emit('presence', change);
    }
  }

  #onReset(reason: ConversationEvents['reset']['reason']): void {
    if (reason === 'epoch') this.#reads.reset();
    this.#events.emit('reset', { reason });
  }

  #onState(change: ConversationEvents['state']): void {
    if (change.current === 'joining') this.#online.expect();
    if (change.current === 'ended' || change.current === 'idle') this.#typing.clear();
    this.#changed();
    this.#events.emit('state', change);
    if (change.current !== 'joining') void this.#sender.pump();
  }

  /** LOG-5: one's own acknowledgement is shown at once. */
  #onSent(message: Message): void {
    this.log.receive({ event: 'receive-message', data: message }, true);
    this.#changed();
  }

  #match(entries: readonly EntryFrame[]): void {
    for (const frame of entries) if (frame.event === 'receive-message') this.#sender.match(frame.data);
  }

  #autoDeliver(): void {
    const here = this.#deps.autoDelivered && this.info !== undefined && this.info.kind !== 'channel';
    if (here) this.#reads.want({ deliveredSeq: this.position }).catch(() => {});
  }

  #typingChanged(): void {
    this.#changed();
    this.#events.emit('typing', { userIds: this.typing });
  }

  #changed(): void {
    this.#messages = undefined;
    this.revision += 1;
    this.#events.emit('change', undefined);
  }
}

/** The entry that a command's reply is, by action. */
const EVENT_OF: Partial<Record<ReplyingAction, EntryFrame['event']>> = {
  'edit-message': 'message-updated',
  'delete-message': 'message-deleted',
  'add-reaction': 'reaction-added',
  'remove-reaction': 'reaction-removed',
  'add-member': 'member-joined',
  'remove-member': 'member-left',
  'update-member': 'member-updated',
  'update-conversation': 'conversation-updated',
};
