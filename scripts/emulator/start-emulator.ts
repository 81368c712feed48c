import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BINARIES_DIR } from '../common/paths.ts';
import { isFree, LOOPBACK } from '../common/ports.ts';
import { Problem } from '../common/problem.ts';
import { hasEnded, signalGroup } from '../common/processes.ts';
import type { InstalledEmulator } from './install-emulator.ts';

const WRAPPER = fileURLToPath(new URL('emulator.py', import.meta.url));
const START_TIMEOUT_MS = 30_000;
const HEALTH_INTERVAL_MS = 50;
/** Saving state and closing sockets takes under 5 s; after this the emulator is killed. */
const STOP_TIMEOUT_MS = 15_000;

export interface EmulatorOptions {
  readonly installed: InstalledEmulator;
  readonly port: number;
  /** Folder for the emulator's log, temporary files and, if it persists, its state. */
  readonly directory: string;
  /** Keep what is stored, for the next start with the same directory. */
  readonly persist: boolean;
  readonly signal?: AbortSignal;
}

/** An emulator that this process started and that ends with it, whatever ends it. */
export interface Emulator {
  /** What `AWS_ENDPOINT_URL` is to be set to. */
  readonly endpoint: string;
  readonly logFile: string;
  /** Resolves when the emulator has ended, asked to or not. */
  readonly ended: Promise<void>;
  /** Lets it save its state and end. */
  stop(): Promise<void>;
}

/**
 * Starts MiniStack on a port of the loopback interface, with IAM enforcement on, and waits until it answers.
 * @throws Problem if the port is taken, or the emulator does not come up
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { port, directory, signal } = options;
  signal?.throwIfAborted();
  if (!(await isFree(port))) {
    throw new Problem(
      `Port ${port} is taken by another program: stop that, or choose another port for the emulator with PARLEY_PORT.`,
    );
  }
  const logFile = join(directory, 'emulator.log');
  const temporary = join(directory, 'tmp');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  // The emulator runs functions by a CommonJS script that it puts here, below our own `"type": "module"`.
  writeFileSync(join(temporary, 'package.json'), '{"type":"commonjs"}');
  if (options.persist) await prepareState(options);
  const log = openSync(logFile, 'w');
  const child = spawn(options.installed.python, [WRAPPER], {
    cwd: directory,
    env: { ...environment(options), TMPDIR: temporary },
    // The wrapper ends the emulator when this pipe closes, so it cannot outlive us, even if we are killed.
    stdio: ['pipe', log, log],
    // A group of its own: Ctrl-C in the terminal reaches us alone, and we let it save its state.
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin?.on('error', () => undefined);
  const emulator: Emulator = {
    endpoint: `http://localhost:${port}`,
    logFile,
    ended,
    stop: () => stop(child, ended),
  };
  try {
    await untilHealthy(child, port, signal);
    return emulator;
  } catch (error) {
    await emulator.stop();
    if (!(error instanceof Problem)) throw error;
    throw new Problem(`${error.message}${await lastLine(logFile)}: see ${logFile}, then run this again.`);
  }
}

/** Whether something that answers like the emulator's gateway, or any other of its kind, is at the address. */
export async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(5_000) });
    return true;
  } catch {
    return false;
  }
}

function environment({ installed, port, directory, persist }: EmulatorOptions): NodeJS.ProcessEnv {
  const { PATH = '', HOME } = process.env;
  const own = {
    // Lambda functions run as `node` from the path: the project's own comes first.
    PATH: `${BINARIES_DIR}${delimiter}${PATH}`,
    PYTHONPATH: installed.packagesDir,
    PYTHONUNBUFFERED: '1',
    BIND_HOST: LOOPBACK,
    GATEWAY_PORT: String(port),
    LAMBDA_EXECUTOR: 'local',
    // Enforces IAM: a function whose role lacks a permission is refused here as it would be on AWS.
    AUTH: 'true',
    PERSIST_STATE: persist ? '1' : '0',
    STATE_DIR: join(directory, 'state'),
    S3_PERSIST: persist ? '1' : '0',
    S3_DATA_DIR: join(directory, 's3'),
    // Listeners on fixed ports that nothing here uses.
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    // No reaping of containers on whatever Docker the machine has.
    DOCKER_HOST: `unix://${join(directory, 'no-docker.sock')}`,
  };
  return HOME === undefined ? own : { ...own, HOME };
}

/** Makes what an earlier emulator saved fit for this one: another version's state is discarded. */
async function prepareState({ directory, installed }: EmulatorOptions): Promise<void> {
  const stampFile = join(directory, 'saved-by');
  const version = basename(installed.packagesDir);
  const savedBy = await readFile(stampFile, 'utf8').catch(() => undefined);
  if (savedBy !== version) {
    rmSync(join(directory, 'state'), { recursive: true, force: true });
    rmSync(join(directory, 's3'), { recursive: true, force: true });
    await writeFile(stampFile, version);
  }
  await forgetStreamPositions(join(directory, 'state'));
}

/**
 * The emulator saves how far it has read each table's stream, but not the streams: after a restart they are empty, and
 * it would pass over as many new records as it had read before. Without a position it starts at the beginning.
 */
async function forgetStreamPositions(stateDir: string): Promise<void> {
  const file = join(stateDir, 'lambda.json');
  if (!existsSync(file)) return;
  const state = JSON.parse(await readFile(file, 'utf8')) as { payload?: { dynamodb_stream_positions?: unknown } };
  delete state.payload?.dynamodb_stream_positions;
  await writeFile(file, JSON.stringify(state));
}

async function untilHealthy(child: ChildProcess, port: number, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    if (hasEnded(child)) throw new Problem('The emulator ended while it started');
    try {
      const { ok } = await fetch(`http://${LOOPBACK}:${port}/_ministack/health`, {
        signal: AbortSignal.timeout(2_000),
      });
      if (ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(HEALTH_INTERVAL_MS);
  }
  throw new Problem(`The emulator did not answer within ${START_TIMEOUT_MS / 1000} s`);
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (!hasEnded(child)) {
    child.stdin?.end();
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }
  // Functions of the emulator that are still running.
  signalGroup(child, 'SIGKILL');
}

async function lastLine(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const line = text.trim().split('\n').at(-1)?.trim();
  return line ? ` ("${line.slice(0, 200)}")` : '';
}
