import { randomUUID } from 'node:crypto';
import { test as base } from 'vitest';
import type { Conversation } from '../../shared/protocol/shapes.ts';
import { DeployedClient } from './deployed-client.ts';
import { deployedStack } from './deployed-stack.ts';
import { DeployedStores } from './deployed-stores.ts';
import { type ConnectOptions, connect } from './socket-client.ts';
import { tokenFor } from './tokens.ts';

export type { DeployedClient };

type Handshake = Omit<ConnectOptions, 'url'> & { readonly lifetimeSeconds?: number };

/**
 * The deployed stack, as one test uses it, with users and conversations that no other test knows. When the test ends,
 * every frame received is checked and every socket is closed.
 */
export class DeployedChat {
  readonly stack = deployedStack();
  readonly #suffix = randomUUID().slice(0, 8);
  readonly #clients: DeployedClient[] = [];
  #stores: DeployedStores | undefined;

  /** What is stored, as the owner of the tables sees it. */
  get stores(): DeployedStores {
    this.#stores ??= new DeployedStores(this.stack);
    return this.#stores;
  }

  /** An id for a user or a conversation that belongs to this test alone. */
  id(name: string): string {
    return `${name}-${this.#suffix}`;
  }

  /** A token for one of this test's users. */
  token(name: string, lifetimeSeconds?: number): Promise<string> {
    return tokenFor(this.stack.issuer, this.id(name), lifetimeSeconds);
  }

  /** Opens a socket as one of this test's users. */
  async connect(name: string, { lifetimeSeconds, ...handshake }: Handshake = {}): Promise<DeployedClient> {
    const token = handshake.token ?? (await this.token(name, lifetimeSeconds));
    const socket = await connect({ url: this.stack.webSocketUrl, ...handshake, token });
    const client = new DeployedClient(this.id(name), socket);
    this.#clients.push(client);
    return client;
  }

  /** Opens a socket for each of these users. */
  async connectAll<N extends readonly string[]>(...names: N): Promise<{ [K in keyof N]: DeployedClient }> {
    return (await Promise.all(names.map((name) => this.connect(name)))) as { [K in keyof N]: DeployedClient };
  }

  /** Creates a channel as the first client, and joins all of them. Gives its id. */
  async channel(owner: DeployedClient, ...others: readonly DeployedClient[]): Promise<string> {
    const conversationId = `room-${randomUUID().slice(0, 8)}`;
    await owner.ask('create-conversation', { kind: 'channel', conversationId });
    for (const client of [owner, ...others]) await client.ask('join', { conversationId });
    return conversationId;
  }

  /** Creates a group as the first client, with the others as members. Nobody has joined it yet. */
  group(owner: DeployedClient, ...others: readonly DeployedClient[]): Promise<Conversation> {
    return owner.ask('create-conversation', { kind: 'group', members: others.map(({ userId }) => userId) });
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map(({ socket }) => socket.kill()));
    this.#stores?.close();
    for (const client of this.#clients) client.check();
  }
}

/** Declares a test that uses the deployed stack. */
export const test = base.extend<{ chat: DeployedChat }>({
  chat: async ({ task: _ }, use) => {
    const chat = new DeployedChat();
    await use(chat);
    await chat.close();
  },
});
