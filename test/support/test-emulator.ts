import { rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Cleanup } from '../../scripts/common/lifecycle.ts';
import { LOCAL_DIR } from '../../scripts/common/paths.ts';
import { freePort } from '../../scripts/common/ports.ts';
import { Steps } from '../../scripts/common/steps.ts';
import type { Target } from '../../scripts/emulator/aws-environment.ts';
import {
  deployStack,
  type LocalStackOptions,
  startOrFindEmulator,
  startPages,
  urlsOf,
} from '../../scripts/start/local-stack.ts';
import { generateKey } from '../../scripts/web/issuer.ts';
import type { DeployedStack } from './provided.ts';

const PREFIX = 'test-';

/**
 * The emulator of this test run, empty at the start, and the stack deployed to it. The projects of one run share them:
 * each asks for what it needs, and the last one to leave stops the emulator.
 */
class TestEmulator {
  readonly #cleanup = new Cleanup();
  readonly #directory = join(LOCAL_DIR, `${PREFIX}${process.pid}`);
  #users = 0;
  #options: Promise<LocalStackOptions> | undefined;
  #emulator: ReturnType<typeof startOrFindEmulator> | undefined;
  #stack: Promise<DeployedStack> | undefined;

  /** Starts the emulator, unless it was started before. */
  async emulator(): Promise<Target> {
    this.#emulator ??= this.#start();
    return (await this.#emulator).target;
  }

  /** Deploys the stack, unless it was deployed before. */
  stack(): Promise<DeployedStack> {
    this.#stack ??= this.#deploy();
    return this.#stack;
  }

  enter(): void {
    this.#users += 1;
  }

  async leave(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    await this.#cleanup.run();
    this.#options = undefined;
    this.#emulator = undefined;
    this.#stack = undefined;
  }

  async #start(): ReturnType<typeof startOrFindEmulator> {
    await removeAbandoned();
    const started = await startOrFindEmulator(await this.#prepare());
    this.#cleanup.add(async () => started.emulator?.stop());
    return started;
  }

  async #deploy(): Promise<DeployedStack> {
    const target = await this.emulator();
    const options = await this.#prepare();
    const web = await startPages(options);
    this.#cleanup.add(() => web.stop());
    // With a Cognito user pool in addition to the local issuer, so that its users are tested too.
    const outputs = await deployStack(options, target, web, { userPool: 'true' });
    const urls = urlsOf(outputs);
    web.publish({ webSocketUrl: urls.webSocketUrl, tokenIn: 'query', users: [] });
    const emulatorLog = (await this.#emulator)?.emulator?.logFile ?? '';
    return { ...target, ...urls, webUrl: `${web.origin}/`, outputs, issuer: web.issuer, emulatorLog };
  }

  #prepare(): Promise<LocalStackOptions> {
    this.#options ??= this.#createOptions();
    return this.#options;
  }

  async #createOptions(): Promise<LocalStackOptions> {
    await mkdir(this.#directory, { recursive: true });
    this.#cleanup.add(() => this.#discard());
    return {
      directory: this.#directory,
      emulatorPort: await freePort(),
      webPort: 0,
      signingKey: await generateKey(),
      persist: false,
      steps: new Steps(process.stderr),
    };
  }

  #discard(): void {
    if (process.env.PARLEY_KEEP_TEST_STATE) process.stderr.write(`The emulator's log is in ${this.#directory}\n`);
    else rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Each project loads this module for itself, so what they share is kept on the process. */
const SHARED = Symbol.for('parley.test-emulator');
const holder = globalThis as { [SHARED]?: TestEmulator };

/** The emulator of this test run. */
export function testEmulator(): TestEmulator {
  holder[SHARED] ??= new TestEmulator();
  return holder[SHARED];
}

/** Removes what killed test runs left behind. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(LOCAL_DIR).catch(() => [])) {
    if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length)))) continue;
    await rm(join(LOCAL_DIR, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
