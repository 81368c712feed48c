import type { ConversationEvents, ConversationState } from '../api/conversation-events.ts';
import type { Commands } from '../connection/commands.ts';
import { entriesOf } from '../connection/frames.ts';
import type { Link } from '../connection/link.ts';
import { asChatError, ChatError, ownError } from '../errors.ts';
import type { Clock } from '../platform/edges.ts';
import { Waiters } from '../platform/waiters.ts';
import type { EntryFrame, Joined } from '../protocol.ts';
import { CatchUp } from './catch-up.ts';
import { GapTimer } from './gap-timer.ts';
import type { LogView } from './log-view.ts';

/** What a `LogFollower` works with, and whom it tells. */
export interface LogFollowerOptions {
  readonly conversationId: string;
  readonly view: LogView;
  readonly commands: Commands;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxCatchUp: number;
  /** LEAVE-1: clients keep at most 4 joins open at a time. */
  readonly gate: <T>(task: () => Promise<T>) => Promise<T>;
  /** The link that new joins go to. */
  link(): Link | undefined;
  /** The client is closed, until it connects again. */
  closed(): boolean;
  /** A join was answered: at this head the user is a member, whatever the entries up to there say. */
  onAnswered(head: number): void;
  /**
   * A join was answered; the entries of its page are in the view. `head`: what `conversation` and `role` hold up to.
   */
  onJoined(reply: Joined): void;
  /** Entries were applied, in order, after the first page. */
  onEntries(entries: readonly EntryFrame[]): void;
  /** The first page is there; its entries are not announced. */
  onOpened(entries: readonly EntryFrame[]): void;
  onReset(reason: ConversationEvents['reset']['reason']): void;
  onState(change: ConversationEvents['state']): void;
}

/** Entries, as many as the reply to `join` and one page bring: so far a copy that was stored is read on. */
const RESTORED_CATCH_UP_MAX = 150;

/**
 * Keeps one conversation's copy of the log whole: joins, resumes, waits out gaps, then fetches them (JOIN-1, LOG-5,
 * LOG-6).
 */
export class LogFollower {
  state: ConversationState = 'idle';
  error: ChatError | undefined;
  readonly #options: LogFollowerOptions;
  /** The application wants it joined; kept over reconnects. */
  #wanted = false;
  /** Where it is joined, or being joined. */
  #link: Link | undefined;
  #resuming: { link: Link; done: Promise<void> } | undefined;
  #early: EntryFrame[] = [];
  readonly #catchUp: CatchUp;
  readonly #gap: GapTimer;
  readonly #waiters = new Waiters<void>();

  constructor(options: LogFollowerOptions) {
    const { clock, commands, conversationId, random, view } = options;
    this.#options = options;
    this.#gap = new GapTimer(clock, random, () => void this.#fetchGap());
    this.#catchUp = new CatchUp({
      conversationId,
      view,
      commands,
      isOn: (link) => this.#isOn(link),
      onEntries: (entries) => this.#apply(entries),
    });
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /** Whether this connection is subscribed and the copy caught up. */
  get live(): boolean {
    return this.state === 'live' && this.#link !== undefined && !this.#link.down;
  }

  /** Resolves when the copy is live; rejects when the server refuses, on `leave`, or while the client is closed. */
  join(): Promise<void> {
    this.#wanted = true;
    if (this.live) return Promise.resolve();
    if (this.#options.closed()) return Promise.reject(ownError('closed'));
    const joined = this.#waiters.wait();
    const link = this.#options.link();
    if (this.state !== 'joining') {
      this.#set('joining');
      if (link) void this.resume(link);
    }
    return joined;
  }

  /** The application follows it no more; whoever waits for the join gets `not-joined`. */
  leave(): void {
    this.#wanted = false;
    this.#link = undefined;
    this.#quiet();
    this.#set('idle');
    this.#waiters.reject(
      new ChatError({ code: 'not-joined', message: 'unable to join; it was left', retryable: false }),
    );
  }

  /** The connection is gone: nothing is joined, and nothing can be fetched. */
  suspend(): void {
    this.#quiet();
    if (this.#wanted && this.state === 'live') this.#set('joining');
  }

  /** The client was closed. What was joined is joined again when it connects again. */
  close(): void {
    this.suspend();
    if (this.state === 'joining') this.#set('idle');
    this.#waiters.reject(ownError('closed'));
  }

  /**
   * Joins on this link and catches up (JOIN-2). During a handover it stays live meanwhile, as the old link still
   * delivers. Resolves when nothing more is to be done on this link.
   */
  resume(link: Link): Promise<void> {
    if (this.#resuming?.link !== link) this.#resuming = { link, done: this.#resume(link) };
    return this.#resuming.done;
  }

  /** The server does not know of the join any more: joins again, where it was joined. */
  rejoin(link: Link): void {
    this.#set('joining');
    this.#resuming = undefined;
    void this.resume(link);
  }

  async #resume(link: Link): Promise<void> {
    this.#link = link;
    if (this.state !== 'live') this.#set('joining');
    for (let tries = 1; this.#isOn(link); tries += 1) {
      try {
        await this.#options.gate(async () => {
          if (this.#isOn(link)) await this.#joinOn(link);
        });
        return;
      } catch (thrown) {
        const error = asChatError(thrown);
        if (!this.#isOn(link)) return;
        if (!mayPass(error)) return this.end(error);
        await this.#options.commands.pause(this.#options.commands.delayOf(error, tries));
      }
    }
  }

  /** An entry, from a push or a reply to one's own command. Frames of what is not joined are never gaps (MEMB-1). */
  receive(frame: EntryFrame, own = false): void {
    if (!this.#wanted) return;
    // Before the join is answered nobody knows whether the log is still the same one (LOG-6).
    if (this.state === 'joining') this.#early.push(frame);
    else if (this.state === 'live') {
      this.#apply(this.#options.view.receive(frame, own), own || frame.event === 'receive-message');
      this.#watchGap();
    }
  }

  /** CONN-4: the log goes on to here. What is on its way gets the time of a gap. */
  noteHead(head: number): void {
    this.#options.view.noteHead(head);
    this.#watchGap();
  }

  /** No more of this: refused, or removed. The application may join again. */
  end(error: ChatError): void {
    this.#wanted = false;
    this.#link = undefined;
    this.error = error;
    this.#quiet();
    this.#set('ended', error);
    this.#waiters.reject(error);
  }

  /** The user was added, or the conversation was created: why it ended holds no more. */
  reopen(): void {
    if (this.state === 'ended') this.#set('idle');
  }

  #isOn(link: Link): boolean {
    return this.#wanted && this.#link === link && !link.down;
  }

  async #joinOn(link: Link): Promise<void> {
    const { commands, conversationId, maxCatchUp, view } = this.#options;
    const after = view.ready ? view.position : undefined;
    let reply = await commands.on(link, 'join', { conversationId, ...(after !== undefined && { after }) });
    if (!this.#isOn(link)) return;
    // Of what was stored a hundred messages at most are there: far behind, the newest page costs less, and shows more.
    const most = view.restored ? Math.min(maxCatchUp, RESTORED_CATCH_UP_MAX) : maxCatchUp;
    const same = reply.conversation.epoch === view.epoch && reply.head >= (after ?? 0);
    if (after !== undefined && (!same || reply.head - after > most)) {
      // LOG-6; and what is too far behind would take longer to read than anyone wants to scroll.
      reply = await commands.on(link, 'join', { conversationId });
      if (!this.#isOn(link)) return;
      view.reset();
      this.#options.onReset(same ? 'too-far-behind' : 'epoch');
    }
    const entries = entriesOf(reply);
    this.#options.onAnswered(reply.head);
    view.restored = false;
    view.epoch = reply.conversation.epoch;
    view.noteHead(reply.head);
    if (view.ready) this.#apply(view.extend(entries));
    else {
      const later = view.open(entries, reply.head, reply.hasMore);
      this.#options.onOpened(entries);
      this.#apply(later);
    }
    this.#options.onJoined(reply);
    await this.#catchUp.run(link);
    const early = this.#early;
    this.#early = [];
    if (!this.#isOn(link)) return;
    this.#set('live');
    for (const frame of early) this.receive(frame);
    this.#waiters.resolve();
    this.#watchGap();
  }

  #apply(entries: readonly EntryFrame[], changed = false): void {
    if (entries.length > 0 || changed) this.#options.onEntries(entries);
  }

  /** LOG-5: entries are missing; they may be on their way. */
  #watchGap(): void {
    if (!this.#options.view.behind) this.#gap.stop();
    else if (this.live && !this.#catchUp.running) this.#gap.start();
  }

  async #fetchGap(): Promise<void> {
    const link = this.#link;
    if (!this.live || !link) return;
    this.#gap.tried();
    try {
      await this.#catchUp.run(link);
    } catch (thrown) {
      const error = asChatError(thrown);
      if (this.#isOn(link) && !mayPass(error)) return this.end(error);
    }
    this.#watchGap();
  }

  #quiet(): void {
    this.#gap.stop();
    this.#early = [];
    this.#resuming = undefined;
  }

  #set(current: ConversationState, error?: ChatError): void {
    const previous = this.state;
    if (previous === current) return;
    this.state = current;
    if (current !== 'ended') this.error = undefined;
    this.#options.onState({ previous, current, ...(error && { error }) });
  }
}

/** Whether the same command may yet succeed on this link, or on the next. */
function mayPass(error: ChatError): boolean {
  return error.retryable || error.code === 'token-expired' || error.code === 'unauthorized';
}
