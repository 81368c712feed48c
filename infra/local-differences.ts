import { CliCredentialsStackSynthesizer, CustomResource, type IStackSynthesizer, type Stack } from 'aws-cdk-lib';
import { CfnRouteResponse } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { acknowledge } from './constructs/acknowledge.ts';

/** The emulator that a chat is deployed to. */
export interface EmulatorProps {
  /** Where it listens, a URL without a slash at its end. */
  readonly endpoint: string;
  /** Whether its CloudFormation has route responses, as AWS does. Default: false. */
  readonly routeResponses?: boolean;
}

/**
 * Everything in which a stack deployed to an emulator differs from the one deployed to AWS. A test compares the two
 * templates and allows nothing else:
 *
 * 1. It is deployed with the caller's credentials: an emulator that enforces IAM refuses the bootstrap's role.
 * 2. It has no `AWS::ApiGatewayV2::RouteResponse`: MiniStack's CloudFormation lacks the type, and its sockets return a
 *    handler's body all the same. For an emulator that has the type, say `-c routeResponses=true`.
 * 3. It has no `AWS::SQS::QueuePolicy`: that refuses every request without TLS, and an emulator has no TLS.
 * 4. Sockets and the management API are at `{endpoint}/_aws/execute-api/{apiId}/{stage}`, and a user pool's keys at
 *    `{endpoint}/{poolId}/.well-known/jwks.json`. Its tokens name AWS's issuer all the same.
 * 5. The web app's files are not copied into its bucket, and so not deleted from it: the CDK's function for that needs a
 *    layer, and MiniStack runs functions without layers. The local web server serves the files instead, with the same
 *    headers.
 * 6. Issuers and key sets may be without TLS.
 */
export function localSynthesizer(emulator: EmulatorProps | undefined): IStackSynthesizer | undefined {
  return emulator && new CliCredentialsStackSynthesizer();
}

/**
 * Applies 2, 3 and 5 to everything in `scope`.
 * @returns what was left out, in words.
 */
export function adaptToEmulator(scope: IConstruct, { routeResponses }: EmulatorProps): string {
  const responses = routeResponses ? 0 : remove(scope, CfnRouteResponse);
  const policies = remove(scope, CfnQueuePolicy);
  const webFiles = remove(scope, CustomResource) > 0 ? ', the copying of the web app’s files' : '';
  acknowledge(scope, 'The emulator has no TLS to ask for.', 'AwsSolutions-SQS4');
  return `${responses} route responses and ${policies} queue policies (TLS only)${webFiles}`;
}

/** Removes all constructs of a class. Returns how many there were. */
function remove(scope: IConstruct, type: new (...args: never[]) => IConstruct): number {
  const found = scope.node.findAll().filter((construct) => construct instanceof type);
  for (const { node } of found) node.scope?.node.tryRemoveChild(node.id);
  return found.length;
}

/** Where a stage's sockets and management API are. */
export interface StageUrls {
  /** What clients connect to. */
  readonly socket: string;
  /** Where frames are posted to connections. */
  readonly management: string;
}

/** Gives the URLs of a stage on an emulator that listens at `endpoint`, or on AWS without one. */
export function stageUrls(stack: Stack, apiId: string, stageName: string, endpoint?: string): StageUrls {
  const path = `_aws/execute-api/${apiId}/${stageName}`;
  const host = `${apiId}.execute-api.${stack.region}.${stack.urlSuffix}`;
  return endpoint
    ? { socket: `${endpoint.replace(/^http/, 'ws')}/${path}`, management: `${endpoint}/${path}` }
    : { socket: `wss://${host}/${stageName}`, management: `https://${host}/${stageName}` };
}

/** Where the keys of a Cognito user pool are: under its issuer, or at the emulator that listens at `endpoint`. */
export function userPoolKeysUrl(issuer: string, poolId: string, endpoint?: string): string {
  return `${endpoint ? `${endpoint}/${poolId}` : issuer}/.well-known/jwks.json`;
}
