import assert from 'node:assert/strict';
import {
  type Action,
  type CommandFields,
  isAction,
  type ReplyData,
  type ReplyingAction,
} from '../../shared/protocol/actions.ts';
import type { ErrorData } from '../../shared/protocol/errors.ts';
import { checkPush, checkReply } from './frame-checks.ts';
import { LogCopy } from './log-copy.ts';
import type { Frame, Predicate, SocketClient } from './socket-client.ts';

/** A user's socket on the deployed stack. */
export class DeployedClient {
  readonly userId: string;
  readonly socket: SocketClient;
  readonly #actions = new Map<string, unknown>();

  constructor(userId: string, socket: SocketClient) {
    this.userId = userId;
    this.socket = socket;
  }

  /** Sends a command and gives its reply, even if that is an error. */
  async command<A extends Action>(action: A, fields: CommandFields<A>): Promise<Frame> {
    const requestId = `${action}.${this.#actions.size + 1}`;
    this.#actions.set(requestId, action);
    return this.socket.request({ action, requestId, ...fields });
  }

  /** Sends a command that must succeed, and gives its reply's data. */
  async ask<A extends ReplyingAction>(action: A, fields: CommandFields<A>): Promise<ReplyData<A>> {
    const { event, data } = await this.command(action, fields);
    assert.ok(event !== 'error' && event !== 'message-error', `${action} was refused: ${JSON.stringify(data)}`);
    return data as ReplyData<A>;
  }

  /** Sends a command that must append an entry, and gives the entry's data. */
  async append<A extends ReplyingAction>(
    action: A,
    fields: CommandFields<A>,
  ): Promise<Exclude<ReplyData<A>, { readonly unchanged: true }>> {
    const data = await this.ask(action, fields);
    assert.ok('seq' in data, `${action} appended nothing: ${JSON.stringify(data)}`);
    return data as Exclude<ReplyData<A>, { readonly unchanged: true }>;
  }

  /** Sends a command that must be refused, and gives the error. */
  async refusal<A extends Action>(action: A, fields: CommandFields<A>): Promise<ErrorData> {
    const { event, data } = await this.command(action, fields);
    assert.match(String(event), /^(message-)?error$/, `${action} was not refused: ${JSON.stringify(data)}`);
    return data as ErrorData;
  }

  /** Sends any text, or an object as JSON, and gives the next error, which answers it. */
  async provoke(frame: object | string): Promise<Frame> {
    this.socket.send(frame);
    return this.socket.next(({ event }) => event === 'error' || event === 'message-error');
  }

  /** Sends a message. */
  say(conversationId: string, content: string): Promise<ReplyData<'send-message'>> {
    return this.ask('send-message', { conversationId, content });
  }

  /** Waits for a frame with this event, or one that passes the test. */
  next(predicate: Predicate): Promise<Frame> {
    return this.socket.next(predicate);
  }

  /** Waits for a message with this text. */
  hears(content: string): Promise<Frame> {
    return this.next(({ event, data }) => event === 'receive-message' && data.content === content);
  }

  /** Waits, frame by frame, until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.next(() => true);
  }

  /** The copy of a log that results from everything received so far. */
  copyOf(conversationId: string): LogCopy {
    const copy = new LogCopy(conversationId, this.userId);
    for (const frame of this.socket.frames) copy.receive(frame);
    return copy;
  }

  /** Waits until pushes and replies alone have brought the log up to a seq without a gap. Gives the copy. */
  async holds(conversationId: string, head: number): Promise<LogCopy> {
    await this.until(() => this.copyOf(conversationId).position >= head);
    return this.copyOf(conversationId);
  }

  /** The pushes so far with this event. */
  pushed(...events: readonly string[]): Frame[] {
    return this.socket.frames.filter(({ event = '', requestId }) => requestId === undefined && events.includes(event));
  }

  /** Checks everything received against the protocol's schemas, and that a command got at most one reply (ENV-4). */
  check(): void {
    const answered = new Set<string>();
    for (const text of this.socket.texts) {
      const { event, requestId } = JSON.parse(text) as Frame;
      // An error of the gateway's own (ENV-3).
      if (event === undefined) continue;
      if (requestId === undefined && event !== 'error' && event !== 'message-error') {
        checkPush(text);
        continue;
      }
      const action = this.#actions.get(requestId ?? '') ?? (event === 'message-error' ? 'send-message' : undefined);
      if (isAction(action) || event !== 'pong') checkReply(action, text);
      if (requestId === undefined) continue;
      assert.ok(!answered.has(requestId), `two replies to ${requestId} (ENV-4)`);
      answered.add(requestId);
    }
  }
}
