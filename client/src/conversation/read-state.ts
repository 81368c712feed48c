import type { StoredCopy } from '../copies/storage.ts';
import type { LogView } from '../log/log-view.ts';
import type { Mark, Marked } from '../protocol.ts';
import { Marker, type MarkerOptions } from './marker.ts';
import { Marks } from './marks.ts';

/** What a `ReadState` works with, and whom it tells. */
export interface ReadStateOptions extends Omit<MarkerOptions, 'onMarked'> {
  readonly view: LogView;
  me(): string | undefined;
  onReceipt(mark: Mark): void;
  onChange(): void;
}

/** How far everyone has received and read, one's own marks on their way, and the unread count that follows (READ-1). */
export class ReadState {
  readonly #options: ReadStateOptions;
  readonly #marks = new Marks();
  readonly #marker: Marker;
  /** Messages up to one's own read mark; undefined until known. */
  #readN: number | undefined;

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

  get unread(): number | undefined {
    return this.#readN === undefined ? undefined : Math.max(0, this.#options.view.n - this.#readN);
  }

  /** See `Marker.want`. */
  want(wanted: { readSeq?: number; deliveredSeq?: number }): Promise<void> {
    return this.#marker.want(wanted);
  }

  /** A list knows the counts alone. */
  listed({ n, unread }: { n: number; unread: number }): void {
    this.#readN = n - unread;
  }

  /** What was stored, until a list or a join knows better. */
  restore({ marks, n, unread }: Pick<StoredCopy, 'marks' | 'n' | 'unread'>): void {
    for (const mark of marks) this.#marks.apply(mark);
    if (unread !== undefined) this.listed({ n, unread });
  }

  /** A join tells up to 100 marks; one's own may not be among them. */
  joined(marks: readonly Mark[]): void {
    for (const mark of marks) this.#marks.apply(mark);
    const own = this.#marks.of(this.#options.me());
    if (own) this.#marker.known(own);
    const readN = own && this.#options.view.nAt(own.readSeq);
    if (readN !== undefined) this.#readN = readN;
    else if (this.#readN === undefined) void this.#marker.ask();
  }

  /** Someone has received or read up to here. */
  receipt({ userId, readSeq, deliveredSeq }: Mark): void {
    const mark = this.#marks.apply({ userId, readSeq, deliveredSeq });
    if (!mark) return;
    if (userId === this.#options.me()) {
      this.#marker.known(mark);
      this.#readN = this.#options.view.nAt(mark.readSeq) ?? this.#readN;
    }
    this.#options.onChange();
    this.#options.onReceipt(mark);
  }

  /** The marks of a log are nothing to the one that was restored in its place (LOG-6). */
  reset(): void {
    this.#marks.clear();
    this.#marker.reset();
    this.#readN = undefined;
  }

  #onMarked({ readSeq, deliveredSeq, unread }: Marked): void {
    const { me, onChange, view } = this.#options;
    this.#readN = Math.max(this.#readN ?? 0, view.nAt(readSeq) ?? view.n - unread);
    const userId = me();
    if (userId !== undefined) this.receipt({ userId, readSeq, deliveredSeq });
    onChange();
  }
}
