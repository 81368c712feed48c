/**
 * `npm start`: the whole of Parley on this machine. Starts the emulator, deploys the stack that AWS would get, issues
 * tokens, serves the test client, and says what to do next; Ctrl-C ends all of it.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildConsole, buildWebApp } from '../client/web/build.ts';
import { Cleanup, reportFailure, stopRequests } from './common/lifecycle.ts';
import { START_DIR } from './common/paths.ts';
import { portFrom } from './common/ports.ts';
import { Problem } from './common/problem.ts';
import { Steps } from './common/steps.ts';
import { targetFromEnvironment } from './emulator/aws-environment.ts';
import { forgetConnections } from './emulator/forget-connections.ts';
import { createGeneral, mintDemoUsers } from './start/demo.ts';
import { alreadyRunning, instructions } from './start/instructions.ts';
import { deployStack, type LocalStackOptions, startOrFindEmulator, startPages, urlsOf } from './start/local-stack.ts';
import { announceRunning, findRunning, statusAt, withdrawRunning } from './start/running.ts';
import { type RunningStack, readStackFile, removeStackFile, writeStackFile } from './start/stack-file.ts';
import { loadOrCreateKey } from './web/issuer.ts';

const DEFAULT_EMULATOR_PORT = 4566;
const DEFAULT_WEB_PORT = 8080;

const started = performance.now();
const signal = stopRequests();
const cleanup = new Cleanup();
let exitCode = 0;
try {
  await start();
} catch (error) {
  exitCode = reportFailure(error);
}
await cleanup.run();
process.exit(exitCode);

async function start(): Promise<void> {
  const options = await readOptions();
  const running = await findRunning();
  if (running) {
    const stack = running.ready ? await readStackFile() : undefined;
    process.stdout.write(stack ? alreadyRunning(stack) : `Parley is just being started by process ${running.pid}.\n`);
    return;
  }

  process.stdout.write('Starting Parley\n');
  await options.steps.run('web app and console', async (note) => {
    const built = [buildWebApp(), buildConsole()];
    if (!built.some(({ fresh }) => fresh)) note('built before');
  });
  const web = await options.steps.run('pages and token issuer', async (note) => {
    note(`port ${options.webPort}`);
    await refuseOtherParley(options.webPort);
    return startPages(options);
  });
  cleanup.add(() => web.stop());
  await announceRunning(web.origin);
  cleanup.add(withdrawRunning);

  const { target, emulator } = await startOrFindEmulator(options);
  if (emulator) cleanup.add(() => emulator.stop());
  const outputs = await deployStack(options, target, web);
  const urls = urlsOf(outputs);
  if (emulator && outputs.ConnectionsTableName) await forgetConnections(target, outputs.ConnectionsTableName);
  const users = await mintDemoUsers(web.issuer);
  await options.steps.run('channel "general"', () => createGeneral(urls.webSocketUrl, users[0]?.token ?? '', signal));

  const { issuer, audience } = web.issuer;
  const stack: RunningStack = {
    pid: process.pid,
    ...urls,
    webUrl: `${web.origin}/`,
    endpoint: target.endpoint,
    region: target.region,
    issuer,
    audience,
    outputs,
    users,
  };
  web.publish({ webSocketUrl: urls.webSocketUrl, tokenIn: 'query', users });
  await writeStackFile(stack);
  cleanup.add(removeStackFile);
  process.stdout.write(instructions(stack, (performance.now() - started) / 1000));

  await untilStopped(emulator?.ended);
  process.stdout.write('\nStopping …\n');
}

async function readOptions(): Promise<LocalStackOptions> {
  await mkdir(START_DIR, { recursive: true });
  const external = targetFromEnvironment();
  return {
    directory: START_DIR,
    ...(external && { external }),
    emulatorPort: portFrom('PARLEY_PORT', DEFAULT_EMULATOR_PORT),
    webPort: portFrom('PARLEY_WEB_PORT', DEFAULT_WEB_PORT),
    ...(process.env.PARLEY_WEB_HOST && { webHost: process.env.PARLEY_WEB_HOST }),
    ...(process.env.PARLEY_JWKS_URI && { jwksUri: process.env.PARLEY_JWKS_URI }),
    signingKey: await loadOrCreateKey(join(START_DIR, 'issuer-key.json')),
    persist: true,
    steps: new Steps(),
    signal,
  };
}

/** A Parley of another folder on our port deserves a better sentence than "taken". */
async function refuseOtherParley(port: number): Promise<void> {
  const other = await statusAt(`http://localhost:${port}`);
  if (!other) return;
  throw new Problem(
    `Port ${port} is used by the Parley in ${other.root} (process ${other.pid}): ` +
      'end that, or choose other ports with PARLEY_PORT and PARLEY_WEB_PORT.',
  );
}

/** Waits for Ctrl-C. @throws Problem if the emulator ends by itself before that */
async function untilStopped(emulatorEnded: Promise<void> = new Promise(() => undefined)): Promise<void> {
  // A pending promise alone does not keep the process alive; the web server does.
  const stopped = new Promise<'stopped'>((resolve) => {
    if (signal.aborted) resolve('stopped');
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  const first = await Promise.race([stopped, emulatorEnded]);
  if (first === 'stopped') return;
  throw new Problem(
    `The emulator ended by itself: see ${join(START_DIR, 'emulator', 'emulator.log')}, then run \`npm start\` again.`,
  );
}
