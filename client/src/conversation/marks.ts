import type { Mark } from '../protocol.ts';

/** READ-1: how far everyone has received and read. Marks only grow. */
export class Marks {
  readonly #marks = new Map<string, Mark>();

  get all(): Mark[] {
    return [...this.#marks.values()];
  }

  /** The mark of this user, if it is known. */
  of(userId: string | undefined): Mark | undefined {
    return userId === undefined ? undefined : this.#marks.get(userId);
  }

  /** Gives the mark as it is now; undefined if nothing changed. */
  apply(mark: Mark): Mark | undefined {
    const { userId } = mark;
    const before = this.#marks.get(userId) ?? { readSeq: 0, deliveredSeq: 0 };
    const readSeq = Math.max(before.readSeq, mark.readSeq);
    const deliveredSeq = Math.max(before.deliveredSeq, mark.deliveredSeq, readSeq);
    if (this.#marks.has(userId) && readSeq === before.readSeq && deliveredSeq === before.deliveredSeq) return undefined;
    const after = { userId, readSeq, deliveredSeq };
    this.#marks.set(userId, after);
    return after;
  }

  /** A restored log's marks are not this one's (LOG-6). */
  clear(): void {
    this.#marks.clear();
  }

  /** The furthest that anyone but this user has received and read. */
  others(userId: string | undefined): { readSeq: number; deliveredSeq: number } {
    let readSeq = 0;
    let deliveredSeq = 0;
    for (const mark of this.#marks.values()) {
      if (mark.userId === userId) continue;
      readSeq = Math.max(readSeq, mark.readSeq);
      deliveredSeq = Math.max(deliveredSeq, mark.deliveredSeq);
    }
    return { readSeq, deliveredSeq };
  }
}
