import type { Node } from 'constructs';

/** What a deployment may choose, by `-c name=value` or in `cdk.json`. */
export interface Settings {
  /** Name of the stack; another name is another, separate chat. */
  readonly stackName: string;
  /** The issuer whose tokens are accepted; without one the stack creates a Cognito user pool. */
  readonly issuer?: GivenIssuer;
  /** Whether the stack creates a Cognito user pool, alone or beside the given issuer. */
  readonly userPool: boolean;
  /** Whether the web app is deployed too, on S3 and CloudFront; its users sign in with the user pool. */
  readonly web: boolean;
  /** Whether a token may come as `?token=` (CONN-1): URLs end up in logs, so only where that does no harm. */
  readonly allowQueryToken: boolean;
  /** Whether `cdk destroy` deletes tables and users too. */
  readonly removeData: boolean;
  /** Whether to set the account's role by which API Gateway writes logs: without one WebSocket access logs fail. */
  readonly accountLogRole: boolean;
  /** ARN of an SNS topic that is told of alarms. */
  readonly alarmTopicArn?: string;
  /** Where the emulator listens, when the stack is deployed to one; see `local-differences.ts`. */
  readonly localEndpoint?: string;
  /** Whether the stack has route responses; on AWS nobody receives a reply without. */
  readonly routeResponses: boolean;
}

/** An OIDC issuer given as context. */
export interface GivenIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** Where its keys are; found through the issuer's discovery document if left out. */
  readonly jwksUri?: string;
}

/**
 * Reads the context of `node`, and `AWS_ENDPOINT_URL` from `env`: the CLI deploys to wherever that points, so an
 * endpoint that is not AWS's makes the stack a local one unless `-c local=false` says otherwise.
 * @throws Error with one sentence on context that contradicts itself, so that nothing half-configured is deployed.
 */
export function readSettings(node: Node, env: Readonly<Record<string, string | undefined>> = {}): Settings {
  const issuer = readIssuer(node);
  const localEndpoint = readLocalEndpoint(node, env);
  const alarmTopicArn = readText(node, 'alarmTopicArn');
  const userPool = readFlag(node, 'userPool', issuer === undefined) || issuer === undefined;
  const web = readFlag(node, 'web', false);
  if (web && !userPool) {
    throw new Error('Context "web" needs a user pool to sign in with: add "userPool=true" beside the given issuer.');
  }
  return {
    stackName: readStackName(node),
    userPool,
    web,
    allowQueryToken: readFlag(node, 'allowQueryToken', false),
    removeData: readFlag(node, 'removeData', false),
    accountLogRole: readFlag(node, 'accountLogRole', true),
    routeResponses: readFlag(node, 'routeResponses', localEndpoint === undefined),
    ...(issuer && { issuer }),
    ...(alarmTopicArn && { alarmTopicArn }),
    ...(localEndpoint && { localEndpoint }),
  };
}

function readIssuer(node: Node): GivenIssuer | undefined {
  const issuer = readUrl(node, 'issuer');
  const audience = readText(node, 'audience');
  const jwksUri = readUrl(node, 'jwksUri');
  if (issuer && !audience)
    throw new Error('Context "issuer" needs "audience": tokens made for others would be accepted.');
  if (audience && !issuer) throw new Error('Context "audience" needs "issuer": nobody vouches for the tokens.');
  if (jwksUri && !issuer) throw new Error('Context "jwksUri" needs "issuer" and "audience".');
  return issuer && audience ? { issuer, audience, ...(jwksUri && { jwksUri }) } : undefined;
}

function readLocalEndpoint(node: Node, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const url = readUrl(node, 'endpoint') ?? env.AWS_ENDPOINT_URL;
  const isEmulator = url !== undefined && !new URL(url).hostname.endsWith('.amazonaws.com');
  const local = readFlag(node, 'local', isEmulator);
  if (local && !url)
    throw new Error('Context "local" needs "endpoint" or AWS_ENDPOINT_URL: where does the emulator listen?');
  return local ? url?.replace(/\/+$/, '') : undefined;
}

function readStackName(node: Node): string {
  const name = readText(node, 'stackName') ?? 'Parley';
  if (!/^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(name)) {
    throw new Error(`Context "stackName" is "${name}"; it must be a letter, then up to 62 letters, digits or hyphens.`);
  }
  return name;
}

function readText(node: Node, name: string): string | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new Error(`Context "${name}" must be text.`);
  return value;
}

function readUrl(node: Node, name: string): string | undefined {
  const value = readText(node, name);
  if (value !== undefined && !(URL.canParse(value) && /^https?:/.test(value))) {
    throw new Error(`Context "${name}" is "${value}"; it must be an http or https URL.`);
  }
  return value;
}

/** `-c` gives text, `cdk.json` booleans. */
function readFlag(node: Node, name: string, otherwise: boolean): boolean {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined || value === '') return otherwise;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new Error(`Context "${name}" is "${String(value)}"; it must be true or false.`);
}
