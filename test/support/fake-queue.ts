import type { SendToQueue } from '../../functions/runtime/queues.ts';

interface Waiting {
  readonly messageId: string;
  readonly body: string;
  /** ms since the epoch. */
  visibleAt: number;
  receives: number;
}

/** A message as the queue hands it to a function. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

/** How long a message that was received and not deleted stays hidden. */
const HIDDEN_MS = 120_000;
const RECEIVES_BEFORE_GIVING_UP = 5;

/** A queue. A message that was received comes again, unless it is deleted, until it is given up. */
export class FakeQueue {
  /** Decides that the queue takes no message with this body. */
  refuses: (body: unknown) => boolean = () => false;
  /** Bodies of messages that were received too often. */
  readonly givenUp: unknown[] = [];
  readonly #now: () => number;
  #messages: Waiting[] = [];
  #sent = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly send: SendToQueue = async (body, delaySeconds = 0) => {
    if (this.refuses(body)) throw new Error('the queue takes no message');
    this.#sent += 1;
    const visibleAt = this.#now() + delaySeconds * 1_000;
    this.#messages.push({ messageId: `message-${this.#sent}`, body: JSON.stringify(body), visibleAt, receives: 0 });
  };

  /** The bodies of all messages that were neither deleted nor given up. */
  get bodies(): readonly unknown[] {
    return this.#messages.map(({ body }) => JSON.parse(body));
  }

  /** Receives every message that is visible. */
  receive(): ReceivedMessage[] {
    const spent = this.#visible().filter(({ receives }) => receives >= RECEIVES_BEFORE_GIVING_UP);
    this.givenUp.push(...spent.map(({ body }) => JSON.parse(body)));
    this.delete(spent.map(({ messageId }) => messageId));
    return this.#visible().map((message) => {
      message.receives += 1;
      message.visibleAt = this.#now() + HIDDEN_MS;
      const { messageId, body, receives } = message;
      return { messageId, body, attributes: { ApproximateReceiveCount: String(receives) } };
    });
  }

  delete(messageIds: readonly string[]): void {
    this.#messages = this.#messages.filter(({ messageId }) => !messageIds.includes(messageId));
  }

  hasVisible(): boolean {
    return this.#visible().length > 0;
  }

  /** When the last of the messages becomes visible (ms since the epoch); undefined if there is none. */
  lastDue(): number | undefined {
    return this.#messages.length > 0 ? Math.max(...this.#messages.map(({ visibleAt }) => visibleAt)) : undefined;
  }

  #visible(): Waiting[] {
    return this.#messages.filter(({ visibleAt }) => visibleAt <= this.#now());
  }
}
