import { CLIENT_ID } from '../../../shared/protocol/names.ts';
import type { Draft } from '../api/message.ts';
import type { Commands } from '../connection/commands.ts';
import type { Link } from '../connection/link.ts';
import type { TokenKeeper } from '../connection/tokens.ts';
import { checkedDraft } from '../conversation/validate.ts';
import { asChatError, ChatError, ownError } from '../errors.ts';
import type { LogView } from '../log/log-view.ts';
import type { Clock } from '../platform/edges.ts';
import { quiet } from '../platform/quiet.ts';
import { randomId } from '../platform/system.ts';
import type { Message } from '../protocol.ts';
import type { Outbox } from './outbox.ts';
import { SendPosition } from './send-position.ts';
import type { OutboxItem } from './storage.ts';

/** What a `Sender` works with, and whom it tells. */
export interface SenderOptions {
  readonly conversationId: string;
  readonly outbox: Outbox;
  readonly view: LogView;
  readonly commands: Commands;
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly gate: <T>(task: () => Promise<T>) => Promise<T>;
  me(): string | undefined;
  /** The link to send on now; undefined: not connected, or not caught up yet. `pump()` follows when that changes. */
  link(): Link | undefined;
  /** The server says that this joined channel is not joined: join again. False if the application never joined. */
  rejoin(): boolean;
  /** Why no message can be sent until the user is a member again; undefined where one may be. */
  refusal(): ChatError | undefined;
  /** The message is in the log: its acknowledgement. */
  onSent(message: Message): void;
  onFailed(clientMessageId: string, error: ChatError): void;
  onChange(): void;
}

interface Waiter {
  readonly promise: Promise<Message>;
  resolve(message: Message): void;
  reject(error: ChatError): void;
}

/**
 * `internal` and `not-joined` so often in a row, then the message fails: one message must not hold up the others for
 * ever.
 */
const TRIES_MAX = 6;

/** Sends one conversation's outbox: in order, one in flight (SEND-6), each until its outcome is known (RETRY-1). */
export class Sender {
  readonly #options: SenderOptions;
  readonly #waiters = new Map<string, Waiter>();
  readonly #position: SendPosition;
  readonly #tries = new Map<string, number>();
  #pumping = false;
  /** The message that is on its way: only its reply says what became of it. */
  #inFlight: string | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#position = new SendPosition({ ...options, onRead: (message) => this.match(message) });
  }

  /**
   * Queues a message; resolves with it in the log. What cannot be sent fails at once, before anything else. A rejection
   * that nobody waits for is not an unhandled one: the message is in `messages`, as `failed`, and `failed` tells too.
   */
  send(draft: Draft | string): Promise<Message> {
    const { clock, conversationId, outbox, view } = this.#options;
    const { fields, error } = checkedDraft(draft);
    const now = clock.now();
    const id = this.#newId();
    const item: OutboxItem = {
      clientMessageId: id.value,
      conversationId,
      userId: this.#options.me() ?? '',
      order: outbox.nextOrder(),
      createdAt: new Date(now).toISOString(),
      fields,
      // Written down just now, so nothing that is in the log yet can be it.
      ...(view.verified && { after: view.knownHead }),
    };
    return this.#enqueue(item, error ?? id.error ?? this.#options.refusal());
  }

  /** Queues a failed message again, after all others. */
  retry(clientMessageId: string): Promise<Message> {
    const { outbox } = this.#options;
    const item = outbox.get(clientMessageId);
    const waiter = this.#waiters.get(clientMessageId);
    if (item && !item.failure && waiter) return waiter.promise;
    if (!item) {
      const message = 'unable to send the message again; it is not in the outbox';
      return quiet(Promise.reject(new ChatError({ code: 'message-not-found', message, retryable: false })));
    }
    const { failure, ...again } = item;
    // What is against the rules stays so; the fields that were not understood are not even here any more.
    const forGood = failure?.code === 'validation-failed' || failure?.code === 'too-large';
    const error = forGood ? new ChatError(failure) : this.#options.refusal();
    // Where the log was when it was written nobody knows any more, and another tab may have sent it.
    return this.#enqueue({ after: 0, ...again, order: outbox.nextOrder() }, error);
  }

  /** Drops a message; whoever waits for it gets `closed`. */
  discard(clientMessageId: string): void {
    this.#options.outbox.remove(clientMessageId);
    this.#reject(clientMessageId, ownError('closed'));
    this.#options.onChange();
  }

  /** The log holds this message: if it is one of the outbox's, it is out (SEND-5). */
  match(message: Message): void {
    const { outbox, me } = this.#options;
    // Another tab may have sent it: here it is waited for.
    const isAwaited = message.senderId === me() && this.#waiters.has(message.clientMessageId ?? '');
    if (isAwaited || outbox.match(message, me())) this.#settle(message);
  }

  /** The user has no access any more: fails at once what waits to be sent, as the server would. */
  refuse(error: ChatError): void {
    for (const item of this.#options.outbox.of(this.#options.conversationId))
      if (!item.failure && item.clientMessageId !== this.#inFlight) this.#fail(item, error);
  }

  /** The client was closed: nobody waits any longer. What is in the outbox stays there. */
  close(): void {
    for (const clientMessageId of [...this.#waiters.keys()]) this.#reject(clientMessageId, ownError('closed'));
  }

  /** Sends what there is to send. Called whenever that may have become possible; never runs twice at a time. */
  async pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        const item = this.#options.outbox.of(this.#options.conversationId).find(({ failure }) => !failure);
        const refusal = this.#options.refusal();
        if (item && refusal) {
          this.#fail(item, refusal);
          continue;
        }
        const link = item && this.#options.link();
        if (!item || !link) return;
        const waitMs = await this.#options.gate(() => this.#attempt(item, link));
        if (waitMs > 0) await this.#options.commands.pause(waitMs);
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** An application's `newId` may fail; the message is shown all the same, by an id that nobody else has. */
  #newId(): { value: string; error?: ChatError } {
    try {
      const value = this.#options.newId();
      if (CLIENT_ID.test(value)) return { value };
      throw new Error('newId gave no id');
    } catch (error) {
      return { value: randomId(), error: asChatError(error) };
    }
  }

  #enqueue(item: OutboxItem, error?: ChatError): Promise<Message> {
    if (error) {
      this.#fail(item, error);
      return quiet(Promise.reject(error));
    }
    const { clientMessageId } = item;
    let waiter!: Waiter;
    const promise = new Promise<Message>((resolve, reject) => {
      waiter = { resolve, reject } as Waiter;
    });
    this.#waiters.set(clientMessageId, { ...waiter, promise });
    void this.#options.outbox.put(item);
    this.#options.onChange();
    void this.pump();
    return quiet(promise);
  }

  /** One try; gives how long to wait before the next of any message, in milliseconds. Never rejects. */
  async #attempt(item: OutboxItem, link: Link): Promise<number> {
    const { commands, conversationId, outbox } = this.#options;
    const { clientMessageId, fields } = item;
    try {
      const after = await this.#position.after(item, link);
      if (after === undefined) return this.#giveUp(item);
      const { mentions, ...rest } = fields;
      const named = mentions && { mentions: [...mentions] };
      const command = { conversationId, clientMessageId, after, ...rest, ...named };
      this.#inFlight = clientMessageId;
      const { duplicate: _, ...message } = (await link.request('send-message', command)).data;
      this.#settle(message);
      return 0;
    } catch (thrown) {
      const error = asChatError(thrown);
      // Found in the log meanwhile, discarded, or refused with the others.
      const kept = outbox.get(clientMessageId);
      if (!kept || kept.failure) return 0;
      const tries = (this.#tries.get(clientMessageId) ?? 0) + 1;
      switch (error.code) {
        case 'disconnected':
        case 'timeout':
          return 0;
        case 'rate-limited':
          return commands.delayOf(error, tries);
        case 'token-expired':
          return await this.#options.tokens.refresh(link).then(
            () => 0,
            () => commands.delayOf(error, tries),
          );
        case 'behind':
          return await this.#position.search(item, link);
      }
      this.#tries.set(clientMessageId, tries);
      if (tries < TRIES_MAX && error.code === 'internal') return commands.delayOf(error, tries);
      if (tries < TRIES_MAX && error.code === 'not-joined' && this.#options.rejoin())
        return commands.delayOf(error, tries);
      // Another tab may have sent it before it was refused here.
      const current = await outbox.claim(item);
      if (!current || current.failure) return this.#giveUp(item);
      this.#fail(item, error);
      return 0;
    } finally {
      this.#inFlight = undefined;
    }
  }

  /** Another tab settled the item: it failed there, or was sent, which the log will tell, or discarded. */
  #giveUp({ clientMessageId }: OutboxItem): number {
    const current = this.#options.outbox.get(clientMessageId);
    // Where nobody waits for it, it was told before, or by the tab that wrote it.
    if (current?.failure && this.#waiters.has(clientMessageId)) this.#fail(current, new ChatError(current.failure));
    else this.#options.onChange();
    return 0;
  }

  #settle(message: Message): void {
    const clientMessageId = message.clientMessageId as string;
    this.#options.outbox.remove(clientMessageId);
    this.#tries.delete(clientMessageId);
    const waiter = this.#waiters.get(clientMessageId);
    this.#waiters.delete(clientMessageId);
    this.#options.onSent(message);
    waiter?.resolve(message);
  }

  #fail(item: OutboxItem, error: ChatError): void {
    const { code, details, message, retryable, retryAfterMs } = error;
    const more = { ...(retryAfterMs !== undefined && { retryAfterMs }), ...(details && { details: [...details] }) };
    const failure = { code, message, retryable, ...more };
    this.#tries.delete(item.clientMessageId);
    void this.#options.outbox.put({ ...(this.#options.outbox.get(item.clientMessageId) ?? item), failure });
    this.#options.onFailed(item.clientMessageId, error);
    this.#options.onChange();
    this.#reject(item.clientMessageId, error);
  }

  #reject(clientMessageId: string, error: ChatError): void {
    this.#waiters.get(clientMessageId)?.reject(error);
    this.#waiters.delete(clientMessageId);
  }
}
