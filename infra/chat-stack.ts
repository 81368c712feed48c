import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Chat } from './chat.ts';
import type { ChatCode } from './code.ts';
import { localSynthesizer } from './local-differences.ts';
import type { Settings } from './settings.ts';

export interface ChatStackProps {
  readonly settings: Settings;
  /** The code of the functions, and of the web app if that is deployed too. Default: what the package brings along. */
  readonly code?: ChatCode;
}

/** A stack with a chat in it and nothing else, and outputs for whoever uses or operates it. */
export class ChatStack extends Stack {
  readonly chat: Chat;

  constructor(scope: Construct, { settings, code }: ChatStackProps) {
    const { stackName, alarmTopicArn, ...chatProps } = settings;
    super(scope, stackName, {
      description: 'Parley: a serverless chat',
      synthesizer: localSynthesizer(settings.emulator),
    });
    const alarmTopic = alarmTopicArn ? Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn) : undefined;
    // 'Default' is the one id that adds nothing to the logical ids of what is inside. With any other, a deployment over
    // a running stack would replace every resource by a new one, tables and users among them.
    this.chat = new Chat(this, 'Default', { ...chatProps, alarmTopic, code });

    const { chat } = this;
    this.#output('UserPoolId', chat.userPool?.userPoolId, 'Where users are created');
    this.#output('UserPoolClientId', chat.userPoolClient?.userPoolClientId, 'The audience of its tokens');
    this.#output('WebSocketUrl', chat.socketUrl, 'What clients connect to');
    this.#output('ManagementUrl', chat.managementUrl, 'Where frames are posted to connections');
    this.#output('ApiId', chat.apiId, 'The WebSocket API');
    this.#output('WebAppUrl', chat.webAppUrl, 'The web app');
    this.#output('ChatTableName', chat.chatTable.tableName, 'Conversations, members and logs');
    this.#output('ConnectionsTableName', chat.connectionsTable.tableName, 'Connections, subscriptions and presence');
    this.#output('BusName', chat.bus.eventBusName, 'The bus that carries entries and frames');
    this.#output('UndeliveredQueueUrl', chat.undeliveredQueue.queueUrl, 'Log positions whose delivery was given up');
    this.#output(
      'PublishFailuresQueueUrl',
      chat.publishFailuresQueue.queueUrl,
      'Parts of the chat table’s stream that were given up',
    );
    this.#output('PresenceQueueUrl', chat.presenceQueue.queueUrl, 'Second looks at presence');
    this.#output('BroadcastFunctionName', chat.broadcast.functionName, 'Posts frames to the connections of a room');
  }

  #output(id: string, value: string | undefined, description: string): void {
    if (value !== undefined) new CfnOutput(this, id, { value, description });
  }
}
