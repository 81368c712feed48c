import type { OnlineUser, PresenceChange } from '../api/conversation-events.ts';
import type { EphemeralFrame, Status } from '../protocol.ts';

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
