import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { buildClient } from '../../client/build.ts';
import { LOCAL_DIR, PROJECT_ROOT } from '../../scripts/common/paths.ts';
import { run } from '../../scripts/common/processes.ts';
import { launchBrowser } from '../support/browser.ts';
import { type DeployedChat, test } from '../support/deployed-chat.ts';
import { serveSite } from '../support/static-site.ts';

const OUTPUT = join(LOCAL_DIR, `test-${process.pid}-page`);
const VITE = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
const WAIT_MS = 20_000;

let browser: Browser;

beforeAll(async () => {
  await buildClient();
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await rm(OUTPUT, { recursive: true, force: true });
});

/** Builds the page for a user and a channel, as its README says. */
async function build(chat: DeployedChat, user: string, channel: string): Promise<void> {
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    VITE_PARLEY_URL: chat.stack.webSocketUrl,
    VITE_PARLEY_TOKEN: await chat.token(user),
    VITE_PARLEY_CONVERSATION: channel,
  };
  const page = join(PROJECT_ROOT, 'examples', 'react-page');
  const built = await run(process.execPath, [VITE, 'build', '--outDir', OUTPUT, '--emptyOutDir'], { cwd: page, env });
  expect(built.code, built.output).toBe(0);
}

describe('examples/react-page', () => {
  test('shows earlier and new messages, and sends one', async ({ chat }) => {
    const [bob] = await chat.connectAll('bob');
    const channel = await chat.channel(bob);
    await bob.say(channel, 'before');
    await build(chat, 'ann', channel);
    const site = await serveSite(OUTPUT, {}, {});
    const complaints: string[] = [];
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(WAIT_MS);
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(site.url);
      await page.getByRole('status').filter({ hasText: 'connected' }).waitFor();
      await page.getByText(`${bob.userId}: before`).waitFor();

      await page.getByLabel('Message').pressSequentially('Hello from a page');
      await bob.next(({ event, data }) => event === 'user-typing' && data.userId === chat.id('ann'));
      await page.getByRole('button', { name: 'Send' }).click();
      await bob.hears('Hello from a page');
      await bob.say(channel, 'Hello, page');
      await page.getByText(`${bob.userId}: Hello, page`).waitFor();
      const said = await page.getByRole('listitem').allTextContents();
      expect(said).toEqual([
        `${bob.userId}: before`,
        `${chat.id('ann')}: Hello from a page`,
        `${bob.userId}: Hello, page`,
      ]);
      expect(complaints).toEqual([]);
      await page.close();
    } finally {
      site.close();
    }
  });
});
