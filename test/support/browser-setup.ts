import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { buildConsole, buildWebApp } from '../../client/web/build.ts';
import { PROJECT_ROOT, TOOLS_DIR } from '../../scripts/common/paths.ts';
import { run } from '../../scripts/common/processes.ts';
import './provided.ts';
import { launchOptions } from './browser-launch.ts';
import type { BrowserLaunch } from './provided.ts';

const PACKAGE_DIR = join(PROJECT_ROOT, 'node_modules', '@sparticuz', 'chromium');

/** The machine's fonts, for glyphs that the package's own font lacks (emoji, CJK). Missing folders are skipped. */
const MACHINE_FONTS = ['/usr/share/fonts', '/usr/local/share/fonts'];

/** Global setup of browser tests: builds the pages and unpacks the browser once, before tests run in parallel. */
export default async function setup(project: TestProject): Promise<void> {
  buildWebApp();
  buildConsole();
  const browser = await findBrowser();
  process.stderr.write(`browser: draws text with ${await fontOf(browser)}\n`);
  project.provide('browser', browser);
}

/**
 * Starts the browser once and asks it which font it draws with.
 * @throws Error if it cannot draw text: without a font Chromium dies on the first page that has some
 */
async function fontOf(launch: BrowserLaunch): Promise<string> {
  const browser = await chromium.launch(launchOptions(launch));
  try {
    const page = await browser.newPage();
    await page.setContent('<p>Parley</p>');
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('DOM.enable');
    await devTools.send('CSS.enable');
    const { root } = await devTools.send('DOM.getDocument');
    const { nodeId } = await devTools.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'p' });
    const { fonts } = await devTools.send('CSS.getPlatformFontsForNode', { nodeId });
    return fonts.map(({ familyName }) => familyName).join(', ');
  } catch (error) {
    throw new Error('The browser cannot draw text; does it find a font?', { cause: error });
  } finally {
    await browser.close();
  }
}

/** The Chromium from the package where it runs (Linux on x86-64), the machine's own Chrome elsewhere. */
async function findBrowser(): Promise<BrowserLaunch> {
  if (process.env.PARLEY_BROWSER) return { executablePath: process.env.PARLEY_BROWSER };
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' };
  const directory = await unpack();
  const executablePath = join(directory, 'chromium');
  const env: Record<string, string> = { FONTCONFIG_FILE: await writeFontsConfig(directory) };
  // A bare machine lacks libraries (above all NSS) that the package brings for Lambda.
  const { code } = await run(executablePath, ['--version']);
  if (code !== 0) env.LD_LIBRARY_PATH = join(directory, 'al2023', 'lib');
  return { executablePath, env };
}

/**
 * Writes which folders have fonts here, because the package's own configuration names only those of Lambda. The
 * package's own font comes first, so that pages look the same on every machine.
 */
async function writeFontsConfig(directory: string): Promise<string> {
  const file = join(directory, 'fonts', 'parley-fonts.conf');
  const folders = [join(directory, 'fonts', 'fonts'), ...MACHINE_FONTS].map((folder) => `  <dir>${folder}</dir>`);
  await writeFile(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.join('\n')}
  <cachedir>${join(directory, 'fonts-cache')}</cachedir>
  <match target="pattern">
    <edit name="family" mode="append" binding="weak"><string>Open Sans</string></edit>
  </match>
</fontconfig>
`,
  );
  return file;
}

async function unpack(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PACKAGE_DIR, 'package.json'), 'utf8')) as { version: string };
  const directory = join(TOOLS_DIR, `chromium-${version}`);
  if (existsSync(directory)) return directory;
  const partial = `${directory}.${process.pid}.partial`;
  await mkdir(partial, { recursive: true });
  try {
    // The package unpacks into the temporary folder, and only a process of its own can have that elsewhere.
    const program = fileURLToPath(new URL('./unpack-browser.ts', import.meta.url));
    const options = { cwd: PROJECT_ROOT, env: { ...process.env, TMPDIR: partial } };
    const { code, output } = await run(process.execPath, [program, PACKAGE_DIR], options);
    if (code !== 0) throw new Error(`Chromium could not be unpacked: ${output}`);
    await rename(partial, directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return directory;
}
