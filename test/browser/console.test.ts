import { randomUUID } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seriousFindings } from '../support/accessibility.ts';
import { keepScreenshot, launchBrowser } from '../support/browser.ts';
import { deployedStack } from '../support/deployed-stack.ts';
import { BackdatedServer } from '../support/web-socket-route.ts';

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

interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Talks to this server instead of the deployed stack. */
  readonly server?: BackdatedServer;
}

async function openPage(options: OpenOptions = {}) {
  const { width = 1360, height = 850, colorScheme = 'light', server } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`));
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  if (server) await server.serve(page);
  await page.goto(new URL('/console/', deployedStack().webUrl).href);
  return page;
}

async function connect(page: Page | Locator, userId: string) {
  await page.getByLabel('Who are you?').selectOption({ label: 'Another user id…' });
  await page.getByLabel('User id').fill(userId);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.locator('.connection[data-state="connected"]').waitFor();
}

async function show(page: Page | Locator, part: 'Rooms' | 'Chat' | 'Protocol') {
  const tab = page.getByRole('navigation', { name: 'Parts of the page' }).getByRole('button', { name: part });
  if (await tab.isVisible()) await tab.click();
}

async function join(page: Page | Locator, channel: string, { create = false } = {}) {
  await show(page, 'Rooms');
  await page.getByLabel('Channel to join or create').fill(channel);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  if (create) await page.getByRole('button', { name: 'Create it' }).click();
  // The title changes at once; the position in the log shows that the join was answered.
  await page.locator('.chat-title', { hasText: channel }).waitFor();
  await page.locator('.chat-facts', { hasText: 'log at' }).waitFor();
}

async function say(page: Page | Locator, text: string) {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByLabel('Message', { exact: true }).press('Enter');
}

/** A message of the log; one that is still on its way has no seq. */
function message(page: Page | Locator, text: string) {
  return page.locator('.message[data-seq]', { hasText: text });
}

/** In light and in dark: axe finds nothing serious, and a picture is kept for people to look at. */
async function look(page: Page, name: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    // Without transitions: axe would see colours on their way.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await seriousFindings(page)).toEqual([]);
    await keepScreenshot(page, `${name}-${colorScheme}`);
  }
}

async function menu(page: Page | Locator, text: string, action: string) {
  await message(page, text)
    .getByRole('button', { name: /Actions on message/ })
    .click();
  const owner = 'page' in page ? page.page() : page;
  await owner.getByRole('menuitem', { name: action }).click();
}

describe('the console on the deployed stack', () => {
  test('two users see each other online, typing and writing; a reload resumes', { timeout: 120_000 }, async () => {
    const { alice, bob, channel } = names();
    const [first, second] = [await openPage(), await openPage({ colorScheme: 'dark' })];
    await connect(first, alice);
    await join(first, channel, { create: true });
    await connect(second, bob);
    await join(second, channel);
    await first.locator('.people', { hasText: bob }).waitFor();
    await second.locator('.people', { hasText: alice }).waitFor();

    await second.getByLabel('Message', { exact: true }).pressSequentially('Good mor');
    await first.locator('.typing', { hasText: `${bob} is typing` }).waitFor();
    await say(second, 'Good morning');
    await message(first, 'Good morning').waitFor();
    await message(second, 'Good morning').waitFor();
    await first.locator('.typing', { hasNotText: 'typing' }).waitFor({ state: 'attached' });

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
    await first.locator('.frame-list', { hasText: 'conversation-created' }).waitFor();
    await first.getByLabel('Channel to join or create').fill(channel);
    await first.getByLabel('Channel to join or create').press('Enter');
    await first.locator('.chat-title', { hasText: MARKUP }).waitFor();
    await connect(second, bob);
    await second.getByLabel('Channel to join or create').fill(channel);
    await second.getByLabel('Channel to join or create').press('Enter');
    await second.locator('.chat-title', { hasText: MARKUP }).waitFor();

    await say(first, MARKUP);
    await message(second, 'bold').waitFor();
    expect(await message(second, 'bold').locator('.text').textContent()).toBe(MARKUP);
    expect(await second.locator('.messages img, .messages script, .messages .text b, .rooms img').count()).toBe(0);
    expect(await second.title()).not.toContain('owned');
    await keepScreenshot(second, 'console-markup');
  });

  test('the frame log shows both directions, and a bad frame its error', { timeout: 120_000 }, async () => {
    const { alice } = names();
    const page = await openPage();
    await connect(page, alice);
    await page.locator('.frame-list .in', { hasText: 'pong' }).waitFor();
    await page.getByLabel('Frame', { exact: true }).fill('{"action":"dance","requestId":"raw-1"}');
    await page.getByRole('button', { name: 'Send frame' }).click();
    const error = page.locator('.frame-list .in', { hasText: 'unknown-action' });
    await error.locator('summary').click();
    await error.locator('pre', { hasText: '"requestId": "raw-1"' }).waitFor();
    await page.getByRole('button', { name: '↑ Out' }).click();
    await error.waitFor({ state: 'hidden' });
    expect(await page.locator('.frame-list .out').first().isVisible()).toBe(true);
  });

  test('two users side by side: what goes out left comes in right', { timeout: 180_000 }, async () => {
    const { alice, bob, channel } = names();
    const page = await openPage({ width: 1280, height: 850 });
    const [left, right] = [
      page.getByRole('region', { name: 'first user' }),
      page.getByRole('region', { name: 'second user' }),
    ];
    await connect(left, alice);
    await join(left, channel, { create: true });
    await page.getByRole('button', { name: 'Two users' }).click();
    await look(page, 'console-second');
    await connect(right, bob);
    // The second user comes to where the first one is.
    await right.locator('.chat-facts', { hasText: 'log at' }).waitFor();
    expect(await right.locator('.chat-title').textContent()).toBe(channel);
    await left.locator('.people', { hasText: bob }).waitFor();

    await right.getByLabel('Message', { exact: true }).pressSequentially('I see');
    await left.locator('.typing', { hasText: `${bob} is typing` }).waitFor();
    await say(left, 'From left to right');
    await message(right, 'From left to right').waitFor();
    await left.locator('.frame-list .out', { hasText: 'send-message' }).waitFor();
    await left.locator('.frame-list .in', { hasText: 'message-sent' }).waitFor();
    const received = right.locator('.frame-list .in', { hasText: 'receive-message' });
    await received.locator('summary').click();
    await received.locator('pre', { hasText: 'From left to right' }).waitFor();
    await left.locator('.message', { hasText: 'From left to right' }).locator('.status', { hasText: 'read' }).waitFor();

    await say(right, 'And back');
    await menu(left, 'And back', 'React with 👍');
    await right.getByRole('button', { name: '👍 1' }).waitFor();
    await menu(right, 'From left', 'Reply');
    await say(right, 'An answer');
    await message(left, 'An answer').locator('blockquote', { hasText: 'From left to right' }).waitFor();
    await menu(right, 'An answer', 'Edit');
    await say(right, 'A better answer');
    await message(left, 'A better answer').locator('.meta', { hasText: 'edited' }).waitFor();
    await menu(left, 'And back', 'Delete');
    await message(right, 'This message was deleted').waitFor();

    // By hand: the reply on the left, the push on the right, and what the log tells between messages on both.
    await left.getByText('Send a frame').click();
    const frame = { action: 'update-conversation', requestId: 'raw-1', conversationId: channel, slowModeSeconds: 0 };
    await left.getByLabel('Frame', { exact: true }).fill(JSON.stringify({ ...frame, name: 'Two of us' }));
    await left.getByRole('button', { name: 'Send frame' }).click();
    await left.getByText('Send a frame').click();
    await left.locator('.frame-list .in', { hasText: 'conversation-updated' }).waitFor();
    await right.locator('.frame-list .in', { hasText: 'conversation-updated' }).waitFor();
    for (const side of [left, right]) {
      await side.locator('.notice', { hasText: `${alice} set name “Two of us”` }).waitFor();
      await side.locator('.chat-title', { hasText: 'Two of us' }).waitFor();
    }
    await look(page, 'console-two');

    await page.reload();
    await message(left, 'A better answer').waitFor();
    await message(right, 'A better answer').waitFor();
    await page.setViewportSize({ width: 390, height: 780 });
    await page.getByRole('navigation', { name: 'Users' }).getByRole('button', { name: bob }).click();
    for (const part of ['Rooms', 'Chat', 'Protocol'] as const) {
      await show(right, part);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      await look(page, `console-390-${part.toLowerCase()}`);
    }
    expect(await left.isVisible()).toBe(false);
  });

  test('what a raw frame may not be is told before the socket ends on it', { timeout: 120_000 }, async () => {
    const { alice } = names();
    const page = await openPage();
    await connect(page, alice);
    const frame = page.getByLabel('Frame', { exact: true });
    await frame.fill('x'.repeat(32 * 1024 + 1));
    await page.getByRole('button', { name: 'Send frame' }).click();
    await page.getByText('Over 32 KiB: not sent').waitFor();
    await frame.fill('not JSON');
    await page.getByRole('button', { name: 'Send frame' }).click();
    await page.locator('.frame-list .in', { hasText: 'invalid-json' }).waitFor();
    await page.locator('.connection[data-state="connected"]').waitFor();
    expect(await page.locator('.frame-list .out', { hasText: 'not JSON' }).count()).toBe(1);
  });

  test('older messages come in above what is read, new ones below', { timeout: 120_000 }, async () => {
    const server = new BackdatedServer();
    server.chat.create('long', ['alice', 'bob']);
    server.fill('long', 120, (index) => `Message ${index} ${'with more text '.repeat(index % 7)}`);
    const page = await openPage({ height: 500, server });
    await connect(page, 'alice');
    await join(page, 'long');
    await message(page, 'Message 119').waitFor();
    const first = page.locator('.message[data-seq]').first();
    const same = page.locator(`.message[data-seq="${await first.getAttribute('data-seq')}"]`);
    const older = page.getByRole('button', { name: 'Load earlier messages' });
    await older.scrollIntoViewIfNeeded();
    const before = await same.boundingBox();
    const shown = page.locator('.message[data-seq]');
    const held = await shown.count();
    await older.click();
    await expect.poll(() => shown.count()).toBeGreaterThan(held);
    const after = await same.boundingBox();
    // By no more than the heading of its day, which is now further up.
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(40);

    server.chat.as('bob', 'send-message', { conversationId: 'long', content: 'News' });
    await page.getByRole('button', { name: 'New messages' }).click();
    await expect
      .poll(async () => {
        const box = await message(page, 'News').boundingBox();
        return box !== null && box.y + box.height < 500;
      })
      .toBe(true);
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
