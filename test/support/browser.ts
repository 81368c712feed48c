import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { PROJECT_ROOT } from '../../scripts/common/paths.ts';
import { launchOptions } from './browser-launch.ts';
import './provided.ts';

const ARTIFACTS_DIR = join(PROJECT_ROOT, 'artifacts');

/** Starts the browser that the global setup found. Close it when done. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions(inject('browser')));
}

/** Saves a picture of the page for people to look at, as `artifacts/{name}.png`, and gives its path. */
export async function keepScreenshot(page: Page, name: string): Promise<string> {
  await mkdir(ARTIFACTS_DIR, { recursive: true });
  const path = join(ARTIFACTS_DIR, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
