import type { LaunchOptions } from 'playwright-core';
import type { BrowserLaunch } from './provided.ts';

/** The options for Playwright. Leaves out the package's own arguments, which switch web security off. */
export function launchOptions({ env, ...launch }: BrowserLaunch): LaunchOptions {
  return { ...launch, ...(env && { env: { ...process.env, ...env } as Record<string, string> }) };
}
