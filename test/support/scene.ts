import assert from 'node:assert/strict';
import type { Action, CommandFields, ReplyData } from '../../shared/protocol/actions.ts';
import { type Message, message } from '../../shared/protocol/entries.ts';
import type { ErrorData } from '../../shared/protocol/errors.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { Chat, type ChatOptions, type Client } from './chat.ts';
import { quietDown } from './groups.ts';

type SendFields = Partial<CommandFields<'send-message'>>;
type Sent = ReplyData<'send-message'>;

/** A chat with Ann, Bob and Cid, each on one socket, in which a sentence of the protocol is played. */
export class Scene {
  readonly chat: Chat;
  readonly ann: Client;
  readonly bob: Client;
  readonly cid: Client;
  #groups = 0;

  private constructor(chat: Chat, [ann, bob, cid]: readonly [Client, Client, Client]) {
    this.chat = chat;
    this.ann = ann;
    this.bob = bob;
    this.cid = cid;
  }

  static async open(options?: ChatOptions): Promise<Scene> {
    const chat = new Chat(options);
    return new Scene(chat, [await chat.connect('ann'), await chat.connect('bob'), await chat.connect('cid')]);
  }

  /** A group that Ann owns. All members have joined it, and what that led to has been heard. */
  async group(...others: readonly Client[]): Promise<string> {
    const { chat, ann } = this;
    this.#groups += 1;
    const members = [...new Set(others.map(({ userId }) => userId))].filter((userId) => userId !== ann.userId);
    const fields = { kind: 'group', members, clientRequestId: `group-${this.#groups}` } as const;
    return this.#joined((await chat.ask(ann, 'create-conversation', fields)).conversationId, others);
  }

  /** A channel that Ann owns, as `group`. */
  async channel(...others: readonly Client[]): Promise<string> {
    const fields = { kind: 'channel', conversationId: 'lobby', name: 'Lobby' } as const;
    return this.#joined((await this.chat.ask(this.ann, 'create-conversation', fields)).conversationId, others);
  }

  /** The direct conversation of Ann and Bob, as `group`. */
  async direct(): Promise<string> {
    const { chat, ann, bob } = this;
    const { conversationId } = await chat.ask(ann, 'create-conversation', { kind: 'direct', members: ['bob'] });
    return this.#joined(conversationId, [bob]);
  }

  /** Sends a message that must be taken. */
  async say(client: Client, conversationId: string, fields: SendFields = {}): Promise<Sent> {
    const content = 'forward' in fields ? {} : { content: 'hello' };
    return this.chat.ask(client, 'send-message', { conversationId, ...content, ...fields });
  }

  /** The error's code, or `undefined` if the command succeeds. */
  async code<A extends Action>(client: Client, action: A, fields: CommandFields<A>): Promise<string | undefined> {
    return codeOf(await this.chat.command(client, action, fields));
  }

  /** The same for a frame of any kind. Without an answer it is `silence`. */
  async codeOfFrame(client: Client, frame: object | string): Promise<string | undefined> {
    const reply = await this.chat.raw(client, typeof frame === 'string' ? frame : JSON.stringify(frame));
    return reply ? codeOf(reply) : 'silence';
  }

  /** The pushes that came to a connection since it was asked last, after all is delivered. */
  async heard(client: Client): Promise<ReplyFrame[]> {
    await this.chat.pump('quiet');
    return this.chat.gateway.take(client.connectionId);
  }

  /** The events of what `heard` gives. */
  async events(client: Client): Promise<string[]> {
    return (await this.heard(client)).map(({ event }) => event);
  }

  /** What a fresh page shows of a log. */
  async page(client: Client, conversationId: string, fields: Partial<CommandFields<'history'>> = {}) {
    const { chat } = this;
    return chat.ask(client, 'history', { conversationId, ...fields });
  }

  /** The message at a seq as it is now. */
  async message(conversationId: string, seq: number): Promise<Message> {
    const { entries } = await this.page(this.ann, conversationId, { after: seq - 1, limit: 1 });
    const entry = entries[0];
    assert.ok(entry?.event === 'receive-message', `no message at ${seq}`);
    return message.parse(entry.data);
  }

  /** Until all buckets are full again, and all inboxes empty. */
  async rest(): Promise<void> {
    await quietDown(this.chat);
  }

  async #joined(conversationId: string, others: readonly Client[]): Promise<string> {
    for (const client of [this.ann, ...others]) await this.chat.ask(client, 'join', { conversationId });
    await this.rest();
    return conversationId;
  }
}

function codeOf(reply: ReplyFrame | undefined): string | undefined {
  return reply && /error$/.test(reply.event) ? (reply.data as ErrorData).code : undefined;
}
