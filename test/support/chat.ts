import assert from 'node:assert/strict';
import { defaultCommands } from '../../functions/commands.ts';
import { type CommandRoute, handleFrame } from '../../functions/middleware/command-handler.ts';
import { deliverFrames } from '../../shared/delivery/deliver-frames.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import type { Stores } from '../../shared/domain/ports.ts';
import { logger } from '../../shared/platform/logger.ts';
import type { Action, CommandFields, ReplyData, ReplyingAction, RoutedAction } from '../../shared/protocol/actions.ts';
import type { ErrorData } from '../../shared/protocol/errors.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { openConnection } from '../../shared/usecases/connections/open-connection.ts';
import type { Actor, Deps } from '../../shared/usecases/deps.ts';
import { unsubscribeUser } from '../../shared/usecases/members/unsubscribe-user.ts';
import { sendMessage } from '../../shared/usecases/messages/send-message.ts';
import { join } from '../../shared/usecases/rooms/join.ts';
import { leave } from '../../shared/usecases/rooms/leave.ts';
import { showTyping } from '../../shared/usecases/typing/show-typing.ts';
import { ChatStreams, type Faults } from './chat-streams.ts';
import { FakeGateway } from './fake-gateway.ts';
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
  readonly memory?: MemoryOptions;
  readonly faults?: Faults;
  /** For tests that must notice a fault: makes stores that break one of their promises. */
  readonly broken?: (stores: MemoryStores) => Stores;
  readonly verifyToken?: (token: string) => Promise<Identity | undefined>;
}

const routedUseCases = { 'send-message': sendMessage, join, leave, typing: showTyping };

/**
 * A whole chat in memory. Frames go in as the gateway passes them to a route's function. Replies and pushes come out,
 * and each is checked against the protocol's schemas. What follows a commit happens when `pump` is called.
 */
export class Chat {
  readonly clock = new HandClock();
  readonly gateway = new FakeGateway();
  readonly reports: { readonly stage: string; readonly error: unknown; readonly count: number }[] = [];
  readonly stores;
  readonly streams: ChatStreams;
  readonly deps: Deps;
  #ids = 0;

  constructor(options: ChatOptions = {}) {
    const {
      seed = 1,
      memory = {},
      faults = {},
      broken = (stores) => stores,
      verifyToken = async () => undefined,
    } = options;
    const { clock, gateway } = this;
    const random = seededRandom(seed);
    this.stores = createMemoryStores({
      ...memory,
      onChange: (change) => {
        checkStored(change);
        this.streams.changes.push(change);
        memory.onChange?.(change);
      },
    });
    const stores = broken(this.stores);
    const { connections } = stores;
    const report = (stage: string, error: unknown, count = 1) => void this.reports.push({ stage, error, count });
    const posting = { gateway, connections, clock, random, report };
    const unsubscribe = (conversationId: string, userId: string) =>
      unsubscribeUser({ stores, clock, random }, conversationId, userId);
    this.streams = new ChatStreams({ ...posting, stores, unsubscribe }, faults);
    this.deps = {
      ...{ stores, gateway, clock, random, verifyToken },
      deliver: (frames) => deliverFrames(posting, frames),
      newId: () => `${this.#newId('').padStart(8, '0')}-0000`,
    };
  }

  /** A user's next frame, as the gateway would name it. */
  actor({ userId, connectionId, tokenExpiresAt }: Client): Actor {
    return { userId, connectionId, tokenExpiresAt, requestId: this.#newId('frame=') };
  }

  /** Opens a socket, as a handshake with a valid token does. */
  async connect(userId: string, lifeMs = HOUR_MS): Promise<Client> {
    const client = { userId, connectionId: this.#newId('socket='), tokenExpiresAt: this.clock.now() + lifeMs };
    this.gateway.open.add(client.connectionId);
    await openConnection(this.deps, this.actor(client));
    return client;
  }

  /** Ends the socket, and the gateway reports it. If it ends `silently`, only a later post finds out. */
  async disconnect({ connectionId }: Client, how: 'told' | 'silently' = 'told'): Promise<void> {
    this.gateway.open.delete(connectionId);
    if (how === 'told') await this.stores.connections.forget(connectionId);
  }

  /** Sends a text as a frame. The action in it picks the route, as in the gateway. Gives the reply, if there is one. */
  async raw(client: Client, body: string, route?: RoutedAction | '$default'): Promise<ReplyFrame | undefined> {
    const action = actionOf(body);
    const routed = route ?? (Object.hasOwn(routedUseCases, String(action)) ? (action as RoutedAction) : '$default');
    const { requestId, ...identity } = this.actor(client);
    const requestContext = {
      ...{ eventType: 'MESSAGE', connectionId: client.connectionId, requestId },
      authorizer: { userId: identity.userId, tokenExpiresAt: String(identity.tokenExpiresAt) },
    };
    const carrier = this.#route(routed);
    const result = await handleFrame(carrier, { requestContext, body });
    assert.equal(result.statusCode, 200);
    const known = Object.hasOwn(carrier.useCases, String(action)) ? action : undefined;
    return result.body === undefined ? undefined : checkReply(known, result.body);
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
    await this.streams.pump();
    for (let due = this.streams.lastDue(); until === 'quiet' && due !== undefined; due = this.streams.lastDue()) {
      this.clock.advance(Math.max(0, due - this.clock.now()));
      await this.streams.pump();
    }
  }

  /** Makes a handler as the functions of the routes do. */
  #route(route: RoutedAction | '$default'): CommandRoute<Action> {
    const useCases = route === '$default' ? defaultCommands : { [route]: routedUseCases[route] };
    const charge = route === '$default' ? 'each' : 'refused';
    return { deps: this.deps, useCases: useCases as CommandRoute<Action>['useCases'], charge };
  }

  #newId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${this.#ids}`;
  }
}

function actionOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { action?: unknown } | null)?.action;
  } catch {
    return undefined;
  }
}
