import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { keepScreenshot, launchBrowser } from '../support/browser.ts';
import { deployedStack } from '../support/deployed-stack.ts';

const WAIT_MS = 20_000;
const MARKUP = '<img src=x onerror="document.title=\'owned\'"><script>alert(1)</script><b>bold</b>';

let browser: Browser;
/** Whatever a page complained about: blocked by the policy, thrown, or a dialog that markup opened. */
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(complaints.splice(0)).toEqual([]);
});

afterAll(() => browser.close());

/** Users and channels of one test: the stack is shared with others. */
function names() {
  const suffix = randomUUID().slice(0, 8);
  return { alice: `alice-${suffix}`, bob: `bob-${suffix}`, channel: `room-${suffix}` };
}

async function openPage(options: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {}) {
  const { width = 1360, height = 850, colorScheme = 'light' } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`));
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.goto(new URL('/console/', deployedStack().webUrl).href);
  return page;
}

async function connect(page: Page, userId: string) {
  await page.getByLabel('Who are you?').selectOption({ label: 'Another user id…' });
  await page.getByLabel('User id').fill(userId);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.locator('#connection[data-state="open"]').waitFor();
}

async function show(page: Page, part: 'Rooms' | 'Chat' | 'Protocol') {
  const tab = page.getByRole('navigation').getByRole('button', { name: part });
  if (await tab.isVisible()) await tab.click();
}

async function join(page: Page, channel: string, { create = false } = {}) {
  await show(page, 'Rooms');
  await page.getByLabel('Channel to join or create').fill(channel);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  if (create) await page.getByRole('button', { name: 'Create it' }).click();
  // The title changes at once; the position in the log shows that the join was answered.
  await page.locator('#chat-title', { hasText: channel }).waitFor();
  await page.locator('#chat-facts', { hasText: 'log at' }).waitFor();
}

async function say(page: Page, text: string) {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByLabel('Message', { exact: true }).press('Enter');
}

/** A message of the log; one that is still on its way has no seq. */
function message(page: Page, text: string) {
  return page.locator('.message[data-seq]', { hasText: text });
}

describe('the console on the deployed stack', () => {
  test('two users see each other online, typing and writing; a reload resumes', { timeout: 120_000 }, async () => {
    const { alice, bob, channel } = names();
    const [first, second] = [await openPage(), await openPage({ colorScheme: 'dark' })];
    await connect(first, alice);
    await join(first, channel, { create: true });
    await connect(second, bob);
    await join(second, channel);
    await first.locator('#people', { hasText: bob }).waitFor();
    await second.locator('#people', { hasText: alice }).waitFor();

    await second.getByLabel('Message', { exact: true }).pressSequentially('Good mor');
    await first.locator('#typing', { hasText: `${bob} is typing` }).waitFor();
    await say(second, 'Good morning');
    await message(first, 'Good morning').waitFor();
    await message(second, 'Good morning').waitFor();
    await first.locator('#typing', { hasNotText: 'typing' }).waitFor({ state: 'attached' });

    await first.getByLabel('Message', { exact: true }).fill('two');
    await first.getByLabel('Message', { exact: true }).press('Shift+Enter');
    await first.getByLabel('Message', { exact: true }).pressSequentially('lines');
    await first.getByLabel('Message', { exact: true }).press('Enter');
    await message(second, 'lines').waitFor();
    expect(await message(second, 'lines').locator('.text').textContent()).toBe('two\nlines');

    await keepScreenshot(first, 'console-light');
    await keepScreenshot(second, 'console-dark');

    await first.reload();
    await message(first, 'lines').waitFor();
    expect(await first.locator('.message[data-seq] .text').allTextContents()).toEqual(['Good morning', 'two\nlines']);
    await say(second, 'Welcome back');
    await message(first, 'Welcome back').waitFor();
  });

  test('TEXT-1: markup in a message and in a name stays text', { timeout: 120_000 }, async () => {
    const { alice, bob, channel } = names();
    const [first, second] = [await openPage(), await openPage()];
    await connect(first, alice);
    // Created by a raw frame: the composer passes on what stands there.
    const frame = { action: 'create-conversation', kind: 'channel', conversationId: channel, name: MARKUP };
    await first.getByLabel('Frame', { exact: true }).fill(JSON.stringify({ ...frame, requestId: 'raw-1' }));
    await first.getByRole('button', { name: 'Send frame' }).click();
    await first.locator('#frames', { hasText: 'conversation-created' }).waitFor();
    await first.getByLabel('Channel to join or create').fill(channel);
    await first.getByLabel('Channel to join or create').press('Enter');
    await first.locator('#chat-title', { hasText: MARKUP }).waitFor();
    await connect(second, bob);
    await second.getByLabel('Channel to join or create').fill(channel);
    await second.getByLabel('Channel to join or create').press('Enter');
    await second.locator('#chat-title', { hasText: MARKUP }).waitFor();

    await say(first, MARKUP);
    await message(second, 'bold').waitFor();
    expect(await message(second, 'bold').locator('.text').textContent()).toBe(MARKUP);
    expect(await second.locator('#messages img, #messages script, #messages .text b, #rooms img').count()).toBe(0);
    expect(await second.title()).not.toContain('owned');
    await keepScreenshot(second, 'console-markup');
  });

  test('the frame log shows both directions, and a bad frame its error', { timeout: 120_000 }, async () => {
    const { alice } = names();
    const page = await openPage();
    await connect(page, alice);
    await page.locator('#frames .in', { hasText: 'pong' }).waitFor();
    await page.getByLabel('Frame', { exact: true }).fill('{"action":"dance","requestId":"raw-1"}');
    await page.getByRole('button', { name: 'Send frame' }).click();
    const error = page.locator('#frames .in', { hasText: 'unknown-action' });
    await error.locator('summary').click();
    await error.locator('pre', { hasText: '"requestId": "raw-1"' }).waitFor();
    await page.getByRole('button', { name: '↑ Out' }).click();
    await error.waitFor({ state: 'hidden' });
    expect(await page.locator('#frames .out').first().isVisible()).toBe(true);
  });

  test('it fits a screen 360 pixels wide', { timeout: 120_000 }, async () => {
    const { alice, channel } = names();
    const page = await openPage({ width: 360, height: 740 });
    await connect(page, alice);
    await join(page, channel, { create: true });
    await say(page, 'A'.repeat(200));
    await message(page, 'AAAA').waitFor();
    for (const part of ['Rooms', 'Chat', 'Protocol'] as const) {
      await show(page, part);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      await keepScreenshot(page, `console-360-${part.toLowerCase()}`);
    }
  });
});
