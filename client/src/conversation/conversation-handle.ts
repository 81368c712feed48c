import type { Conversation } from '../api/conversation.ts';
import type { ConversationEvents, ConversationState, OnlineUser } from '../api/conversation-events.ts';
import type { ChatMessage, Draft, HistoryPage } from '../api/message.ts';
import { entriesOf } from '../connection/frames.ts';
import type { ChatError } from '../errors.ts';
import { abortable, type CallOptions, onlyFields } from '../platform/abort.ts';
import type { Off } from '../platform/edges.ts';
import { quiet } from '../platform/quiet.ts';
import type { CommandFields, ConversationInfo, Mark, Message, ReplyData, ReplyingAction, Role } from '../protocol.ts';
import type { ConversationCore } from './conversation-core.ts';
import type { ConversationDeps } from './deps.ts';
import { TypingSignal } from './typing.ts';
import { checkedEmoji, checkedText } from './validate.ts';

/** What an application holds of a conversation: hands its calls to the part that they are for. */
export class ConversationHandle implements Conversation {
  readonly id: string;
  readonly #core: ConversationCore;
  readonly #deps: ConversationDeps;
  readonly #typingSignal: TypingSignal;

  constructor(core: ConversationCore, deps: ConversationDeps) {
    this.id = core.id;
    this.#core = core;
    this.#deps = deps;
    this.#typingSignal = new TypingSignal(deps.clock);
  }

  get state(): ConversationState {
    return this.#core.log.state;
  }

  get error(): ChatError | undefined {
    return this.#core.log.error;
  }

  get info(): ConversationInfo | undefined {
    return this.#core.model.info;
  }

  get role(): Role | undefined {
    return this.#core.model.role;
  }

  get mutedUntil(): string | undefined {
    return this.#core.model.mutedUntil;
  }

  get revision(): number {
    return this.#core.model.revision;
  }

  get messages(): readonly ChatMessage[] {
    return this.#core.model.messages;
  }

  get hasOlder(): boolean {
    return this.#core.older.exist;
  }

  get position(): number {
    return this.#core.model.view.position;
  }

  get unread(): number | undefined {
    return this.#core.model.reads.count?.unread;
  }

  get unreadAtMost(): boolean {
    return this.#core.model.reads.count?.atMost ?? false;
  }

  get online(): readonly OnlineUser[] {
    return this.#core.model.online.users;
  }

  get typing(): readonly string[] {
    return this.#core.model.typing.userIds;
  }

  get marks(): readonly Mark[] {
    return this.#core.model.reads.marks;
  }

  on<K extends keyof ConversationEvents>(event: K, listener: (payload: ConversationEvents[K]) => void): Off {
    return this.#core.model.events.on(event, listener);
  }

  join(options?: CallOptions): Promise<Conversation> {
    return quiet(abortable(options, () => this.#core.log.join().then(() => this)));
  }

  async leave(): Promise<void> {
    const { commands, connection } = this.#deps;
    this.#core.log.leave();
    const { link } = connection;
    // Without a connection nothing is joined (LEAVE-1).
    if (link) await commands.on(link, 'leave', { conversationId: this.id }).catch(() => {});
  }

  send(draft: Draft | string, options?: CallOptions): Promise<Message> {
    // Thrown at once: a rejection that nobody waits for would not be seen.
    onlyFields('send the message', options, ['signal']);
    this.#typingSignal.reset();
    return quiet(abortable(options, () => this.#core.sender.send(draft)));
  }

  retry(clientMessageId: string, options?: CallOptions): Promise<Message> {
    onlyFields('send the message', options, ['signal']);
    return quiet(abortable(options, () => this.#core.sender.retry(clientMessageId)));
  }

  discard(clientMessageId: string): void {
    this.#core.sender.discard(clientMessageId);
  }

  loadOlder(limit = 50, options?: CallOptions): Promise<{ added: number; hasOlder: boolean }> {
    return abortable(options, () => this.#core.older.load(limit));
  }

  async history(
    query: { before?: number; after?: number; limit?: number } = {},
    options?: CallOptions,
  ): Promise<HistoryPage> {
    onlyFields('read the log', query, ['before', 'after', 'limit']);
    const fields = { ...query, conversationId: this.id };
    const page = await abortable(options, () => this.#deps.commands.call('history', fields, options?.signal));
    const entries = entriesOf(page);
    const messages = entries.flatMap((frame) => (frame.event === 'receive-message' ? [frame.data] : []));
    return { entries, messages, head: page.head, hasMore: page.hasMore };
  }

  async edit(seq: number, content: string, options: CallOptions & { mentions?: readonly string[] } = {}) {
    const { mentions, ...rest } = options;
    const text = checkedText('edit the message', content);
    const named = mentions && { mentions: [...new Set(mentions)] };
    return this.#append('edit-message', { seq, content: text, ...named }, rest);
  }

  delete(seq: number, options?: CallOptions) {
    return this.#append('delete-message', { seq }, options);
  }

  async react(seq: number, emoji: string, options?: CallOptions) {
    const checked = checkedEmoji('add the reaction', emoji);
    return this.#append('add-reaction', { seq, emoji: checked }, options);
  }

  async unreact(seq: number, emoji: string, options?: CallOptions) {
    const checked = checkedEmoji('remove the reaction', emoji);
    return this.#append('remove-reaction', { seq, emoji: checked }, options);
  }

  markRead(seq = this.position, options?: CallOptions): Promise<void> {
    return quiet(abortable(options, () => this.#core.model.reads.want({ readSeq: seq })));
  }

  markDelivered(seq = this.position, options?: CallOptions): Promise<void> {
    return quiet(abortable(options, () => this.#core.model.reads.want({ deliveredSeq: seq })));
  }

  sendTyping(isTyping = true): void {
    if (this.#typingSignal.due(isTyping) && this.#core.log.live)
      this.#deps.connection.link?.post('typing', { conversationId: this.id, isTyping });
  }

  async members(query: { limit?: number; cursor?: string } = {}, options?: CallOptions) {
    onlyFields('list the members', query, ['limit', 'cursor']);
    const fields = { ...query, conversationId: this.id };
    return abortable(options, () => this.#deps.commands.call('list-members', fields, options?.signal));
  }

  addMember(userId: string, role?: Role, options?: CallOptions) {
    return this.#append('add-member', { userId, ...(role && { role }) }, options);
  }

  removeMember(userId: string, options?: CallOptions) {
    return this.#append('remove-member', { userId }, options);
  }

  async updateMember(
    userId: string,
    changes: { role?: Role; mutedUntil?: string | null; banned?: boolean },
    options?: CallOptions,
  ) {
    onlyFields('update the member', changes, ['role', 'mutedUntil', 'banned']);
    return this.#append('update-member', { ...changes, userId }, options);
  }

  async update(changes: { name?: string; slowModeSeconds?: number }, options?: CallOptions) {
    onlyFields('update the conversation', changes, ['name', 'slowModeSeconds']);
    return this.#append('update-conversation', changes, options);
  }

  /** Gives a command of this conversation that appends. */
  #append<A extends ReplyingAction>(
    action: A,
    fields: Omit<CommandFields<A>, 'conversationId'>,
    options: CallOptions | undefined,
  ): Promise<ReplyData<A>> {
    const whole = { ...fields, conversationId: this.id } as CommandFields<A>;
    return abortable(options, () => this.#core.append(action, whole, options?.signal));
  }
}
