import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TOOLS_DIR } from './paths.ts';
import { Problem } from './problem.ts';
import { run } from './processes.ts';

const OLDEST_PYTHON = [3, 10] as const;
/** Plain `python3` first, because most machines have it; then newest first. */
const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/** A Python that is new enough. */
export interface Python {
  /**
   * Path of the program itself. The name by which it was found may lead to another one elsewhere: version managers
   * choose by the folder and by variables.
   */
  readonly command: string;
  /** Such as `3.11`. */
  readonly version: string;
}

/** Installed packages, and the Python that they were installed for. */
export interface PythonPackages {
  readonly python: string;
  /** Folder with the packages, to be put on `PYTHONPATH`. */
  readonly packagesDir: string;
}

/**
 * Installs packages from PyPI as a lock file pins them, with hashes, into a folder of the project's, once.
 * @param name what they are for: the first part of the folder's name
 * @param lockFile a pip requirements file that names every package, its dependencies too
 * @returns where they are; `fresh` if this call installed them
 * @throws Problem if there is no suitable Python, or its pip fails
 */
export async function installPackages(
  name: string,
  lockFile: URL,
  signal?: AbortSignal,
): Promise<PythonPackages & { readonly fresh: boolean }> {
  const python = await findPython(signal);
  const hash = createHash('sha256')
    .update(await readFile(lockFile))
    .digest('hex')
    .slice(0, 10);
  const packagesDir = join(TOOLS_DIR, `${name}-${hash}-python${python.version}`);
  if (existsSync(packagesDir)) return { python: python.command, packagesDir, fresh: false };

  // Installed aside and renamed when complete: whoever is interrupted, or comes second, never sees half of it.
  const partial = `${packagesDir}.${process.pid}.partial`;
  await mkdir(TOOLS_DIR, { recursive: true });
  await rm(partial, { recursive: true, force: true });
  const logFile = join(TOOLS_DIR, 'pip.log');
  try {
    const { code, output } = await runInstaller(python, fileURLToPath(lockFile), partial, logFile, signal);
    if (code !== 0) throw new Problem(installFailure(name, python, output, logFile));
    await rename(partial, packagesDir).catch((error: unknown) => {
      if (!existsSync(packagesDir)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return { python: python.command, packagesDir, fresh: true };
}

/**
 * Looks for a Python on the path that is new enough, or takes the one that `PARLEY_PYTHON` names.
 * @throws Problem if there is none
 */
export async function findPython(signal?: AbortSignal): Promise<Python> {
  const seen: string[] = [];
  for (const name of process.env.PARLEY_PYTHON ? [process.env.PARLEY_PYTHON] : CANDIDATES) {
    const python = await askPython(name, signal);
    if (python === undefined) continue;
    const [major = 0, minor = 0] = python.version.split('.').map(Number);
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return python;
    seen.push(`${name} is ${python.version}`);
  }
  const found = seen.length > 0 ? seen.join(', ') : 'there is none on the path';
  throw new Problem(
    `The local emulator needs Python ${OLDEST_PYTHON.join('.')} or newer and ${found}: install one ` +
      '(or name it in PARLEY_PYTHON), or set AWS_ENDPOINT_URL to an emulator that runs already.',
  );
}

/** Which Python a name leads to here; `undefined` if to none. */
async function askPython(name: string, signal?: AbortSignal): Promise<Python | undefined> {
  const program = 'import sys; print("%d.%d" % sys.version_info[:2]); print(sys.executable)';
  try {
    const { code, output } = await run(name, ['-c', program], { ...(signal && { signal }) });
    const [version = '', executable = ''] = output.trim().split('\n');
    return code === 0 ? { command: executable || name, version } : undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

async function runInstaller(python: Python, lock: string, target: string, logFile: string, signal?: AbortSignal) {
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
        `Python ${python.version} has no pip: install it (\`python3 -m ensurepip\`, or the package python3-pip), ` +
          'then run this again.',
      );
    },
  );
}

function installFailure(name: string, python: Python, output: string, logFile: string): string {
  const reason =
    output
      .split('\n')
      .findLast((line) => /^\s*error/i.test(line))
      ?.trim() ?? 'no reason given';
  return (
    `pip of Python ${python.version} could not install ${name} (${reason}): ` +
    `check the network, see ${logFile}, then run this again.`
  );
}
