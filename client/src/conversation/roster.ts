import type { OnlineUser, PresenceChange } from '../api.ts';
import type { Clock } from '../platform/edges.ts';
import type { EphemeralFrame, Mark, Status } from '../protocol.ts';

/** TYPE-1: an indicator is dropped after so long without another sign. */
const TYPING_EXPIRY_MS = 6_000;
/** TYPE-1: signs go out no closer than this. */
export const TYPING_REPEAT_MS = 4_000;

/** Who is typing. Best effort, and it forgets by itself. */
export class TypingUsers {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #stops = new Map<string, () => void>();

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get userIds(): string[] {
    return [...this.#stops.keys()];
  }

  set(userId: string, isTyping: boolean): void {
    const stop = this.#stops.get(userId);
    stop?.();
    if (isTyping) {
      this.#stops.set(
        userId,
        this.#clock.setTimeout(() => this.set(userId, false), TYPING_EXPIRY_MS),
      );
    } else this.#stops.delete(userId);
    if ((stop !== undefined) !== isTyping) this.#onChange();
  }

  clear(): void {
    for (const userId of this.userIds) this.set(userId, false);
  }
}

type PresenceFrame = Extract<EphemeralFrame, { event: 'user:online' | 'user:offline' }>;

/** Who is online. Frames carry versions, a join's list does not: what came while it was under way is newer (PRES-1). */
export class OnlineUsers {
  readonly #users = new Map<string, Status>();
  readonly #versions = new Map<string, number>();
  #fresh: Map<string, Status | undefined> | undefined;

  get users(): OnlineUser[] {
    return Array.from(this.#users, ([userId, status]) => ({ userId, status }));
  }

  /** A join is under way. */
  expect(): void {
    this.#fresh = new Map();
  }

  /** The join's list replaces what was known. */
  replace(users: readonly OnlineUser[]): void {
    this.#users.clear();
    for (const { userId, status } of users) this.#users.set(userId, status);
    for (const [userId, status] of this.#fresh ?? []) this.#set(userId, status);
    this.#fresh = undefined;
  }

  /** Gives what changed; undefined if the frame is older than what is known. */
  apply({ event, data }: PresenceFrame): PresenceChange | undefined {
    const { userId, version } = data;
    if (version <= (this.#versions.get(userId) ?? 0)) return undefined;
    this.#versions.set(userId, version);
    const status = event === 'user:online' ? data.status : undefined;
    this.#fresh?.set(userId, status);
    this.#set(userId, status);
    return event === 'user:online'
      ? { userId, status: data.status }
      : { userId, status: 'offline', lastSeenAt: data.lastSeenAt };
  }

  #set(userId: string, status: Status | undefined): void {
    if (status === undefined) this.#users.delete(userId);
    else this.#users.set(userId, status);
  }
}

/** READ-1: how far everyone has received and read. Marks only grow. */
export class Marks {
  readonly #marks = new Map<string, Mark>();

  get all(): Mark[] {
    return [...this.#marks.values()];
  }

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
