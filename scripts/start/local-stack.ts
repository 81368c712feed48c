import { join } from 'node:path';
import type { JWK } from 'jose';
import { PROJECT_ROOT } from '../common/paths.ts';
import { Problem } from '../common/problem.ts';
import type { Steps } from '../common/steps.ts';
import { ownTarget, type Target } from '../emulator/aws-environment.ts';
import { bootstrap, type DeployOptions, deploy, type Outputs } from '../emulator/deploy.ts';
import { installEmulator } from '../emulator/install-emulator.ts';
import { answers, type Emulator, startEmulator } from '../emulator/start-emulator.ts';
import { LOCAL_AUDIENCE } from '../web/issuer.ts';
import { startWebServer, type WebServer } from '../web/web-server.ts';

/** The stack that `npm start` and the tests deploy. */
export const STACK_NAME = 'Parley';

export interface LocalStackOptions {
  /** Folder for everything this stack leaves behind. */
  readonly directory: string;
  /** An emulator that runs already; otherwise one is started on `emulatorPort`. */
  readonly external?: Target;
  readonly emulatorPort: number;
  readonly webPort: number;
  /** Interface for the web server; loopback unless an emulator in a container has to read the keys. */
  readonly webHost?: string;
  /** Where the emulator finds the issuer's keys, if not at the web server's own address. */
  readonly jwksUri?: string;
  readonly signingKey: JWK;
  /** Keep data for the next start. */
  readonly persist: boolean;
  readonly steps: Steps;
  readonly signal?: AbortSignal;
}

/** Something that was started and can be ended; each piece ends what it started, and nothing else. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Starts the web server that serves the pages and is the token issuer. */
export function startPages(options: LocalStackOptions): Promise<WebServer & Stoppable> {
  return startWebServer({
    port: options.webPort,
    ...(options.webHost && { host: options.webHost }),
    issuer: (origin) => ({ issuer: origin, audience: LOCAL_AUDIENCE, privateKey: options.signingKey }),
    consoleDir: join(PROJECT_ROOT, 'client', 'web', 'console', 'dist'),
    appDir: join(PROJECT_ROOT, 'client', 'web', 'dist'),
  }).then((server) => ({ ...server, stop: () => server.close() }));
}

/** Installs, if needed, and starts the emulator; or checks that the external one answers. */
export async function startOrFindEmulator(
  options: LocalStackOptions,
): Promise<{ target: Target; emulator: Emulator | undefined }> {
  const { steps, signal, external } = options;
  const withSignal = signal && { signal };
  if (external) {
    await steps.run(`emulator at ${external.endpoint}`, async () => {
      if (await answers(external.endpoint)) return;
      throw new Problem(
        `Nothing answers at ${external.endpoint}: start that emulator, or unset AWS_ENDPOINT_URL to use Parley's own.`,
      );
    });
    return { target: external, emulator: undefined };
  }
  const installed = await steps.run('emulator: MiniStack from PyPI', async (note) => {
    const result = await installEmulator(signal);
    if (!result.fresh) note('there already');
    return result;
  });
  const emulator = await steps.run('emulator: start', async (note) => {
    note(`port ${options.emulatorPort}`);
    const { directory, emulatorPort: port, persist } = options;
    return startEmulator({ installed, port, directory: join(directory, 'emulator'), persist, ...withSignal });
  });
  return { target: ownTarget(emulator.endpoint), emulator };
}

/** Deploys the stack, bootstrapped if needed, so that it accepts the web server's tokens; `context` adds settings. */
export async function deployStack(
  options: LocalStackOptions,
  target: Target,
  web: WebServer,
  context: Readonly<Record<string, string>> = {},
): Promise<Outputs> {
  const { steps, signal, directory } = options;
  const { issuer, audience } = web.issuer;
  const deployOptions: DeployOptions = {
    target,
    stackName: STACK_NAME,
    directory,
    context: {
      local: 'true',
      endpoint: target.endpoint,
      issuer,
      audience,
      jwksUri: options.jwksUri ?? `${issuer}/.well-known/jwks.json`,
      allowQueryToken: 'true',
      removeData: 'true',
      ...context,
    },
    ...(signal && { signal }),
  };
  await steps.run('cdk bootstrap', async (note) => {
    if (!(await bootstrap(deployOptions))) note('done before');
  });
  return steps.run('cdk deploy', () => deploy(deployOptions));
}

/** Where clients and programs reach the deployed stack. @throws Problem if the stack does not say so */
export function urlsOf(outputs: Outputs): { readonly webSocketUrl: string; readonly managementUrl: string } {
  const { WebSocketUrl: webSocketUrl, ManagementUrl: managementUrl } = outputs;
  if (webSocketUrl && managementUrl) return { webSocketUrl, managementUrl };
  throw new Problem(
    'The stack was deployed but has no outputs WebSocketUrl and ManagementUrl: ' +
      `it has ${Object.keys(outputs).join(', ') || 'none'}.`,
  );
}
