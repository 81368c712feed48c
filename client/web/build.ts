import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIST = join(ROOT, 'client', 'web', 'dist');
const STAMP = join(ROOT, '.local', 'web-app.sha256');
/** Everything that the built files depend on. */
const SOURCES = [
  'client/web/build.ts',
  'client/web/{index.html,package.json,vite.config.ts,tsconfig.json}',
  'client/web/{public,src}/**/*.*',
  'client/src/**/*.ts',
  'shared/protocol/**/*.ts',
  'package-lock.json',
];

/**
 * Builds the web app into `client/web/dist`, if its sources are not those of the last time. Whoever reads the folder
 * meanwhile finds the old files or the new ones. Gives the folder.
 * @throws Error with what vite said, if it does not build
 */
export function buildWebApp(): { readonly directory: string; readonly fresh: boolean } {
  const digest = digestOf(globSync(SOURCES, { cwd: ROOT }).sort());
  if (existsSync(join(DIST, 'index.html')) && readStamp() === digest) return { directory: DIST, fresh: false };
  const draft = `${DIST}.${process.pid}`;
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  try {
    execFileSync(process.execPath, [vite, 'build', 'client/web', '--outDir', draft, '--logLevel', 'error'], {
      cwd: ROOT,
      // Whoever asks, a test too: this is what gets deployed.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: 'pipe',
    });
    rmSync(DIST, { recursive: true, force: true });
    renameSync(draft, DIST);
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    throw new Error(`The web app does not build: ${stderr?.toString().trim() || String(error)}`, { cause: error });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  mkdirSync(join(ROOT, '.local'), { recursive: true });
  writeFileSync(STAMP, digest);
  return { directory: DIST, fresh: true };
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

function readStamp(): string | undefined {
  return existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : undefined;
}
