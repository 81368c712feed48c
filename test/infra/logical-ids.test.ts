import { expect, it } from 'vitest';
import { Synthesized } from './synthesize.ts';

/**
 * Everything that holds data or an address that clients know, with the logical id that it has in stacks that run today.
 * If an id changes, CloudFormation makes a new, empty resource: no renaming may change a line of this list.
 */
const KEPT = {
  SocketApiF12253BF: 'AWS::ApiGatewayV2::Api',
  SocketStage04D5B438: 'AWS::ApiGatewayV2::Stage',
  WebDistributionCF3E234B: 'AWS::CloudFront::Distribution',
  TokenIssuersUserPool228DFC63: 'AWS::Cognito::UserPool',
  TokenIssuersUserPoolClient4ECB2A31: 'AWS::Cognito::UserPoolClient',
  ChatTable4603252B: 'AWS::DynamoDB::GlobalTable',
  ConnectionsTable916FDB22: 'AWS::DynamoDB::GlobalTable',
  EventsBus45DE4339: 'AWS::Events::EventBus',
  WebBucketE51352C0: 'AWS::S3::Bucket',
  DeliveryUndelivered05072382: 'AWS::SQS::Queue',
  DeliveryChatStreamFailuresB1A63A5E: 'AWS::SQS::Queue',
  PresenceQueueFailures884C248B: 'AWS::SQS::Queue',
  PresenceQueueFBE35C62: 'AWS::SQS::Queue',
  PresenceConnectionsStreamFailures6D80967A: 'AWS::SQS::Queue',
};

const TYPES = new Set(Object.values(KEPT));

it('everything that holds data or an address keeps its logical id, so that no deployment replaces it', () => {
  const stack = new Synthesized({ web: 'true' });
  const there = Object.entries(stack.resources).filter(([, { Type }]) => TYPES.has(Type));
  expect(Object.fromEntries(there.map(([id, { Type }]) => [id, Type]))).toEqual(KEPT);
});
