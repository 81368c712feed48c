import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How long a process may take to end after it was asked to, before it is killed. */
const END_GRACE_MS = 5_000;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** File that gets everything the command prints. */
  readonly logFile?: string;
  /** Ends the command, with all it has started, when aborted. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/**
 * Runs a command to its end without a terminal. It gets a process group of its own, so that ending it reaches what it
 * started and nothing else.
 * @throws the signal's reason if aborted; the error of the operating system if it cannot be started
 */
export async function run(
  command: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  if (options.logFile) await mkdir(dirname(options.logFile), { recursive: true });
  const child = spawn(command, parameters, {
    ...(options.cwd && { cwd: options.cwd }),
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const log = options.logFile ? createWriteStream(options.logFile) : undefined;
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      log?.write(chunk);
    });
  }
  const closed = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  const abort = () => void endGroup(child);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const code = await closed;
    options.signal?.throwIfAborted();
    return { code, output: Buffer.concat(chunks).toString('utf8') };
  } finally {
    options.signal?.removeEventListener('abort', abort);
    log?.end();
  }
}

/** Asks a process group to end, waits, and kills what is left of it. Resolves once its first process is gone. */
async function endGroup(child: ChildProcess, graceMs = END_GRACE_MS): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

/** Whether a process that was started has ended. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Sends a signal to a process that was started `detached`, and to all it has started in its group. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
