import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { BINARIES_DIR, PROJECT_ROOT } from '../common/paths.ts';
import { Problem } from '../common/problem.ts';
import { run } from '../common/processes.ts';
import { commandEnvironment, type Target } from './aws-environment.ts';

const CDK = join(BINARIES_DIR, 'cdk');
const BOOTSTRAP_STACK = 'CDKToolkit';

export interface DeployOptions {
  readonly target: Target;
  readonly stackName: string;
  /** Context values for the app, as `-c name=value`. */
  readonly context: Readonly<Record<string, string>>;
  /** Folder for logs, outputs and the assembly: two deployments at once must not share one. */
  readonly directory: string;
  readonly signal?: AbortSignal;
}

/** Outputs of the deployed stack, by name. */
export type Outputs = Readonly<Record<string, string>>;

/**
 * Runs `cdk bootstrap`, unless that was done: the functions' code goes through the bucket that it makes.
 * @returns whether it had to
 * @throws Problem with the end of what the command printed
 */
export async function bootstrap(options: DeployOptions): Promise<boolean> {
  if (await stackExists(options.target, BOOTSTRAP_STACK)) return false;
  const { account, region } = options.target;
  // Told where, it need not synthesise the app to find out.
  await cdk('bootstrap', account ? [`aws://${account}/${region}`] : [], options);
  return true;
}

/**
 * Runs the real `cdk deploy`.
 * @throws Problem with the end of what the command printed
 */
export async function deploy(options: DeployOptions): Promise<Outputs> {
  const outputsFile = join(options.directory, 'outputs.json');
  // `direct` skips the change set, which nobody would read here.
  await cdk(
    'deploy',
    [options.stackName, '--require-approval', 'never', '--method', 'direct', '--outputs-file', outputsFile],
    options,
  );
  const outputs = JSON.parse(await readFile(outputsFile, 'utf8')) as Record<string, Outputs>;
  return outputs[options.stackName] ?? {};
}

async function cdk(command: string, parameters: readonly string[], options: DeployOptions): Promise<void> {
  const logFile = join(options.directory, `cdk-${command}.log`);
  const context = Object.entries({ ...options.context, stackName: options.stackName });
  const { code, output } = await run(
    CDK,
    [
      command,
      ...parameters,
      '--no-notices',
      '--no-color',
      '--output',
      join(options.directory, 'cdk.out'),
      ...context.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      cwd: PROJECT_ROOT,
      env: commandEnvironment(options.target),
      logFile,
      ...(options.signal && { signal: options.signal }),
    },
  );
  if (code !== 0) throw new Problem(`\`cdk ${command}\` failed: ${reasonIn(output)} (all it said is in ${logFile}).`);
}

async function stackExists({ endpoint, region, credentials }: Target, stackName: string): Promise<boolean> {
  const client = new CloudFormationClient({ endpoint, region, credentials });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks.some(({ StackStatus }) => /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus ?? ''));
  } catch (error) {
    // "Stack with id … does not exist" is a validation error.
    if (error instanceof Error && /does not exist|ValidationError/.test(`${error.name} ${error.message}`)) return false;
    throw new Problem(
      `The emulator at ${endpoint} does not answer as CloudFormation (${String(error)}): check AWS_ENDPOINT_URL.`,
    );
  } finally {
    client.destroy();
  }
}

/** The line that says most: the reason of CloudFormation or an exception, else the last line that speaks of failure. */
function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const line =
    lines.find((text) => /(CREATE|UPDATE|DELETE)_FAILED|^\w*Error\b.*: /.test(text)) ??
    lines.findLast((text) => /error|fail/i.test(text)) ??
    'it gave no reason';
  return line.replace(/^❌\s*/, '').slice(0, 400);
}
