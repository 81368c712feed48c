import {
  type Client,
  type Conversation,
  type ConversationInfo,
  createClient,
  memoryCopies,
  type StateChange,
} from '@parley/client';
import { claimsOf } from '../../src/session/claims.ts';
import { explain } from '../../src/text/explain.ts';
import type { FrameLog } from '../wire/frame-log.ts';
import { type Notice, Notices } from '../wire/notices.ts';
import { type RawOutcome, Wire } from '../wire/wire.ts';
import { Observable } from './observable.ts';

export interface SessionOptions {
  readonly url: string;
  readonly tokenIn: 'subprotocol' | 'query';
  readonly me: string;
  readonly log: FrameLog;
  /** A valid token; called before every connection and before the one in use ends. */
  token(): Promise<string>;
}

/** One user's client, the frames on its socket, and the conversations that were opened with it. */
export class Session extends Observable {
  readonly me: string;
  readonly client: Client;
  /** The last change of the connection's state. `changedAt` is when it was, in milliseconds since the epoch. */
  change: StateChange | undefined;
  changedAt = 0;
  /** When the token ends, in milliseconds since the epoch. */
  expiresAt: number | undefined;
  /** Why there is no token. */
  problem: string | undefined;
  /** The conversation in view. */
  current: string | undefined;
  readonly #wire: Wire;
  readonly #notices = new Notices();
  readonly #opened = new Map<string, Conversation>();
  /** Conversations that were listed or created, opened or not. */
  readonly #known = new Map<string, ConversationInfo>();
  /** The ids of conversations whose log is loaded here. */
  readonly #held = new Set<string>();
  readonly #followed = new Set<string>();

  constructor({ url, tokenIn, me, log, token }: SessionOptions) {
    super();
    this.me = me;
    this.#wire = new Wire(
      (address, protocols) => new WebSocket(address, protocols),
      (direction, text) => {
        log.add(direction, text);
        if (direction === 'in') this.#notices.read(text);
      },
    );
    const { openSocket } = this.#wire;
    // Nothing is stored: the console shows what the server says, from the beginning.
    const copies = memoryCopies();
    this.client = createClient({ url, tokenIn, userId: me, openSocket, copies, token: () => this.#token(token) });
    this.client.on('state', (change) => {
      this.change = change;
      this.changedAt = Date.now();
      this.changed();
    });
    this.client.on('conversation-created', (info) => {
      this.#known.set(info.conversationId, info);
      this.changed();
    });
  }

  /** First the opened ones, then those that are only known. */
  get conversations(): readonly Conversation[] {
    const ids = new Set([...this.#opened.keys(), ...this.#known.keys()]);
    return [...ids].map((id) => this.client.conversations.get(id));
  }

  get openedIds(): readonly string[] {
    return [...this.#opened.keys()];
  }

  get conversation(): Conversation | undefined {
    return this.current === undefined ? undefined : this.#opened.get(this.current);
  }

  infoOf({ id, info }: Conversation): ConversationInfo | undefined {
    return info ?? this.#known.get(id);
  }

  noticesOf({ id }: Conversation): readonly Notice[] {
    return this.#notices.of(id);
  }

  isHeld({ id }: Conversation): boolean {
    return this.#held.has(id);
  }

  /** Brings a conversation into view, and joins it now or with the next connection. */
  open(id: string): void {
    this.current = id;
    const conversation = this.#opened.get(id) ?? this.#follow(id);
    // A refusal is in `conversation.error`, which is shown.
    if (conversation.state === 'idle' || conversation.state === 'ended') conversation.join().catch(() => {});
    this.changed();
  }

  async leave(id: string): Promise<void> {
    await this.#opened.get(id)?.leave();
    this.#opened.delete(id);
    if (this.current === id) this.current = this.openedIds[0];
    this.changed();
  }

  /** Reads the first page of this user's conversations. @throws ChatError */
  async list(): Promise<void> {
    const { items } = await this.client.conversations.list({ limit: 25 });
    for (const item of items) this.#known.set(item.conversationId, item);
    this.changed();
  }

  /** @throws ChatError */
  async create(id: string): Promise<void> {
    await this.client.conversations.create({ kind: 'channel', conversationId: id });
    this.open(id);
  }

  sendRaw(text: string): RawOutcome {
    return this.#wire.send(text);
  }

  #follow(id: string): Conversation {
    const conversation = this.client.conversations.get(id);
    this.#opened.set(id, conversation);
    if (this.#followed.has(id)) return conversation;
    this.#followed.add(id);
    conversation.on('change', () => this.changed());
    conversation.on('reset', ({ reason }) => reason === 'epoch' && this.#notices.forget(id));
    conversation.on('state', ({ current }) => {
      if (current === 'live') this.#held.add(id);
      this.changed();
    });
    return conversation;
  }

  async #token(give: () => Promise<string>): Promise<string> {
    try {
      const token = await give();
      const { exp } = claimsOf(token) ?? {};
      this.expiresAt = exp === undefined ? undefined : exp * 1_000;
      this.problem = undefined;
      return token;
    } catch (error) {
      this.problem = explain(error);
      throw error;
    } finally {
      this.changed();
    }
  }
}
