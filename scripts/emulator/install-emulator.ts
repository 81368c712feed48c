import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TOOLS_DIR } from '../common/paths.ts';
import { Problem } from '../common/problem.ts';
import { run } from '../common/processes.ts';

const OLDEST_PYTHON = [3, 10] as const;
const LOCK_FILE = new URL('ministack.lock.txt', import.meta.url);
/** Newest first; plain `python3` is what most machines have. */
const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/** A Python that can run the emulator. */
export interface Python {
  readonly command: string;
  /** Such as `3.11`. */
  readonly version: string;
}

/** An installed emulator: how to start it. */
export interface InstalledEmulator {
  readonly python: string;
  /** Folder with the emulator's packages, to be put on `PYTHONPATH`. */
  readonly packagesDir: string;
}

/**
 * Installs MiniStack as the lock file pins it, with hashes, into a folder of the project's, once.
 * @throws Problem if there is no suitable Python, or its pip fails
 */
export async function installEmulator(signal?: AbortSignal): Promise<InstalledEmulator & { readonly fresh: boolean }> {
  const python = await findPython(signal);
  const lock = await readFile(LOCK_FILE);
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 10);
  const packagesDir = join(TOOLS_DIR, `ministack-${hash}-python${python.version}`);
  if (existsSync(packagesDir)) return { python: python.command, packagesDir, fresh: false };

  // Installed aside and renamed when complete: whoever is interrupted, or comes second, never sees half of it.
  const partial = `${packagesDir}.${process.pid}.partial`;
  await mkdir(TOOLS_DIR, { recursive: true });
  await rm(partial, { recursive: true, force: true });
  const logFile = join(TOOLS_DIR, 'pip.log');
  try {
    const { code, output } = await runInstaller(python, partial, logFile, signal);
    if (code !== 0) throw new Problem(installFailure(python, output, logFile));
    await rename(partial, packagesDir).catch((error: unknown) => {
      if (!existsSync(packagesDir)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return { python: python.command, packagesDir, fresh: true };
}

async function runInstaller(python: Python, target: string, logFile: string, signal?: AbortSignal) {
  const lock = LOCK_FILE.pathname;
  const hasPip = (await run(python.command, ['-m', 'pip', '--version'], { ...(signal && { signal }) })).code === 0;
  const [command, parameters] = hasPip
    ? [python.command, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-compile']]
    : ['uv', ['pip', 'install', '--python', python.command]];
  const options = {
    logFile,
    // A user's `pip config` may ask for --user, which contradicts --target.
    env: { ...process.env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' },
    ...(signal && { signal }),
  };
  return run(command, [...parameters, '--target', target, '--no-deps', '--require-hashes', '-r', lock], options).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new Problem(
        `Python ${python.version} has no pip: install it (\`python3 -m ensurepip\`, or the package python3-pip), then run this again.`,
      );
    },
  );
}

/** @throws Problem if no Python on the path is new enough */
async function findPython(signal?: AbortSignal): Promise<Python> {
  const seen: string[] = [];
  for (const command of process.env.PARLEY_PYTHON ? [process.env.PARLEY_PYTHON] : CANDIDATES) {
    const version = await versionOf(command, signal);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return { command, version };
    seen.push(`${command} is ${version}`);
  }
  const found = seen.length > 0 ? seen.join(', ') : 'there is none on the path';
  throw new Problem(
    `The local emulator needs Python ${OLDEST_PYTHON.join('.')} or newer and ${found}: install one (or name it in PARLEY_PYTHON), or set AWS_ENDPOINT_URL to an emulator that runs already.`,
  );
}

async function versionOf(command: string, signal?: AbortSignal): Promise<string | undefined> {
  const program = 'import sys; print("%d.%d" % sys.version_info[:2])';
  try {
    const { code, output } = await run(command, ['-c', program], { ...(signal && { signal }) });
    return code === 0 ? output.trim() : undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

function installFailure(python: Python, output: string, logFile: string): string {
  const reason =
    output
      .split('\n')
      .findLast((line) => /^\s*error/i.test(line))
      ?.trim() ?? 'no reason given';
  return `pip of Python ${python.version} could not install the emulator (${reason}): check the network, see ${logFile}, then run this again.`;
}
