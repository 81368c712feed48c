import type { Clock } from '../platform/edges.ts';

/** TYPE-1: an indicator is dropped after so long without another sign. */
const TYPING_EXPIRY_MS = 6_000;
/** TYPE-1: signs go out no closer than this. */
const TYPING_REPEAT_MS = 4_000;

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

  /** A sign from this user; without another one it ends by itself. */
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

  /** Nobody is known to type any more. */
  clear(): void {
    for (const userId of this.userIds) this.set(userId, false);
  }
}

/** When to tell the others that one is typing: on every keystroke asked for, at most every 4 s sent (TYPE-1). */
export class TypingSignal {
  readonly #clock: Clock;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether this sign is to go out; if so, it counts as sent. An end is due only while the others still show one. */
  due(isTyping: boolean): boolean {
    const now = this.#clock.now();
    const since = now - this.#sentAt;
    if (isTyping ? since < TYPING_REPEAT_MS : since >= TYPING_REPEAT_MS * 2) return false;
    this.#sentAt = isTyping ? now : Number.NEGATIVE_INFINITY;
    return true;
  }

  /** A message ends the indicator by itself: the next sign is due at once. */
  reset(): void {
    this.#sentAt = Number.NEGATIVE_INFINITY;
  }
}
