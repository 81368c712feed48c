import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildWebApp } from '../../client/web/build.ts';
import { PROJECT_ROOT, TOOLS_DIR } from '../../scripts/local/paths.ts';
import { run } from '../../scripts/local/processes.ts';
import './provided.ts';
import type { BrowserLaunch } from './provided.ts';

const PACKAGE_DIR = join(PROJECT_ROOT, 'node_modules', '@sparticuz', 'chromium');

/** Global setup of browser tests: builds the web app, and unpacks the browser once, before several could try at a time. */
export default async function setup(project: TestProject): Promise<void> {
  buildWebApp();
  project.provide('browser', await findBrowser());
}

/** The Chromium that comes as a package, where it runs (Linux on x86-64); elsewhere the machine's own Chrome. */
async function findBrowser(): Promise<BrowserLaunch> {
  if (process.env.PARLEY_BROWSER) return { executablePath: process.env.PARLEY_BROWSER };
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' };
  const directory = await unpack();
  const executablePath = join(directory, 'chromium');
  const { output } = await run('ldd', [executablePath]).catch(() => ({ output: '' }));
  // A bare machine lacks libraries (NSS above all) that the package brings for Lambda.
  const env: Record<string, string> = { FONTCONFIG_PATH: join(directory, 'fonts') };
  if (output.includes('not found')) env.LD_LIBRARY_PATH = join(directory, 'al2023', 'lib');
  return { executablePath, env };
}

async function unpack(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PACKAGE_DIR, 'package.json'), 'utf8')) as { version: string };
  const directory = join(TOOLS_DIR, `chromium-${version}`);
  if (existsSync(directory)) return directory;
  const partial = `${directory}.${process.pid}.partial`;
  await mkdir(partial, { recursive: true });
  try {
    // The package unpacks into the temporary folder, which a process of its own can have elsewhere.
    const program = `import { inflate } from '@sparticuz/chromium';
      for (const name of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'])
        await inflate('${PACKAGE_DIR}/bin/' + name);`;
    const options = { cwd: PROJECT_ROOT, env: { ...process.env, TMPDIR: partial } };
    const { code, output } = await run(process.execPath, ['--input-type=module', '--eval', program], options);
    if (code !== 0) throw new Error(`Chromium could not be unpacked: ${output}`);
    await rename(partial, directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return directory;
}
