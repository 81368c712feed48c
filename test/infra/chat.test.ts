import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it, vi } from 'vitest';
import { Chat, type ChatProps } from '../../infra/index.ts';
import { emptyBundles } from './synthesize.ts';

/** Somebody's app with a chat in it, and one function of the app's own. */
function appWithChat(props: ChatProps = {}): { stack: Stack; chat: Chat; fn: LambdaFunction } {
  const stack = new Stack(new App(), 'Shop');
  const chat = new Chat(stack, 'Chat', { code: { bundles: emptyBundles() }, ...props });
  const fn = new LambdaFunction(stack, 'Own', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
  });
  return { stack, chat, fn };
}

describe('the chat within another app', () => {
  it('says where it is, and leaves the outputs to the app', () => {
    const { stack, chat } = appWithChat();
    expect(stack.resolve(chat.socketUrl)).toMatchObject({ 'Fn::Join': expect.anything() });
    expect(chat.userPool?.userPoolId).toBeDefined();
    expect(Template.fromStack(stack).toJSON().Outputs).toBeUndefined();
  });

  it('can be there twice', () => {
    const { stack } = appWithChat();
    new Chat(stack, 'Second', { code: { bundles: emptyBundles() }, accountLogRole: false });
    Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::GlobalTable', 4);
  });

  it('keeps its data unless told otherwise', () => {
    const tables = (stack: Stack) => Template.fromStack(stack).findResources('AWS::DynamoDB::GlobalTable');
    const policies = (stack: Stack) => Object.values(tables(stack)).map(({ DeletionPolicy }) => DeletionPolicy);
    expect(policies(appWithChat().stack)).toEqual(['Retain', 'Retain']);
    expect(policies(appWithChat({ removeData: true }).stack)).toEqual(['Delete', 'Delete']);
  });

  it.each<[string, ChatProps, string]>([
    [
      'a web app without a user pool',
      { web: true, issuer: { issuer: 'https://i.example', audience: 'chat' } },
      'needs a user pool',
    ],
    ['a web app without files', { web: true }, 'has no web app to deploy'],
    ['nobody who could sign in', { userPool: false }, 'Nobody could sign in'],
    ['no code', { code: undefined }, 'The package has no code for "authorize"'],
  ])('fails the synthesis with a sentence: %s', (_, props, sentence) => {
    expect(() => appWithChat(props)).toThrow(sentence);
  });
});

describe('a function of the app', () => {
  it('gets every entry; an event that cannot be handed to it is kept, and an alarm goes off', () => {
    const { stack, chat, fn } = appWithChat();
    const listener = chat.onEntries('Archive', fn);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: stack.resolve(chat.bus.eventBusName),
      EventPattern: { source: ['parley'], 'detail-type': ['entries-appended'] },
      Targets: [
        Match.objectLike({
          Arn: stack.resolve(fn.functionArn),
          DeadLetterConfig: { Arn: stack.resolve(listener.failures.queueArn) },
        }),
      ],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(listener.failures.queueName) }],
      AlarmDescription: Match.stringLikeRegexp('^Archive gave up'),
    });
  });

  it('has its alarms sent to the app’s topic, like those of the chat', () => {
    const { stack, chat, fn } = appWithChat();
    const alarmTopic = new Topic(stack, 'Topic');
    const second = new Chat(stack, 'Second', { code: { bundles: emptyBundles() }, alarmTopic });
    second.onEntries('Archive', fn);
    chat.onEntries('Archive', fn);
    const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    const telling = alarms.filter(([, { Properties }]) => Properties.AlarmActions !== undefined).map(([id]) => id);
    expect(telling.length).toBe(alarms.length / 2);
    expect(telling.every((id) => id.startsWith('Second'))).toBe(true);
  });

  it('may read logs, and nothing else in the table', () => {
    const { stack, chat, fn } = appWithChat();
    chat.grantReadLog(fn);
    expect(ownStatements(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: 'dynamodb:Query',
        Resource: stack.resolve(chat.chatTable.tableArn),
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['L#*'] } },
      },
    ]);
  });

  it('may send frames to rooms, but cannot forge an entry', () => {
    const { stack, chat, fn } = appWithChat();
    chat.grantSendFrames(fn);
    expect(ownStatements(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: stack.resolve(chat.bus.eventBusArn),
        Condition: {
          'ForAllValues:StringEquals': { 'events:source': 'parley' },
          StringEquals: { 'events:detail-type': 'frames-to-rooms' },
        },
      },
    ]);
  });

  it('can listen on an emulator too, without the queue policy that asks for TLS', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { stack, chat, fn } = appWithChat({ emulator: { endpoint: 'http://localhost:4566' } });
    chat.onEntries('Archive', fn);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::QueuePolicy', 0);
    expect(said).toHaveBeenCalledOnce();
  });
});

/** What the app's function may do beside writing its log. */
function ownStatements(stack: Stack): unknown[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  return Object.entries(policies)
    .filter(([id]) => id.startsWith('OwnServiceRole'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
}
