import assert from 'node:assert/strict';
import { deliverFrames } from '../../shared/delivery/deliver-frames.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import type { Random, Stores } from '../../shared/domain/ports.ts';
import { logger } from '../../shared/platform/logger.ts';
import type { Action, CommandFields, ReplyData, ReplyingAction } from '../../shared/protocol/actions.ts';
import type { ErrorData } from '../../shared/protocol/errors.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { Actor, Deps } from '../../shared/usecases/deps.ts';
import { type ChatFunctions, createFunctions } from './chat-functions.ts';
import { ChatStreams, type Faults } from './chat-streams.ts';
import { FakeGateway } from './fake-gateway.ts';
import { FakeSocketApi, type Handshake, type HandshakeAnswer } from './fake-socket-api.ts';
import { checkReply } from './frame-checks.ts';
import { createMemoryStores, type MemoryOptions, type MemoryStores } from './memory-stores.ts';
import { checkStored } from './stored-check.ts';
import { HandClock, seededRandom } from './time.ts';

logger.setLogLevel('SILENT');

const HOUR_MS = 3_600_000;

/** One socket of a user. */
export interface Client {
  readonly userId: string;
  readonly connectionId: string;
  /** The token's `exp` as the handshake saw it (ms since the epoch). */
  readonly tokenExpiresAt: number;
}

export interface ChatOptions {
  readonly seed?: number;
  /** Instead of the seed's: numbers that a test has chosen. */
  readonly random?: Random;
  readonly memory?: MemoryOptions;
  readonly faults?: Faults;
  /** For tests that must notice a fault: makes stores that break one of their promises. */
  readonly broken?: (stores: MemoryStores) => Stores;
  /** Verifies tokens that the chat did not issue itself. */
  readonly verifyToken?: (token: string) => Promise<Identity | undefined>;
}

/** A handshake that was not accepted. */
class HandshakeRefused extends Error {
  readonly statusCode: number;

  constructor({ statusCode, cause }: HandshakeAnswer) {
    super(`the handshake was answered ${statusCode}`, { cause });
    this.statusCode = statusCode;
  }
}

/**
 * A whole chat in memory: the stack's own functions, between stores, a gateway, a bus and queues in memory. Handshakes
 * and frames go in as the gateway passes them on. Replies and pushes come out, and each is checked against the
 * protocol's schemas. What follows a commit happens when `pump` is called.
 */
export class Chat {
  readonly clock = new HandClock();
  readonly gateway = new FakeGateway();
  readonly reports: { readonly stage: string; readonly error: unknown; readonly count: number }[] = [];
  readonly stores;
  readonly streams: ChatStreams;
  readonly deps: Deps;
  /** The stack's functions, for tests that pass them an event of their own. */
  readonly functions: ChatFunctions;
  readonly #api: FakeSocketApi;
  readonly #tokens = new Map<string, Identity>();
  #ids = 0;

  constructor(options: ChatOptions = {}) {
    const { seed = 1, random = seededRandom(seed), memory = {}, faults = {}, broken = (stores) => stores } = options;
    const { clock, gateway } = this;
    this.stores = createMemoryStores({
      ...memory,
      onChange: (change) => {
        checkStored(change);
        this.streams.commit(change);
        memory.onChange?.(change);
      },
    });
    const stores = broken(this.stores);
    const { connections } = stores;
    const report = (stage: string, error: unknown, count = 1) => void this.reports.push({ stage, error, count });
    const posting = { gateway, connections, clock, random, report };
    this.deps = {
      ...{ stores, gateway, clock, random, report },
      verifyToken: async (token) => this.#issuedTo(token) ?? options.verifyToken?.(token),
      deliver: (deliveries) => deliverFrames(posting, deliveries),
      newId: () => `${this.#newId('').padStart(8, '0')}-0000`,
    };
    this.streams = new ChatStreams({ clock, random, faults, functions: () => this.functions });
    const { bus, presenceQueue, undeliveredQueue } = this.streams;
    const queues = { presenceQueue: presenceQueue.send, undeliveredQueue: undeliveredQueue.send };
    const { publish } = bus;
    this.functions = createFunctions({ deps: this.deps, publish, ...queues, report, allowQueryToken: false });
    this.#api = new FakeSocketApi(this.functions);
  }

  /** A user's next frame, as the gateway would name it. */
  actor({ userId, connectionId, tokenExpiresAt }: Client): Actor {
    return { userId, connectionId, tokenExpiresAt, requestId: this.#newId('frame=') };
  }

  /** Opens a socket with a valid token. Throws `HandshakeRefused`. */
  async connect(userId: string, lifeMs = HOUR_MS): Promise<Client> {
    const tokenExpiresAt = this.clock.now() + lifeMs;
    const token = this.issueToken(userId, tokenExpiresAt);
    const protocols = `${PROTOCOL_VERSION}, bearer.${token}`;
    const { connectionId, ...answer } = await this.handshake({ headers: { 'Sec-WebSocket-Protocol': protocols } });
    if (answer.statusCode !== 200) throw new HandshakeRefused(answer);
    assert.equal(answer.protocol, PROTOCOL_VERSION);
    return { userId, connectionId, tokenExpiresAt };
  }

  /** A token that is valid until then (ms since the epoch). */
  issueToken(userId: string, tokenExpiresAt: number): string {
    const token = `token.${this.#tokens.size}`;
    this.#tokens.set(token, { userId, tokenExpiresAt });
    return token;
  }

  /** Tries to open a socket, and gives what the handshake is answered. */
  async handshake(handshake: Handshake): Promise<HandshakeAnswer & { readonly connectionId: string }> {
    const connectionId = this.#newId('socket=');
    const answer = await this.#api.connect(connectionId, this.#newId('frame='), handshake);
    if (answer.statusCode === 200) this.gateway.open.add(connectionId);
    return { ...answer, connectionId };
  }

  /** Ends the socket, and the gateway reports it. If it ends `silently`, only a later post finds out. */
  async disconnect({ connectionId }: Client, how: 'told' | 'silently' = 'told'): Promise<void> {
    this.gateway.open.delete(connectionId);
    if (how === 'told') await this.#api.disconnect(connectionId, this.#newId('frame='));
  }

  /** Sends a text as a frame. The action in it picks the route, as in the gateway. Gives the reply, if there is one. */
  async raw({ connectionId }: Client, body: string): Promise<ReplyFrame | undefined> {
    const { text, action } = await this.#api.frame(connectionId, this.#newId('frame='), body);
    return text === undefined ? undefined : checkReply(action, text);
  }

  /** Sends a command and gives its reply, even if that is an error. */
  async command<A extends Action>(
    client: Client,
    action: A,
    fields: CommandFields<A>,
  ): Promise<ReplyFrame | undefined> {
    const requestId = this.#newId('r');
    const reply = await this.raw(client, JSON.stringify({ action, requestId, ...fields }));
    if (reply) assert.equal(reply.requestId, requestId);
    return reply;
  }

  /** Sends a command that must succeed, and gives its reply's data. */
  async ask<A extends ReplyingAction>(client: Client, action: A, fields: CommandFields<A>): Promise<ReplyData<A>> {
    const reply = await this.command(client, action, fields);
    const refused = !reply || reply.event === 'error' || reply.event === 'message-error';
    assert.ok(!refused, `${action} was refused: ${JSON.stringify(reply?.data)}`);
    return reply.data as ReplyData<A>;
  }

  /** Sends a command that must be refused, and gives the error. */
  async refusal<A extends Action>(client: Client, action: A, fields: CommandFields<A>): Promise<ErrorData> {
    const reply = await this.command(client, action, fields);
    assert.match(
      String(reply?.event),
      /^(message-)?error$/,
      `${action} was not refused: ${JSON.stringify(reply?.data)}`,
    );
    return reply?.data as ErrorData;
  }

  /** Delivers what is under way. With `quiet` also what waits for a later time, until nothing more follows. */
  async pump(until: 'now' | 'quiet' = 'now'): Promise<void> {
    await (until === 'now' ? this.streams.pump() : this.streams.pumpUntilQuiet());
  }

  #issuedTo(token: string): Identity | undefined {
    const identity = this.#tokens.get(token);
    return identity && identity.tokenExpiresAt > this.clock.now() ? identity : undefined;
  }

  #newId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${this.#ids}`;
  }
}
