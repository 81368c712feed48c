import type { LaunchOptions } from 'playwright-core';
import type { BrowserLaunch } from './provided.ts';

/** What Playwright is to be given. None of the package's own arguments: they switch web security off. */
export function launchOptions({ env, ...launch }: BrowserLaunch): LaunchOptions {
  return { ...launch, ...(env && { env: { ...process.env, ...env } as Record<string, string> }) };
}
