import type { EntryFrame } from '../protocol.ts';

/** An entry that waits for those before it. `own`: known from the reply to one's own command. */
interface Parked {
  readonly frame: EntryFrame;
  readonly own: boolean;
}

/** More entries than this are not kept ahead of a gap: the catch-up brings them again. */
const PARKED_MAX = 1_000;

/** Entries that came ahead of a copy's end, and wait for those before them (LOG-5). */
export class ParkedEntries {
  readonly #parked = new Map<number, Parked>();

  /** The highest seq that waits; 0 if none does. */
  get highest(): number {
    return Math.max(0, ...this.#parked.keys());
  }

  /** Those known from replies to one's own commands, ascending. */
  get own(): EntryFrame[] {
    const own = [...this.#parked.values()].filter((each) => each.own).map(({ frame }) => frame);
    return own.sort((a, b) => a.data.seq - b.data.seq);
  }

  /** Adds an entry; the one that is applied `next` always has a place. Gives whether it is kept. */
  put(frame: EntryFrame, own: boolean, next: number): boolean {
    const { seq } = frame.data;
    const already = this.#parked.get(seq);
    if (!already && this.#parked.size >= PARKED_MAX && seq !== next) return false;
    this.#parked.set(seq, { frame: newer(frame, already?.frame), own: own && already?.own !== false });
    return true;
  }

  /** An entry in the form that knows more: as given, or as it waits here. */
  newest(frame: EntryFrame): EntryFrame {
    return newer(frame, this.#parked.get(frame.data.seq)?.frame);
  }

  /** Takes the entry with this seq out. */
  take(seq: number): EntryFrame | undefined {
    const frame = this.#parked.get(seq)?.frame;
    this.#parked.delete(seq);
    return frame;
  }

  /** Drops what the copy holds by now. */
  dropUpTo(position: number): void {
    for (const seq of this.#parked.keys()) if (seq <= position) this.#parked.delete(seq);
  }

  /** Drops all. */
  clear(): void {
    this.#parked.clear();
  }
}

/** Of two forms of one entry, the one that knows more: a message by its `rev`. */
function newer(a: EntryFrame, b: EntryFrame | undefined): EntryFrame {
  return a.event === 'receive-message' && b?.event === 'receive-message' && b.data.rev > a.data.rev ? b : a;
}
