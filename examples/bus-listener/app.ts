/** A stack beside a chat that is deployed already: a rule on the chat's bus, the function it calls, and a queue. */
import { fileURLToPath } from 'node:url';
import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const app = new App();
const busName: string | undefined = app.node.tryGetContext('busName');
if (!busName) throw new Error("Name the chat's bus with -c busName=…; the chat's stack has it as output BusName.");

// An emulator that enforces IAM refuses the roles that `cdk bootstrap` makes.
const local = app.node.tryGetContext('local') && { synthesizer: new CliCredentialsStackSynthesizer() };
const stack = new Stack(app, 'ParleyMentions', { ...local });
const mentions = new Queue(stack, 'Mentions');
const listener = new NodejsFunction(stack, 'Listener', {
  entry: fileURLToPath(new URL('handler.ts', import.meta.url)),
  runtime: Runtime.NODEJS_24_X,
  environment: { MENTIONS_QUEUE_URL: mentions.queueUrl },
  bundling: { format: OutputFormat.ESM, mainFields: ['module', 'main'], bundleAwsSDK: true },
});
mentions.grantSendMessages(listener);
new Rule(stack, 'Entries', {
  eventBus: EventBus.fromEventBusName(stack, 'Bus', busName),
  eventPattern: { source: ['parley'], detailType: ['entries-appended'] },
  // Without one, an event that cannot be handed to the function within a day is gone.
  targets: [new LambdaFunction(listener, { deadLetterQueue: new Queue(stack, 'Failures') })],
});
new CfnOutput(stack, 'MentionsQueueUrl', { value: mentions.queueUrl });
