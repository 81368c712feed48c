import type { ConversationEvents } from '../api/conversation-events.ts';
import type { ChatMessage } from '../api/message.ts';
import { type Frame, isEvent } from '../connection/frames.ts';
import { type Snapshot, STORED_MESSAGES_MAX } from '../copies/keeper.ts';
import type { StoredCopy } from '../copies/storage.ts';
import { LogView } from '../log/log-view.ts';
import { Emitter } from '../platform/emitter.ts';
import type { ConversationInfo, EntryFrame, Joined, ListedConversation, Role } from '../protocol.ts';
import type { ConversationDeps } from './deps.ts';
import { type Exclusion, exclusionOf } from './exclusion.ts';
import { OnlineUsers } from './online-users.ts';
import { ReadState } from './read-state.ts';
import { Timeline } from './timeline.ts';
import { TypingUsers } from './typing.ts';

/**
 * What is known of one conversation: the copy of its log, what stands beside a log (who is online or typing, marks),
 * and the list that an application shows. It takes in what comes, and tells what changed; it sends nothing but marks.
 */
export class ConversationModel {
  readonly id: string;
  info: ConversationInfo | undefined;
  role: Role | undefined;
  mutedUntil: string | undefined;
  revision = 0;
  readonly events: Emitter<ConversationEvents>;
  readonly view: LogView;
  readonly reads: ReadState;
  readonly online = new OnlineUsers();
  readonly typing: TypingUsers;
  readonly #deps: ConversationDeps;
  readonly #onExcluded: (exclusion: Exclusion) => void;
  readonly #timeline = new Timeline();
  #messages: readonly ChatMessage[] | undefined;
  /** `info` and `role` are as of this seq; older entries do not touch them. */
  #infoSeq = 0;

  /** `onExcluded`: the log says that the user has no access any more. */
  constructor(id: string, deps: ConversationDeps, onExcluded: (exclusion: Exclusion) => void) {
    const { clock, commands, me } = deps;
    this.id = id;
    this.#deps = deps;
    this.#onExcluded = onExcluded;
    this.events = new Emitter((thrown) => deps.onThrow(thrown));
    this.view = new LogView(me);
    this.typing = new TypingUsers(clock, () => {
      this.changed();
      this.events.emit('typing', { userIds: this.typing.userIds });
    });
    this.reads = new ReadState({
      conversationId: id,
      commands,
      clock,
      view: this.view,
      me,
      onReceipt: (mark) => {
        // Receipts come without a join, too; there is nothing to store then.
        if (this.view.verified) deps.copies.touch(id);
        this.events.emit('receipt', mark);
      },
      onChange: () => this.changed(),
    });
  }

  /** The same array until something changes. */
  get messages(): readonly ChatMessage[] {
    this.#messages ??= this.#timeline.messages({
      held: this.view.messages(),
      outbox: this.#deps.outbox.of(this.id),
      me: this.#deps.me(),
      others: this.reads.others,
    });
    return this.#messages;
  }

  /** What a list said: enough for a badge before anything is joined. */
  listed(item: ListedConversation): void {
    const { head, n: _n, role, unread, unreadAtMost, lastMessage: _, ...info } = item;
    this.info = info;
    this.role = role;
    this.#infoSeq = head;
    this.reads.told(head, { unread, unreadAtMost });
    this.changed();
  }

  /** Begins with what was stored. */
  restore(copy: StoredCopy): void {
    this.view.restore(copy);
    this.info = copy.info;
    this.role = copy.role;
    this.#infoSeq = copy.position;
    this.reads.restore(copy);
  }

  /** What is to be stored; undefined before the log was read. */
  snapshot(): Snapshot | undefined {
    const { info, role, view } = this;
    const stored = view.stored(STORED_MESSAGES_MAX);
    if (!stored || !info || !role) return undefined;
    const { count, marks } = this.reads;
    const unread = count && { unread: count.unread, ...(count.atMost && { unreadAtMost: true as const }) };
    return { ...stored, conversationId: this.id, info, role, marks, ...unread };
  }

  /** Whether an entry is later than everything that is known: the log, and what a join or a list said. */
  isNews(seq: number): boolean {
    return seq > Math.max(this.view.position, this.#infoSeq);
  }

  /** At this head the user is a member: earlier entries that say otherwise are history. */
  memberAt(head: number): void {
    this.#infoSeq = head;
  }

  /** A join was answered; the entries of its page are in the copy. */
  joined(reply: Joined): void {
    this.info = reply.conversation;
    this.role = reply.role;
    this.mutedUntil = reply.mutedUntil;
    this.#infoSeq = reply.head;
    this.online.replace(reply.online);
    this.reads.joined(reply);
    this.#autoDeliver();
    this.changed();
  }

  /** Entries were applied to the copy, in order. */
  applied(entries: readonly EntryFrame[]): void {
    this.view.trim(this.#deps.maxMessages);
    this.reads.applied(entries);
    for (const frame of entries) this.#take(frame);
    this.changed();
    for (const frame of entries) {
      if (frame.event === 'receive-message') this.events.emit('message', frame.data);
      this.events.emit('entry', frame);
    }
  }

  /** A push that is in no log. `joined`: the application wants to follow it; receipts count without. */
  ephemeral(frame: Frame, joined: boolean): void {
    if (isEvent(frame, 'receipt')) this.reads.receipt(frame.data);
    else if (!joined) return;
    else if (isEvent(frame, 'user-typing')) {
      const { isTyping, userId } = frame.data;
      if (userId !== this.#deps.me()) this.typing.set(userId, isTyping);
    } else if (isEvent(frame, 'user:online') || isEvent(frame, 'user:offline')) {
      const change = this.online.apply(frame);
      if (!change) return;
      if (change.status === 'offline') this.typing.set(change.userId, false);
      this.changed();
      this.events.emit('presence', change);
    }
  }

  /** The copy was dropped. */
  reset(reason: ConversationEvents['reset']['reason']): void {
    if (reason === 'epoch') this.reads.reset();
    this.events.emit('reset', { reason });
  }

  /** Joining began or ended. */
  stateChanged(change: ConversationEvents['state']): void {
    if (change.current === 'joining') this.online.expect();
    if (change.current === 'ended' || change.current === 'idle') this.typing.clear();
    this.changed();
    this.events.emit('state', change);
  }

  /** Something that an application shows is new. */
  changed(): void {
    this.#messages = undefined;
    this.revision += 1;
    this.events.emit('change', undefined);
  }

  #take(frame: EntryFrame): void {
    const { event, data } = frame;
    const me = this.#deps.me();
    if (event === 'receive-message') {
      this.typing.set(data.senderId, false);
      if (data.senderId !== me) this.#autoDeliver();
    } else if (data.seq > this.#infoSeq) {
      const exclusion = exclusionOf(frame, me);
      if (exclusion) this.#onExcluded(exclusion);
      if (event === 'conversation-updated' && this.info) this.info = { ...this.info, ...data.changes };
      if (event === 'member-updated' && data.userId === me) {
        this.role = data.role ?? this.role;
        if (data.mutedUntil !== undefined) this.mutedUntil = data.mutedUntil ?? undefined;
      }
    }
  }

  #autoDeliver(): void {
    const here = this.#deps.autoDelivered && this.info !== undefined && this.info.kind !== 'channel';
    if (here) this.reads.want({ deliveredSeq: this.view.position }).catch(() => {});
  }
}
