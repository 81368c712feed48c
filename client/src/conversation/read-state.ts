import type { StoredCopy } from '../copies/storage.ts';
import type { LogView } from '../log/log-view.ts';
import type { EntryFrame, Joined, Mark, Marked, UnreadCount } from '../protocol.ts';
import { Marker, type MarkerOptions } from './marker.ts';
import { Marks } from './marks.ts';

/** What a `ReadState` works with, and whom it tells. */
export interface ReadStateOptions extends Omit<MarkerOptions, 'onMarked'> {
  readonly view: LogView;
  me(): string | undefined;
  onReceipt(mark: Mark): void;
  onChange(): void;
}

/** What is unread up to the entry `head`, by the server; `atMost`: no more than that. */
interface Told {
  readonly head: number;
  readonly unread: number;
  readonly atMost: boolean;
}

/**
 * How far everyone has received and read, one's own marks on their way, and what is unread (READ-1, READ-2): counted in
 * the copy of the log if that reaches back to one's own mark, else what the server told, moved on with every entry.
 */
export class ReadState {
  readonly #options: ReadStateOptions;
  readonly #marks = new Marks();
  readonly #marker: Marker;
  #told: Told | undefined;

  constructor(options: ReadStateOptions) {
    this.#options = options;
    this.#marker = new Marker({ ...options, onMarked: (marked) => this.#onMarked(marked) });
  }

  get marks(): readonly Mark[] {
    return this.#marks.all;
  }

  /** The furthest that anyone else has received and read. */
  get others(): { readSeq: number; deliveredSeq: number } {
    return this.#marks.others(this.#options.me());
  }

  /** READ-2; undefined until known. */
  get count(): { readonly unread: number; readonly atMost: boolean } | undefined {
    const told = this.#told;
    const counted = this.#counted;
    if (counted === undefined || (told && told.head > this.#options.view.position)) return told;
    // What was told may know of a mark that another device has moved.
    return told && told.unread < counted ? told : { unread: counted, atMost: false };
  }

  /** See `Marker.want`. */
  want(wanted: { readSeq?: number; deliveredSeq?: number }): Promise<void> {
    return this.#marker.want(wanted);
  }

  /** The list, or a join, says what is unread up to `head`. */
  told(head: number, { unread, unreadAtMost }: UnreadCount): void {
    const { view } = this.#options;
    const newer = view.ready ? view.position - head : 0;
    if (newer <= 0) this.#told = { head, unread, atMost: unreadAtMost ?? false };
    else {
      // Entries overtook the reply. Which of them it would have counted is not known any more, but no more than all.
      const n = view.nAt(head);
      if (n !== undefined) this.#told = { head: view.position, unread: unread + view.n - n, atMost: true };
      else if (this.#told) this.#told = { ...this.#told, atMost: true };
    }
  }

  /** What was stored, until a list or a join knows better. */
  restore({ marks, position, unread, unreadAtMost }: StoredCopy): void {
    for (const mark of marks) this.#marks.apply(mark);
    if (unread !== undefined) this.told(position, { unread, unreadAtMost });
  }

  /** A join tells up to 100 marks, one's own first (JOIN-1), and what is unread up to `head`. */
  joined({ marks, head, unread, unreadAtMost }: Joined): void {
    for (const mark of marks) this.#marks.apply(mark);
    const own = this.#own;
    if (own) this.#marker.known(own);
    this.told(head, { unread, unreadAtMost });
  }

  /** READ-2: entries were applied to the copy, in order. What was told moves on with them. */
  applied(entries: readonly EntryFrame[]): void {
    for (const frame of entries) {
      const told = this.#told;
      if (!told || frame.data.seq !== told.head + 1) continue;
      const change = this.#changeBy(frame);
      this.#told = {
        head: frame.data.seq,
        unread: Math.max(0, told.unread + (change ?? 0)),
        atMost: told.atMost || change === undefined,
      };
      if (change === undefined && !told.atMost) this.#marker.ask();
    }
  }

  /** Someone has received or read up to here. */
  receipt(mark: Mark): void {
    const raised = mark.userId === this.#options.me() && mark.readSeq > (this.#own?.readSeq ?? 0);
    if (raised && this.#told) {
      // Another device has read. What lies after that is no more than before, and asked where the copy does not tell.
      const { head } = this.#told;
      const all = mark.readSeq >= head;
      this.#told = all ? { head, unread: 0, atMost: false } : { ...this.#told, atMost: true };
      if (!all && this.#options.view.unreadAfter(mark.readSeq) === undefined) this.#marker.ask();
    }
    this.#apply(mark);
  }

  /** The marks of a log are nothing to the one that was restored in its place (LOG-6). */
  reset(): void {
    this.#marks.clear();
    this.#marker.reset();
    this.#told = undefined;
  }

  get #own(): Mark | undefined {
    return this.#marks.of(this.#options.me());
  }

  get #counted(): number | undefined {
    const own = this.#own;
    return own && this.#options.view.unreadAfter(own.readSeq);
  }

  /** By how much an entry changes what is unread; undefined if that depends on a message that is not held. */
  #changeBy({ event, data }: EntryFrame): number | undefined {
    const me = this.#options.me();
    if (event === 'receive-message') return data.senderId === me ? 0 : 1;
    if (event !== 'message-deleted') return 0;
    const own = this.#own;
    if (own && data.targetSeq <= own.readSeq) return 0;
    const target = this.#options.view.find(data.targetSeq);
    if (!own || !target) return undefined;
    return target.senderId === me ? 0 : -1;
  }

  #apply({ userId, readSeq, deliveredSeq }: Mark): void {
    const mark = this.#marks.apply({ userId, readSeq, deliveredSeq });
    if (!mark) return;
    if (userId === this.#options.me()) this.#marker.known(mark);
    this.#options.onChange();
    this.#options.onReceipt(mark);
  }

  #onMarked({ readSeq, deliveredSeq, head, ...count }: Marked): void {
    const userId = this.#options.me();
    const own = this.#own?.readSeq ?? 0;
    if (readSeq >= own) this.told(head, count);
    if (userId !== undefined) this.#apply({ userId, readSeq, deliveredSeq });
    this.#options.onChange();
  }
}
