import type { Node } from 'constructs';
import { isAwsUrl } from '../shared/platform/aws-domains.ts';
import type { ChatProps } from './chat.ts';
import type { GivenIssuer } from './constructs/token-issuers.ts';
import type { EmulatorProps } from './local-differences.ts';

/** What a deployment may choose, with `-c name=value` or in `cdk.json`: a chat's settings, and two of the stack's. */
export interface Settings extends Omit<ChatProps, 'alarmTopic' | 'code'> {
  /** Name of the stack; another name is another, separate chat. */
  readonly stackName: string;
  /** ARN of an SNS topic that hears of every alarm. */
  readonly alarmTopicArn?: string;
}

/**
 * Reads the context of `node`, and `AWS_ENDPOINT_URL` from `env`: the CLI deploys to wherever that points, so an
 * endpoint that is not AWS's makes the stack a local one unless `-c local=false` says otherwise.
 * @throws Error with one sentence on context that contradicts itself, so that nothing half-configured is deployed.
 */
export function readSettings(node: Node, env: Readonly<Record<string, string | undefined>> = {}): Settings {
  const issuer = readIssuer(node);
  const emulator = readEmulator(node, env);
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
    ...(issuer && { issuer }),
    ...(alarmTopicArn && { alarmTopicArn }),
    ...(emulator && { emulator }),
  };
}

function readIssuer(node: Node): GivenIssuer | undefined {
  const issuer = readUrl(node, 'issuer');
  const audience = readText(node, 'audience');
  const jwksUri = readUrl(node, 'jwksUri');
  if (issuer && !audience)
    throw new Error(
      'Context "issuer" needs "audience": without it, the chat would accept tokens that were made for other apps.',
    );
  if (audience && !issuer)
    throw new Error('Context "audience" needs "issuer": the chat has to know who issues the tokens.');
  if (jwksUri && !issuer) throw new Error('Context "jwksUri" needs "issuer" and "audience".');
  return issuer && audience ? { issuer, audience, ...(jwksUri && { jwksUri }) } : undefined;
}

function readEmulator(node: Node, env: Readonly<Record<string, string | undefined>>): EmulatorProps | undefined {
  const url = readUrl(node, 'endpoint') ?? env.AWS_ENDPOINT_URL;
  const isEmulator = url !== undefined && !isAwsUrl(url);
  const routeResponses = readFlag(node, 'routeResponses', false);
  if (!readFlag(node, 'local', isEmulator)) return undefined;
  if (!url) throw new Error('Context "local" needs "endpoint" or AWS_ENDPOINT_URL: where does the emulator listen?');
  return { endpoint: url.replace(/\/+$/, ''), routeResponses };
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
