import assert from 'node:assert/strict';
import type { EntryFrame } from '../../shared/protocol/entries.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import type { Chat, Client } from './chat.ts';
import { ReferenceLog } from './reference-log.ts';

/** A user's only device: a connection, and a copy of each conversation that it joined. */
export class Device {
  readonly userId: string;
  readonly copies = new Map<string, ReferenceLog>();
  readonly #chat: Chat;
  #client: Client;

  private constructor(chat: Chat, client: Client) {
    this.#chat = chat;
    this.#client = client;
    this.userId = client.userId;
  }

  static async open(chat: Chat, userId: string): Promise<Device> {
    return new Device(chat, await chat.connect(userId));
  }

  get client(): Client {
    return this.#client;
  }

  /** Takes in what was pushed. From a room that was not joined only news about this user may come (MEMB-1, MEMB-3). */
  takeIn(): void {
    for (const frame of this.#chat.gateway.take(this.#client.connectionId)) this.#takeIn(frame);
  }

  /** Takes in the reply to a command of this device, as LOG-3 says. */
  takeReply({ event, data }: ReplyFrame): void {
    const { conversationId, seq } = data as { conversationId: string; seq?: number };
    if (seq === undefined) return;
    const frame = { event: event === 'message-sent' ? 'receive-message' : event, data } as EntryFrame;
    this.copies.get(conversationId)?.receive(frame);
    this.#endIfGone(frame, conversationId);
  }

  /** Joins, from the copy's position if there is one, and reads to the end. Gives the reply if it was refused. */
  async join(conversationId: string): Promise<ReplyFrame | undefined> {
    const copy = this.copies.get(conversationId);
    const after = copy && { after: copy.position };
    const reply = await this.#chat.command(this.#client, 'join', { conversationId, ...after });
    assert.ok(reply);
    if (reply.event === 'error') return reply;
    const page = reply.data as { entries: EntryFrame[]; head: number };
    const joined = copy ?? new ReferenceLog(this.userId);
    if (!copy) joined.restart(page.entries, page.head);
    this.copies.set(conversationId, joined);
    for (const entry of page.entries) joined.receive(entry);
    await this.catchUp(conversationId, page.head);
    return undefined;
  }

  async leave(conversationId: string): Promise<void> {
    await this.#chat.ask(this.#client, 'leave', { conversationId });
    this.copies.delete(conversationId);
  }

  /** Loses the socket, opens another one, and rejoins what was joined. */
  async reconnect(how: 'told' | 'silently'): Promise<void> {
    await this.#chat.disconnect(this.#client, how);
    this.#client = await this.#chat.connect(this.userId);
    for (const conversationId of [...this.copies.keys()]) {
      if (await this.join(conversationId)) this.copies.delete(conversationId);
    }
  }

  /** Asks which copies are behind (CONN-4), and reads what they miss. */
  async resume(): Promise<void> {
    const positions = [...this.copies].map(([conversationId, { position: seq }]) => ({ conversationId, seq }));
    const { behind } = await this.#chat.ask(this.#client, 'ping', { positions });
    for (const { conversationId, head } of behind) await this.catchUp(conversationId, head);
  }

  async catchUp(conversationId: string, head: number): Promise<void> {
    const copy = this.copies.get(conversationId);
    while (copy && copy.position < head) {
      const page = await this.#chat.ask(this.#client, 'history', { conversationId, after: copy.position });
      assert.ok(page.entries.length > 0, 'a page that has more has at least one');
      for (const entry of page.entries) copy.receive(entry as EntryFrame);
    }
  }

  #takeIn(frame: ReplyFrame): void {
    const { conversationId = '', seq } = frame.data as { conversationId?: string; seq?: number };
    if (seq === undefined) return;
    const entry = frame as unknown as EntryFrame;
    const copy = this.copies.get(conversationId);
    // A removal that comes late, after the user was added again, was already read in the log (LOG-5).
    if (copy && seq <= copy.position) return;
    if (copy) copy.receive(entry);
    else assert.equal((entry.data as { userId?: string }).userId, this.userId, `${frame.event} of a room not joined`);
    this.#endIfGone(entry, conversationId);
  }

  /** A user who was removed has no copy any more. */
  #endIfGone({ event, data }: EntryFrame, conversationId: string): void {
    const gone = event === 'member-left' || (event === 'member-updated' && data.banned === true);
    if (gone && data.userId === this.userId) this.copies.delete(conversationId);
  }
}
