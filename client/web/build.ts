import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A page that is built into the `dist` of its own folder. */
interface Page {
  readonly name: string;
  readonly folder: string;
  /** Where it is served. */
  readonly base: string;
  /** All that the built files depend on, besides what both pages share. */
  readonly sources: readonly string[];
}

const WEB_APP: Page = { name: 'web app', folder: 'client/web', base: '/', sources: ['client/web/index.html'] };
const CONSOLE: Page = {
  name: 'console',
  folder: 'client/web/console',
  base: '/console/',
  sources: ['client/web/console/*.*', 'client/web/console/{state,styles,views,wire}/**/*.*'],
};
const SHARED_SOURCES = [
  'client/web/{build.ts,package.json,vite.config.ts,tsconfig.json}',
  'client/web/{public,src}/**/*.*',
  'client/src/**/*.ts',
  'shared/protocol/**/*.ts',
  'package-lock.json',
];

/** The folder that a page was built into; `fresh`: just now. */
interface Built {
  readonly directory: string;
  readonly fresh: boolean;
}

/**
 * Builds the web app into `client/web/dist`, unless its sources are the same as last time. A reader of the folder finds
 * either all old files or all new ones. Gives the folder.
 * @throws Error with what vite said, if it does not build
 */
export function buildWebApp(): Built {
  return build(WEB_APP);
}

/**
 * Builds the console into `client/web/console/dist`, as `buildWebApp` builds the app. Only a local server serves it.
 */
export function buildConsole(): Built {
  return build(CONSOLE);
}

function build({ name, folder, base, sources }: Page): Built {
  const directory = join(ROOT, folder, 'dist');
  const stamp = join(ROOT, '.local', `${name.replace(' ', '-')}.sha256`);
  const digest = digestOf(globSync([...SHARED_SOURCES, ...sources], { cwd: ROOT }).sort());
  if (existsSync(join(directory, 'index.html')) && read(stamp) === digest) return { directory, fresh: false };
  const draft = `${directory}.${process.pid}`;
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  const where = ['--config', 'client/web/vite.config.ts', '--base', base, '--outDir', draft];
  try {
    execFileSync(process.execPath, [vite, 'build', folder, ...where, '--logLevel', 'error'], {
      cwd: ROOT,
      // Tests too get what is deployed.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: 'pipe',
    });
    rmSync(directory, { recursive: true, force: true });
    renameSync(draft, directory);
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    throw new Error(`The ${name} does not build: ${stderr?.toString().trim() || String(error)}`, { cause: error });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  mkdirSync(join(ROOT, '.local'), { recursive: true });
  writeFileSync(stamp, digest);
  return { directory, fresh: true };
}

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\n`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return hash.digest('hex');
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
