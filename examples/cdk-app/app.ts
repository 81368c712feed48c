/** A shop with a chat in it, and a function of the shop's own that hears of every message. */
import { Chat } from '@parley/cdk';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

const app = new App();
const stack = new Stack(app, 'Shop');

const chat = new Chat(stack, 'Chat');
const orders = new LambdaFunction(stack, 'Orders', {
  description: 'Notes which orders people talk about',
  code: Code.fromAsset('orders'),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_24_X,
  environment: { CHAT_TABLE: chat.chatTable.tableName },
  // For what the function throws on; what never comes as far as the function is in the listener's `failures`.
  deadLetterQueueEnabled: true,
});
chat.onEntries('OrderListener', orders);
chat.grantReadLog(orders);

new CfnOutput(stack, 'ChatUrl', { value: chat.socketUrl });
