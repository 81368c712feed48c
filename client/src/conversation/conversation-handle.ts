import type { Conversation } from '../api/conversation.ts';
import type { ConversationEvents, ConversationState, OnlineUser } from '../api/conversation-events.ts';
import type { ChatMessage, Draft, HistoryPage } from '../api/message.ts';
import { entriesOf } from '../connection/frames.ts';
import type { ChatError } from '../errors.ts';
import type { Off } from '../platform/edges.ts';
import { quiet } from '../platform/quiet.ts';
import type { ConversationInfo, Mark, Message, Role } from '../protocol.ts';
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
    return this.#core.model.reads.unread;
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

  join(): Promise<Conversation> {
    return quiet(this.#core.log.join().then(() => this));
  }

  async leave(): Promise<void> {
    const { commands, connection } = this.#deps;
    this.#core.log.leave();
    const { link } = connection;
    // Without a connection nothing is joined (LEAVE-1).
    if (link) await commands.on(link, 'leave', { conversationId: this.id }).catch(() => {});
  }

  send(draft: Draft | string): Promise<Message> {
    this.#typingSignal.reset();
    return this.#core.sender.send(draft);
  }

  retry(clientMessageId: string): Promise<Message> {
    return this.#core.sender.retry(clientMessageId);
  }

  discard(clientMessageId: string): void {
    this.#core.sender.discard(clientMessageId);
  }

  loadOlder(limit = 50): Promise<{ added: number; hasOlder: boolean }> {
    return this.#core.older.load(limit);
  }

  async history(query: { before?: number; after?: number; limit?: number } = {}): Promise<HistoryPage> {
    const page = await this.#deps.commands.call('history', { ...query, conversationId: this.id });
    const entries = entriesOf(page);
    const messages = entries.flatMap((frame) => (frame.event === 'receive-message' ? [frame.data] : []));
    return { entries, messages, head: page.head, hasMore: page.hasMore };
  }

  async edit(seq: number, content: string, { mentions }: { mentions?: readonly string[] } = {}) {
    const text = checkedText('edit the message', content);
    const named = mentions && { mentions: [...new Set(mentions)] };
    return this.#core.append('edit-message', { conversationId: this.id, seq, content: text, ...named });
  }

  delete(seq: number) {
    return this.#core.append('delete-message', { conversationId: this.id, seq });
  }

  async react(seq: number, emoji: string) {
    const checked = checkedEmoji('add the reaction', emoji);
    return this.#core.append('add-reaction', { conversationId: this.id, seq, emoji: checked });
  }

  async unreact(seq: number, emoji: string) {
    const checked = checkedEmoji('remove the reaction', emoji);
    return this.#core.append('remove-reaction', { conversationId: this.id, seq, emoji: checked });
  }

  markRead(seq = this.position): Promise<void> {
    return quiet(this.#core.model.reads.want({ readSeq: seq }));
  }

  markDelivered(seq = this.position): Promise<void> {
    return quiet(this.#core.model.reads.want({ deliveredSeq: seq }));
  }

  sendTyping(isTyping = true): void {
    if (this.#typingSignal.due(isTyping) && this.#core.log.live)
      this.#deps.connection.link?.post('typing', { conversationId: this.id, isTyping });
  }

  members(query: { limit?: number; cursor?: string } = {}) {
    return this.#deps.commands.call('list-members', { ...query, conversationId: this.id });
  }

  addMember(userId: string, role?: Role) {
    return this.#core.append('add-member', { conversationId: this.id, userId, ...(role && { role }) });
  }

  removeMember(userId: string) {
    return this.#core.append('remove-member', { conversationId: this.id, userId });
  }

  updateMember(userId: string, changes: { role?: Role; mutedUntil?: string | null; banned?: boolean }) {
    return this.#core.append('update-member', { ...changes, conversationId: this.id, userId });
  }

  update(changes: { name?: string; slowModeSeconds?: number }) {
    return this.#core.append('update-conversation', { ...changes, conversationId: this.id });
  }
}
