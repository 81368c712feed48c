import type { AppConfig } from '../../src/config.ts';
import { localToken } from '../../src/session/local-session.ts';
import { tabStore } from '../../src/state/storage.ts';
import { FrameLog } from '../wire/frame-log.ts';
import { Observable } from './observable.ts';
import { Session } from './session.ts';

/** Who connects, and where. */
export interface Choice {
  readonly url: string;
  readonly tokenIn: 'subprotocol' | 'query';
  readonly me: string;
  /** A pasted token. Without it one is fetched for `me`. */
  readonly token?: string;
}

interface Stored extends Choice {
  readonly opened: readonly string[];
  readonly current?: string;
}

export const FIRST_CHANNEL = 'general';

/** A place on the page for one user at a time, with the frames of all who connected there. */
export class Seat extends Observable {
  readonly name: 'first' | 'second';
  readonly log = new FrameLog();
  /** The last user's session. It stays after disconnecting: people read the log until the next user connects. */
  session: Session | undefined;
  #choice: Choice | undefined;

  constructor(name: 'first' | 'second') {
    super();
    this.name = name;
  }

  /** Connects a user in place of the one before, opens these conversations, and brings `current` into view. */
  connect(choice: Choice, opened: readonly string[], current = opened[0]): void {
    this.session?.client.close();
    const { token } = choice;
    const give = async () => token ?? localToken(choice.me);
    const session = new Session({ ...choice, log: this.log, token: give });
    this.session = session;
    this.#choice = choice;
    session.subscribe(() => this.session === session && this.#changed());
    for (const id of opened) session.open(id);
    if (current !== undefined) session.open(current);
    // It keeps trying by itself, and closing it is not a failure.
    session.client.connect().catch(() => {});
    this.#changed();
  }

  disconnect(): void {
    this.#choice = undefined;
    this.session?.client.close();
    this.#changed();
  }

  /** Connects again as before a reload; a new deployment has another address. */
  resume(config: AppConfig): void {
    const text = tabStore.get(this.#key);
    if (!text) return;
    const { opened, current, ...choice } = JSON.parse(text) as Stored;
    const { webSocketUrl: url, tokenIn } = config;
    this.connect({ ...choice, url, tokenIn }, opened, current);
  }

  get #key(): string {
    return `parley-console.${this.name}`;
  }

  #changed(): void {
    // A pasted token is never stored.
    if (this.#choice && this.#choice.token === undefined && this.session) {
      const { current, openedIds: opened } = this.session;
      const stored: Stored = { ...this.#choice, opened, ...(current !== undefined && { current }) };
      tabStore.set(this.#key, JSON.stringify(stored));
    } else tabStore.remove(this.#key);
    this.changed();
  }
}
