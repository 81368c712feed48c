import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle, FunctionName } from './bundle.ts';
import { Alarms } from './constructs/alarms.ts';
import { ChatBus } from './constructs/chat-bus.ts';
import { ChatTable } from './constructs/chat-table.ts';
import { ConnectionsTable } from './constructs/connections-table.ts';
import { Delivery } from './constructs/delivery.ts';
import { OperationsDashboard } from './constructs/operations-dashboard.ts';
import { Presence } from './constructs/presence.ts';
import { SocketApi } from './constructs/socket-api.ts';
import { SocketFunctions } from './constructs/socket-functions.ts';
import { TokenIssuers } from './constructs/token-issuers.ts';
import { WebApp } from './constructs/web-app.ts';
import { adaptToEmulator, localSynthesizer } from './local-differences.ts';
import type { Settings } from './settings.ts';

export interface ChatStackProps {
  readonly settings: Settings;
  /** The code of every function. */
  readonly bundles: Readonly<Record<FunctionName, Bundle>>;
  /** Folder with the built web app, if that is deployed too. */
  readonly webApp?: string;
}

/** The whole chat: two tables, the socket API, the lane from one to the other, and what watches over it. */
export class ChatStack extends Stack {
  constructor(scope: Construct, { settings, bundles, webApp }: ChatStackProps) {
    super(scope, settings.stackName, stackProps(settings));
    const chatTable = new ChatTable(this, 'Chat', settings);
    const connectionsTable = new ConnectionsTable(this, 'Connections', settings);
    const issuers = new TokenIssuers(this, 'TokenIssuers', settings);
    const api = new SocketApi(this, 'Socket', settings);
    const bus = new ChatBus(this, 'Events');
    const sockets = new SocketFunctions(this, 'Handlers', { bundles, chatTable, connectionsTable, api, issuers });
    const delivery = new Delivery(this, 'Delivery', { bundles, chatTable, connectionsTable, api, bus });
    const presence = new Presence(this, 'Presence', { bundles, connectionsTable, bus });
    if (webApp && issuers.userPool) {
      new WebApp(this, 'Web', { directory: webApp, socketUrl: api.urls.socket, userPool: issuers.userPool });
    }

    const failureQueues = {
      Broadcast: delivery.undelivered,
      PublishEvents: delivery.stream.failures,
      ConnectionChanges: presence.stream.failures,
      SettlePresence: presence.queue.failures,
    };
    const streamConsumers = [delivery.publishEvents, presence.connectionChanges];
    const functions = [...sockets.all, ...streamConsumers, delivery.broadcast, presence.settlePresence];
    new Alarms(this, 'Alarms', {
      functions,
      streamConsumers,
      failureQueues,
      ...(settings.alarmTopicArn && { alarmTopicArn: settings.alarmTopicArn }),
    });
    new OperationsDashboard(this, 'Overview', {
      api,
      functions,
      streamConsumers,
      tables: [chatTable, connectionsTable],
      failureQueues: Object.values(failureQueues),
    });

    this.#output('ChatTableName', chatTable.table.tableName, 'Conversations, members and logs');
    this.#output('ConnectionsTableName', connectionsTable.table.tableName, 'Connections, subscriptions and presence');
    this.#output('BusName', bus.bus.eventBusName, 'The bus of entries and frames');
    this.#output('UndeliveredQueueUrl', delivery.undelivered.queueUrl, 'Log positions whose delivery was given up');
    this.#output('PresenceQueueUrl', presence.queue.queue.queueUrl, 'Second looks at presence');
    this.#output('BroadcastFunctionName', delivery.broadcast.functionName, 'Posts frames to the connections of a room');
    adaptToEmulator(this, settings);
  }

  #output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

function stackProps(settings: Settings): StackProps {
  const synthesizer = localSynthesizer(settings);
  return { description: 'Parley: a serverless chat', ...(synthesizer && { synthesizer }) };
}
