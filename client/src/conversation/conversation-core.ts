import { type Frame, isEntry, isEvent } from '../connection/frames.ts';
import type { Link } from '../connection/link.ts';
import type { StoredCopy } from '../copies/storage.ts';
import type { ChatError } from '../errors.ts';
import { LogFollower } from '../log/log-follower.ts';
import { Sender } from '../outbox/sender.ts';
import type { CallSignal } from '../platform/abort.ts';
import type {
  CommandFields,
  ConversationInfo,
  EntryFrame,
  ListedConversation,
  Message,
  ReplyData,
  ReplyingAction,
} from '../protocol.ts';
import { ConversationModel } from './conversation-model.ts';
import type { ConversationDeps } from './deps.ts';
import { type Exclusion, exclusionError, exclusionOf, meansNoAccess } from './exclusion.ts';
import { OlderPages } from './older-pages.ts';

/** The parts of one conversation, put together, as the client drives them: frames come in, links come and go. */
export class ConversationCore {
  readonly id: string;
  readonly model: ConversationModel;
  readonly log: LogFollower;
  readonly sender: Sender;
  readonly older: OlderPages;
  readonly #deps: ConversationDeps;

  constructor(id: string, deps: ConversationDeps) {
    const { clock, commands, me, outbox, random, tokens } = deps;
    this.id = id;
    this.#deps = deps;
    this.model = new ConversationModel(id, deps, (exclusion) => this.#exclude(exclusion));
    const shared = { conversationId: id, commands, clock, random, view: this.model.view };
    this.log = new LogFollower({
      ...shared,
      maxCatchUp: deps.maxCatchUp,
      gate: deps.joinGate,
      link: deps.link,
      closed: deps.closed,
      onAnswered: (head) => this.model.memberAt(head),
      onJoined: (reply) => {
        this.model.joined(reply);
        deps.copies.joined(id);
      },
      onOpened: (entries) => this.#match(entries),
      onEntries: (entries) => {
        this.#match(entries);
        this.model.applied(entries);
        deps.copies.touch(id);
      },
      onReset: (reason) => {
        this.model.reset(reason);
        deps.copies.reset(id);
      },
      onState: (change) => {
        if (change.current === 'ended') deps.copies.drop(id);
        this.model.stateChanged(change);
        if (change.current === 'ended' && this.#refusal) this.#accessEnded(this.#refusal);
        if (change.current !== 'joining') void this.sender.pump();
      },
    });
    this.sender = new Sender({
      ...shared,
      outbox,
      tokens,
      me,
      newId: deps.newId,
      gate: deps.sendGate,
      link: () => this.#sendLink(),
      rejoin: () => this.#rejoin(),
      refusal: () => this.#refusal,
      onSent: (message) => this.#onSent(message),
      onFailed: (clientMessageId, error) => this.model.events.emit('failed', { clientMessageId, error }),
      onChange: () => this.model.changed(),
    });
    this.older = new OlderPages({
      ...shared,
      onLoaded: (messages) => {
        for (const message of messages) this.sender.match(message);
        if (this.log.live) deps.copies.touch(id);
        this.model.changed();
      },
    });
  }

  /** What was stored of it; a copy that is there already, or is being fetched, knows better. */
  restore(copy: StoredCopy): void {
    if (this.model.view.ready) return;
    this.model.restore(copy);
    this.refresh();
  }

  /** A list of all conversations does not have it: what was stored of it is not the user's any more. */
  unlisted(): void {
    if (this.log.wanted) return;
    this.#deps.copies.drop(this.id);
    this.model.view.reset();
    this.model.changed();
  }

  /** A conversation that was just created: enough to show it before it is joined. */
  created(info: ConversationInfo): void {
    this.model.info ??= info;
    this.log.reopen();
  }

  /** What a list said; a copy that is kept up to date knows better. */
  listed(item: ListedConversation): void {
    if (!this.log.live) this.model.listed(item);
  }

  /**
   * A frame for this conversation from the server; `late`: a reply after its time-out, which still says what happened
   * (LOG-3).
   */
  receive(frame: Frame, late: boolean): void {
    if (isEvent(frame, 'message-sent')) this.#onSent(frame.data);
    else if (isEntry(frame)) {
      this.log.receive(frame, late);
      const exclusion = exclusionOf(frame, this.#deps.me());
      if (exclusion) this.#excluded(exclusion, frame.data.seq);
    } else if (!late) this.model.ephemeral(frame, this.log.wanted);
  }

  /** The connection is up: unsent messages may go; what was joined is joined again. */
  async resume(link: Link): Promise<void> {
    if (this.log.wanted) await this.log.resume(link);
    void this.sender.pump();
  }

  /** The connection is gone. */
  suspend(): void {
    this.model.typing.clear();
    this.log.suspend();
  }

  /** The client was closed. */
  close(): void {
    this.suspend();
    this.log.close();
    this.sender.close();
  }

  /** The outbox holds something new for this conversation, or knows whose it is. */
  refresh(): void {
    // Sent after the copy was read past it, the server would not look for its twin so far back (SEND-4).
    for (const message of this.model.view.messages()) this.sender.match(message);
    this.model.changed();
    void this.sender.pump();
  }

  /** Gives a command that appends; its reply is the entry (LOG-3). Rejects as `Commands.call` does. */
  async append<A extends ReplyingAction>(
    action: A,
    fields: CommandFields<A>,
    signal?: CallSignal,
  ): Promise<ReplyData<A>> {
    const { event, data } = await this.#deps.commands.ask(action, fields, signal);
    const frame = { event, data };
    if (isEntry(frame)) this.receive(frame, true);
    return data;
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

  /** LOG-5: one's own acknowledgement is shown at once. */
  #onSent(message: Message): void {
    this.log.receive({ event: 'receive-message', data: message }, true);
    this.model.changed();
  }

  /** Why every command is refused, as the state `ended` says it; undefined where a command may succeed. */
  get #refusal(): ChatError | undefined {
    const { error, state } = this.log;
    return state === 'ended' && error && meansNoAccess(error) ? error : undefined;
  }

  /**
   * The log was handed an entry that ends the user's access. One that comes late, after the user was back and the log
   * read on, is history (MEMB-1).
   */
  #excluded(exclusion: Exclusion, seq: number): void {
    const { state } = this.log;
    // Nobody follows it, so nothing is kept up to date: the next command asks the server.
    if (state === 'idle') this.#deps.onRemoved(this.id);
    else if (state !== 'ended' && this.model.isNews(seq)) {
      // While it is being joined, the answer may say that the user is back; the log has kept the entry for after it.
      if (state === 'joining') this.#deps.copies.drop(this.id);
      // Behind a gap, which nobody can fill any more: what lies in it is refused from now on (MEMB-3).
      else this.#exclude(exclusion);
    }
  }

  #exclude(exclusion: Exclusion): void {
    this.log.end(exclusionError(exclusion, this.id, this.model.info));
  }

  #accessEnded(error: ChatError): void {
    const wasMember = this.model.role !== undefined;
    this.model.role = undefined;
    this.sender.refuse(error);
    if (wasMember) this.#deps.onRemoved(this.id);
  }

  #match(entries: readonly EntryFrame[]): void {
    for (const frame of entries) if (frame.event === 'receive-message') this.sender.match(frame.data);
  }
}
