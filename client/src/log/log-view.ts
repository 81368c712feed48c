import type { StoredCopy } from '../copies/storage.ts';
import type { EntryFrame, Message } from '../protocol.ts';
import { applyChange, type ChangeFrame, isChange } from './message-changes.ts';
import { ParkedEntries } from './parked-entries.ts';

/** What a copy goes on from. */
type Stored = Pick<StoredCopy, 'base' | 'epoch' | 'messages' | 'n' | 'position'>;

/**
 * A copy of one log: everything after `base` up to `position`, without a gap. Replies, pushes and pages enter it in any
 * order and any number (LOG-3); it knows neither time nor network, so the same frames always give the same copy.
 */
export class LogView {
  epoch: string | undefined;
  /** A first page has come, or what was stored. */
  ready = false;
  /** It is as it was stored: whether the log is still the same one is not known yet. */
  restored = false;
  base = 0;
  position = 0;
  /** The highest seq known to exist, from anyone but oneself (LOG-5). */
  head = 0;
  /** Messages in the log at `position`, tombstones included. */
  n = 0;
  readonly #me: () => string | undefined;
  #messages: Message[] = [];
  #shown: readonly Message[] | undefined;
  readonly #parked = new ParkedEntries();
  /** Changes that came while pages are being fetched, which may hold their messages (LOG-4). */
  #kept: ChangeFrame[] = [];
  #fetches = 0;

  constructor(me: () => string | undefined) {
    this.#me = me;
  }

  /** It is known to be a copy of the log as it is, up to `position`. */
  get verified(): boolean {
    return this.ready && !this.restored;
  }

  /** Entries are known to be missing. */
  get behind(): boolean {
    return this.ready && this.head > this.position;
  }

  /** The highest seq known to exist, from whomever. */
  get knownHead(): number {
    return Math.max(this.head, this.position, this.#parked.highest);
  }

  /** Drops the copy (LOG-6). */
  reset(): void {
    this.epoch = undefined;
    this.ready = this.restored = false;
    this.base = this.position = this.head = this.n = 0;
    this.#messages = [];
    this.#shown = undefined;
    this.#parked.clear();
    this.#kept = [];
  }

  /** Begins the copy with what was stored of it. */
  restore({ base, epoch, messages, n, position }: Stored): void {
    this.epoch = epoch;
    this.base = base;
    this.position = this.head = position;
    this.n = n;
    this.#messages = [...messages];
    this.#shown = undefined;
    this.ready = this.restored = true;
  }

  /** What is to be stored of the copy: the newest messages, `max` at most; undefined before the log was read. */
  stored(max: number): Stored | undefined {
    const { epoch, n, position, verified } = this;
    if (!verified || epoch === undefined) return undefined;
    const surplus = Math.max(0, this.#messages.length - max);
    const base = this.#messages[surplus - 1]?.seq ?? this.base;
    return { base, epoch, messages: this.#messages.slice(surplus), n, position };
  }

  /** Begins the copy with the log's newest page; gives the entries that were waiting and follow it. */
  open(entries: readonly EntryFrame[], head: number, hasOlder: boolean): EntryFrame[] {
    const first = entries[0];
    this.base = first ? first.data.seq - 1 : hasOlder ? head : 0;
    this.position = this.base;
    this.ready = true;
    this.noteHead(head);
    for (const frame of entries) this.#apply(this.#parked.newest(frame));
    this.#parked.dropUpTo(this.position);
    return this.#drain();
  }

  /** Takes in one entry, from wherever it came; gives the entries that are now applied, in order (LOG-5). */
  receive(frame: EntryFrame, own = false): EntryFrame[] {
    const { seq } = frame.data;
    if (this.ready && seq <= this.position) {
      this.#renew(frame);
      return [];
    }
    this.#park(frame, own);
    return this.ready ? this.#drain() : [];
  }

  /** Takes in a page that continues the copy. */
  extend(entries: readonly EntryFrame[]): EntryFrame[] {
    return entries.flatMap((frame) => this.receive(frame));
  }

  /** An entry with this seq is known to exist. */
  noteHead(head: number): void {
    this.head = Math.max(this.head, head);
  }

  /** From here to `endFetch`, changes to messages not held are kept for the page that may bring them (LOG-4). */
  beginFetch(): void {
    this.#fetches += 1;
  }

  /** The page has come, or will not. */
  endFetch(): void {
    this.#fetches -= 1;
    if (this.#fetches === 0) this.#kept = [];
  }

  /** Prepends the page that ends at `base`; gives its messages. A page that does not fit (any more) is passed over. */
  prepend(entries: readonly EntryFrame[], hasMore: boolean): Message[] {
    const last = entries.at(-1);
    if (!this.ready || (last && last.data.seq !== this.base)) return [];
    const older: Message[] = [];
    for (const frame of entries) {
      if (frame.event !== 'receive-message') continue;
      const changes = this.#kept.filter(({ data }) => data.targetSeq === frame.data.seq);
      older.push(changes.reduce((message, change) => applyChange(message, change, this.#me()), frame.data));
    }
    this.#messages = [...older, ...this.#messages];
    this.base = hasMore && entries[0] ? entries[0].data.seq - 1 : 0;
    this.#shown = undefined;
    return older;
  }

  /** Lets go of the oldest messages beyond `max`, a tenth at a time. */
  trim(max: number): void {
    const surplus = this.#messages.length - max;
    if (surplus <= max / 10) return;
    this.base = (this.#messages[surplus - 1] as Message).seq;
    this.#messages = this.#messages.slice(surplus);
    this.#shown = undefined;
  }

  /**
   * The messages held, and one's own that are acknowledged but wait for entries before them, with one's own changes
   * that wait likewise: what one did is shown at once (LOG-5). The same array until something changes.
   */
  messages(): readonly Message[] {
    this.#shown ??= this.#show();
    return this.#shown;
  }

  /** The message with this seq, if it is held. */
  find(seq: number): Message | undefined {
    const index = this.#indexOf(seq);
    const message = this.#messages[index];
    return message?.seq === seq ? message : undefined;
  }

  /** How many messages the log had at this seq; undefined if the copy does not reach so far. */
  nAt(seq: number): number | undefined {
    if (seq === 0) return 0;
    if (!this.ready || seq < this.base || seq > this.position) return undefined;
    const index = this.#indexOf(seq);
    const at = this.#messages[index];
    if (at?.seq === seq) return at.n;
    const before = this.#messages[index - 1];
    return before?.n ?? (at ? at.n - 1 : this.n);
  }

  /**
   * READ-2: the messages after this seq that are neither deleted nor one's own; undefined if the copy does not reach so
   * far back.
   */
  unreadAfter(seq: number): number | undefined {
    if (!this.ready || seq < this.base) return undefined;
    const me = this.#me();
    const after = this.messages().slice(this.#indexOf(seq + 1));
    return after.filter(({ senderId, deletedAt }) => senderId !== me && deletedAt === undefined).length;
  }

  #park(frame: EntryFrame, own: boolean): void {
    const { seq } = frame.data;
    if (!own) this.head = Math.max(this.head, seq);
    if (this.#parked.put(frame, own, this.position + 1)) this.#shown = undefined;
    else this.noteHead(seq);
  }

  #drain(): EntryFrame[] {
    const applied: EntryFrame[] = [];
    for (let next = this.#parked.take(this.position + 1); next; next = this.#parked.take(this.position + 1)) {
      this.#apply(next);
      applied.push(next);
    }
    return applied;
  }

  #apply(frame: EntryFrame): void {
    this.position = frame.data.seq;
    this.n = frame.data.n;
    this.#shown = undefined;
    if (frame.event === 'receive-message') this.#messages.push(frame.data);
    else if (isChange(frame)) {
      const index = this.#indexOf(frame.data.targetSeq);
      const target = this.#messages[index];
      if (target?.seq === frame.data.targetSeq) this.#messages[index] = applyChange(target, frame, this.#me());
      else if (this.#fetches > 0) this.#kept.push(frame);
    }
  }

  /** A message that is held, read later than the copy: its state wins, as any state with a higher `rev` (LOG-4). */
  #renew(frame: EntryFrame): void {
    if (frame.event !== 'receive-message') return;
    const index = this.#indexOf(frame.data.seq);
    const held = this.#messages[index];
    if (held?.seq !== frame.data.seq || held.rev >= frame.data.rev) return;
    this.#messages[index] = frame.data;
    this.#shown = undefined;
  }

  #show(): readonly Message[] {
    const messages = [...this.#messages];
    for (const frame of this.#parked.own) {
      if (frame.event === 'receive-message') messages.push(frame.data);
      else if (isChange(frame)) {
        const index = messages.findIndex(({ seq }) => seq === frame.data.targetSeq);
        const target = messages[index];
        if (target) messages[index] = applyChange(target, frame, this.#me());
      }
    }
    return messages;
  }

  /** Where the message with this seq is, or would be. */
  #indexOf(seq: number): number {
    let low = 0;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#messages[middle] as Message).seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
