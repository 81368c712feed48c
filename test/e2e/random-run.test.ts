import { describe, expect } from 'vitest';
import type { Action, CommandFields } from '../../shared/protocol/actions.ts';
import { type DeployedChat, type DeployedClient, test } from '../support/deployed-chat.ts';
import { LogCopy } from '../support/log-copy.ts';
import type { Frame } from '../support/socket-client.ts';
import { seededRandom } from '../support/time.ts';

const SEED = Number(process.env.PARLEY_SEED ?? Math.floor(Math.random() * 1e9));
const STEPS = 30;
const EMOJIS = ['👍', '🎉', '😀'];
/** The codes that a command may be refused with because others act at the same time. */
const FAIR = ['conflict', 'rate-limited', 'message-not-found', 'forbidden'];

/** A user who acts at random, loses the socket now and then, and keeps a copy of the log as the protocol says. */
class Wanderer {
  readonly copy: LogCopy;
  client: DeployedClient;
  #seen = 0;
  readonly #chat: DeployedChat;
  readonly #name: string;
  readonly #conversationId: string;
  readonly #random: () => number;

  constructor(chat: DeployedChat, name: string, client: DeployedClient, conversationId: string, seed: number) {
    this.#chat = chat;
    this.#name = name;
    this.client = client;
    this.#conversationId = conversationId;
    this.#random = seededRandom(seed);
    this.copy = new LogCopy(conversationId, client.userId);
  }

  async wander(): Promise<void> {
    for (let step = 0; step < STEPS; step += 1) await this.#step(step);
  }

  /** Takes in the frames received since the last call. */
  absorb(): void {
    const { frames } = this.client.socket;
    for (; this.#seen < frames.length; this.#seen += 1) this.copy.receive(frames[this.#seen] as Frame);
  }

  /** Joins with the copy's position, and fetches the rest (JOIN-1, LOG-3). */
  async resume(): Promise<void> {
    this.absorb();
    let { hasMore } = await this.client.ask('join', {
      conversationId: this.#conversationId,
      after: this.copy.position,
    });
    for (this.absorb(); hasMore; this.absorb()) {
      ({ hasMore } = await this.client.ask('history', {
        conversationId: this.#conversationId,
        after: this.copy.position,
      }));
    }
  }

  /** Waits until pushes alone bring the copy to `head`, because a user in the room must get every entry. */
  hold(head: number): Promise<void> {
    return this.client.until(() => {
      this.absorb();
      return this.copy.position >= head;
    });
  }

  /** The log's messages as a user without a copy reads them. */
  async freshHistory() {
    const messages: unknown[] = [];
    for (let after = 0; ; ) {
      const range = { conversationId: this.#conversationId, after, limit: 100 };
      const { entries, hasMore, head } = await this.client.ask('history', range);
      messages.push(...entries.flatMap(({ event, data }) => (event === 'receive-message' ? [data] : [])));
      if (!hasMore) return { head, messages };
      after = entries.at(-1)?.data.seq as number;
    }
  }

  async #step(step: number): Promise<void> {
    const { copy } = this;
    const seq = this.#pick(copy.messages())?.seq ?? 1;
    const emoji = this.#pick(EMOJIS) ?? '👍';
    const conversationId = this.#conversationId;
    const dice = this.#random();
    if (dice < 0.07) {
      await this.client.socket.kill();
      this.absorb();
      this.client = await this.#chat.connect(this.#name);
      this.#seen = 0;
      await this.resume();
    } else if (dice < 0.12) {
      await this.client.ask('leave', { conversationId });
      await this.resume();
    } else if (dice < 0.45) {
      const clientMessageId = `${this.#name}-${step}`;
      const message = { conversationId, content: `${this.#name} ${step}`, clientMessageId, after: copy.position };
      await this.#try('send-message', message);
      if (dice < 0.2) await this.#try('send-message', message);
    } else if (dice < 0.6) await this.#try('edit-message', { conversationId, seq, content: `edit ${step}` });
    else if (dice < 0.66) await this.#try('delete-message', { conversationId, seq });
    else if (dice < 0.86) await this.#try('add-reaction', { conversationId, seq, emoji });
    else if (dice < 0.95) await this.#try('remove-reaction', { conversationId, seq, emoji });
    else await this.#try('mark', { conversationId, readSeq: copy.position });
    this.absorb();
  }

  async #try<A extends Action>(action: A, fields: CommandFields<A>): Promise<void> {
    const { event, data } = await this.client.command(action, fields);
    if (event === 'error' || event === 'message-error') expect(FAIR, `${action}: ${data.message}`).toContain(data.code);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }
}

describe('a random run', () => {
  test(`LOG-2: every user’s copy ends equal to a fresh history (PARLEY_SEED=${SEED})`, async ({ chat }) => {
    const names = ['ann', 'ben', 'cleo', 'dora'] as const;
    const clients = await chat.connectAll(...names);
    const conversationId = await chat.channel(...clients);
    const users = names.map(
      (name, index) => new Wanderer(chat, name, clients[index] as DeployedClient, conversationId, SEED + index),
    );

    await Promise.all(users.map((user) => user.wander()));

    for (const user of users) {
      const fresh = await user.freshHistory();
      await user.hold(fresh.head);
      expect(user.copy.applied).toEqual(Array.from({ length: fresh.head }, (_, index) => index + 1));
      expect(user.copy.messages()).toEqual(fresh.messages);
    }
  });
});
