import type { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ChatCode } from './code.ts';
import { Alarms } from './constructs/alarms.ts';
import { ChatBus } from './constructs/chat-bus.ts';
import { ChatTable } from './constructs/chat-table.ts';
import { ConnectionsTable } from './constructs/connections-table.ts';
import { Delivery } from './constructs/delivery.ts';
import { EntryListener } from './constructs/entry-listener.ts';
import { OperationsDashboard } from './constructs/operations-dashboard.ts';
import { Presence } from './constructs/presence.ts';
import { SocketApi } from './constructs/socket-api.ts';
import { SocketFunctions } from './constructs/socket-functions.ts';
import { type GivenIssuer, TokenIssuers } from './constructs/token-issuers.ts';
import { WebApp } from './constructs/web-app.ts';
import { adaptToEmulator, type EmulatorProps } from './local-differences.ts';
import { packagedCode } from './packaged-code.ts';

/** How a chat can differ from the default one. */
export interface ChatProps {
  /** The OpenID Connect issuer whose tokens are accepted. Default: none, and the chat creates a Cognito user pool. */
  readonly issuer?: GivenIssuer;
  /** Whether the chat creates a Cognito user pool, alone or beside the issuer. Default: if no issuer is given. */
  readonly userPool?: boolean;
  /** Whether to deploy the web app too, on S3 and CloudFront. Its users sign in with the user pool. Default: false. */
  readonly web?: boolean;
  /** Whether a token may come as `?token=`. URLs end up in logs: use it only where that is harmless. Default: false. */
  readonly allowQueryToken?: boolean;
  /** Whether tables and users are deleted together with the stack. Default: false, they stay. */
  readonly removeData?: boolean;
  /**
   * Whether to set the role with which API Gateway writes logs. An account has one per region: this replaces it. If
   * there is none, the deployment fails. Default: true.
   */
  readonly accountLogRole?: boolean;
  /** Hears of every alarm that goes off. Default: alarms only show in the console. */
  readonly alarmTopic?: ITopic;
  /**
   * The emulator that the stack is deployed to; the stack then needs `new CliCredentialsStackSynthesizer()` too.
   * Default: AWS.
   */
  readonly emulator?: EmulatorProps;
  /** The code of the functions and the web app. Default: what the package brings along. */
  readonly code?: ChatCode;
}

/**
 * A whole chat: two tables, the socket API, delivery from one to the other, and alarms for what needs a person.
 *
 * ```ts
 * const chat = new Chat(this, 'Chat');
 * new CfnOutput(this, 'ChatUrl', { value: chat.socketUrl });
 * ```
 */
export class Chat extends Construct {
  /** What clients connect to: `wss://…`. */
  readonly socketUrl: string;
  /** Where frames are posted to connections: `https://…`. */
  readonly managementUrl: string;
  /** The id of the WebSocket API. */
  readonly apiId: string;
  /** The user pool, if the chat made one: create users there. A user's id in the chat is the token's `sub`. */
  readonly userPool?: UserPool;
  /** The user pool's client, through which browsers and command lines sign in. */
  readonly userPoolClient?: UserPoolClient;
  /** Where the web app is, if it is deployed. */
  readonly webAppUrl?: string;
  /** Carries every entry of every conversation; see `onEntries`. */
  readonly bus: IEventBus;
  /** Conversations, members and logs. */
  readonly chatTable: ITableV2;
  /** Connections, subscriptions and presence: who is there now. */
  readonly connectionsTable: ITableV2;
  /** Names the log positions whose delivery was given up; `npm run redrive` delivers them again. */
  readonly undeliveredQueue: IQueue;
  /** Names the parts of the chat table's stream that were given up; `npm run redrive` reads them within a day. */
  readonly publishFailuresQueue: IQueue;
  /** Delays second looks at presence. */
  readonly presenceQueue: IQueue;
  /** Posts frames to the connections of a room. */
  readonly broadcast: IFunction;

  readonly #bus: ChatBus;
  readonly #chatTable: ChatTable;
  readonly #alarms: Alarms;
  readonly #emulator: EmulatorProps | undefined;

  /** @throws Error with one sentence on settings that contradict each other. */
  constructor(scope: Construct, id: string, props: ChatProps = {}) {
    super(scope, id);
    const { code = packagedCode(), removeData = false, accountLogRole = true, emulator } = props;
    checkSignIn(props);
    const { bundles } = code;
    const localEndpoint = emulator?.endpoint;
    const chatTable = new ChatTable(this, 'Chat', { removeData });
    const connectionsTable = new ConnectionsTable(this, 'Connections', { removeData });
    const issuers = new TokenIssuers(this, 'TokenIssuers', {
      issuer: props.issuer,
      createUserPool: props.userPool ?? !props.issuer,
      allowQueryToken: props.allowQueryToken ?? false,
      removeData,
      localEndpoint,
    });
    const api = new SocketApi(this, 'Socket', { accountLogRole, localEndpoint });
    const bus = new ChatBus(this, 'Events');
    const sockets = new SocketFunctions(this, 'Handlers', { bundles, chatTable, connectionsTable, api, issuers });
    const delivery = new Delivery(this, 'Delivery', { bundles, chatTable, connectionsTable, api, bus });
    const presence = new Presence(this, 'Presence', { bundles, connectionsTable, bus });
    if (props.web) this.webAppUrl = this.#addWebApp(code, api, issuers);

    const failureQueues = {
      Broadcast: delivery.undelivered,
      PublishEvents: delivery.stream.failures,
      ConnectionChanges: presence.stream.failures,
      SettlePresence: presence.queue.failures,
    };
    const streamConsumers = [delivery.publishEvents, presence.connectionChanges];
    const functions = [...sockets.all, ...streamConsumers, delivery.broadcast, presence.settlePresence];
    const topic = props.alarmTopic;
    this.#alarms = new Alarms(this, 'Alarms', { functions, streamConsumers, failureQueues, topic });
    // The id is an earlier name: with another, CloudFormation would replace the dashboard, and links to it would break.
    new OperationsDashboard(this, 'Overview', {
      api,
      functions,
      streamConsumers,
      tables: [chatTable, connectionsTable],
      failureQueues: Object.values(failureQueues),
    });

    this.socketUrl = api.urls.socket;
    this.managementUrl = api.urls.management;
    this.apiId = api.api.apiId;
    this.userPool = issuers.userPool;
    this.userPoolClient = issuers.userPoolClient;
    this.bus = bus.bus;
    this.chatTable = chatTable.table;
    this.connectionsTable = connectionsTable.table;
    this.undeliveredQueue = delivery.undelivered;
    this.publishFailuresQueue = delivery.stream.failures;
    this.presenceQueue = presence.queue.queue;
    this.broadcast = delivery.broadcast;
    this.#bus = bus;
    this.#chatTable = chatTable;
    this.#emulator = emulator;
    if (emulator) {
      // One line on stderr: stdout is the template's.
      console.error(`Local stack: left out ${adaptToEmulator(this, emulator)}.`);
    }
  }

  /**
   * Invokes `handler` with the entries of every conversation as they are appended: to index, archive, translate or
   * notify. It gets EventBridge events whose `detail` is `{conversationId, from, to, entries?}`. Each of `entries` has
   * the `frame` that clients get, in the order of the log.
   *
   * - Events come at least once, and those of one conversation may overtake each other: go by `frame.data.seq`.
   * - An event without `entries` was delivered again by an operator: read `from` to `to` from the log (`grantReadLog`).
   * - If `handler` throws, Lambda tries twice more; give `handler` a dead-letter queue for what still fails. An event
   *   that cannot be handed to `handler` for a day goes to the listener's `failures`, and an alarm goes off.
   *
   * @param id names the listener within this chat.
   */
  onEntries(id: string, handler: IFunction): EntryListener {
    const listener = new EntryListener(this, id, { bus: this.#bus, handler });
    this.#alarms.watchFailures(id, listener.failures);
    if (this.#emulator) adaptToEmulator(listener, this.#emulator);
    return listener;
  }

  /**
   * Lets `grantee` read the logs of all conversations: `Query` on `chatTable`, with the partition key
   * `L#<conversationId>` and as sort key the `seq` in twelve digits. `docs/table.md` describes the items; before
   * version 1.0 a minor version may change them. Nothing checks who is a member: that is up to `grantee`.
   */
  grantReadLog(grantee: IGrantable): Grant {
    return this.#chatTable.grantReadLog(grantee);
  }

  /**
   * Lets `grantee` send frames to everyone who is in a room at that moment: `PutEvents` on `bus` with source `parley`,
   * detail type `frames-to-rooms` and detail `{rooms: [{kind: 'conversation' | 'user', id}], frames: [{event, data}]}`.
   * The frames enter no log, so nobody sees them later: use this to show that a bot is typing (`user-typing`), and
   * connect as a user to send a message. Nothing checks the frames: a wrong one reaches clients as it is.
   */
  grantSendFrames(grantee: IGrantable): Grant {
    return this.#bus.grantSendFrames(grantee);
  }

  #addWebApp({ webApp }: ChatCode, api: SocketApi, { signIn }: TokenIssuers): string {
    if (!signIn)
      throw new Error('The web app needs a user pool to sign in with: set `userPool` beside the given issuer.');
    if (!webApp) throw new Error('`code` has no web app to deploy: pass `webApp`, or leave `web` out.');
    return new WebApp(this, 'Web', { directory: webApp, socketUrl: api.urls.socket, userPool: signIn }).url;
  }
}

function checkSignIn({ issuer, userPool }: ChatProps): void {
  if (!issuer && userPool === false) throw new Error('Nobody could sign in: give an `issuer`, or leave `userPool` on.');
}
