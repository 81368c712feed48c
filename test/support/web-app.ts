import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { keepScreenshot, launchBrowser } from './browser.ts';
import { deployedStack } from './deployed-stack.ts';
import type { BackdatedServer } from './web-socket-route.ts';

const WAIT_MS = 20_000;
const WATCH_POLICY = `
  window.__violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    window.__violations.push(effectiveDirective + ' ' + blockedURI);
  });`;

interface Seen {
  readonly violations?: readonly string[];
  readonly ran?: unknown;
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** An IANA time zone. Default: that of the machine. */
  readonly timezoneId?: string;
  /** The server that the app talks to instead of the deployed stack. */
  readonly server?: BackdatedServer;
  /** A conversation to open. */
  readonly conversationId?: string;
  /** The app's address, if it is not the deployed stack's web server. */
  readonly site?: string;
  /** Set to open another window of the same browser, with the same storage. */
  readonly context?: BrowserContext;
}

/**
 * The web app in a browser, for the tests of one file. A test fails on any complaint of a page: an exception, an error
 * in the console, a dialog, a violation of the policy, or a message whose text was run (`window.__xss`).
 */
export class WebAppTests {
  readonly complaints: string[] = [];
  #browser: Browser | undefined;

  constructor() {
    beforeAll(async () => {
      this.#browser = await launchBrowser();
    }, 60_000);
    afterEach(async () => {
      for (const context of this.#browser?.contexts() ?? []) {
        for (const page of context.pages()) await this.#look(page);
        await context.close();
      }
      expect(this.complaints.splice(0)).toEqual([]);
    });
    afterAll(() => this.#browser?.close());
  }

  /** Opens the app as a user with any id, or signed out without one. */
  async open(userId: string, options: OpenOptions = {}): Promise<Page> {
    const { width = 1280, height = 800, colorScheme = 'light', server, conversationId } = options;
    if (!this.#browser) throw new Error('the browser is not there yet');
    const context =
      options.context ??
      (await this.#browser.newContext({
        viewport: { width, height },
        colorScheme,
        locale: 'en-GB',
        ...(options.timezoneId && { timezoneId: options.timezoneId }),
      }));
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    await page.addInitScript({ content: WATCH_POLICY });
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('console', (message) => this.#hear(message.type(), message.text()));
    page.on('dialog', async (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    if (server) await server.serve(page);
    await page.goto(options.site ?? addressOf(userId, conversationId));
    return page;
  }

  /** Leaves out the complaints that come from a network that was cut on purpose. */
  #hear(type: string, text: string): void {
    if (type === 'error' && !/ERR_INTERNET_DISCONNECTED|WebSocket connection to/.test(text)) {
      this.complaints.push(`console: ${text}`);
    }
  }

  async #look(page: Page): Promise<void> {
    const found = await inPage<Seen>(page, '({ violations: window.__violations, ran: window.__xss })').catch(
      () => undefined,
    );
    for (const violation of found?.violations ?? []) this.complaints.push(`policy: ${violation}`);
    if (found?.ran !== undefined) this.complaints.push('text was run as a script');
  }
}

/** The value of an expression in the page. It is a text, because the page's types are not those of the tests. */
export function inPage<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate(expression) as Promise<T>;
}

export function addressOf(userId: string, conversationId?: string): string {
  const url = new URL(deployedStack().webUrl);
  if (userId) url.searchParams.set('user', userId);
  if (conversationId) url.hash = `#/${conversationId}`;
  return url.href;
}

/** Names of users and a channel for one test, because it shares the stack with others. */
export function names() {
  const suffix = randomUUID().slice(0, 8);
  return { alice: `alice-${suffix}`, bob: `bob-${suffix}`, carol: `carol-${suffix}`, channel: `room-${suffix}` };
}

/** Creates a channel, or joins it if it is there. */
export async function enter(page: Page, channel: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Channel' }).fill(channel);
  await dialog.getByRole('button', { name: 'Join or create' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('main', { name: channel, exact: true }).locator('#composer').waitFor();
}

export function field(page: Page) {
  return page.locator('#composer');
}

export async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Enter');
}

/** The element of the message with this text. A message that is not sent yet has no seq. */
export function message(page: Page, text: string) {
  return page.locator('.message[data-seq]').filter({ has: page.locator('.text', { hasText: text }) });
}

/** The texts of all messages that the page has rendered, in order. */
export function texts(page: Page): Promise<string[]> {
  return page.locator('.message[data-seq] .text').allTextContents();
}

/** Presses a tool of a message, or an item in its menu. */
export async function use(page: Page, text: string, tool: string): Promise<void> {
  const target = message(page, text).first();
  await target.hover();
  const button = target.getByRole('toolbar').getByRole('button', { name: tool, exact: true });
  if ((await button.count()) > 0) return button.click();
  await target.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: tool, exact: true }).click();
}

/** Creates a group with these members, and waits until it is open. */
export async function createGroup(page: Page, name: string, members: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Group', { exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  const people = dialog.getByRole('textbox', { name: 'Members' });
  for (const userId of members) {
    await people.fill(userId);
    await people.press('Enter');
  }
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
  await field(page).waitFor();
}

/** Creates a direct conversation with a user, and waits until it is open. */
export async function createDirect(page: Page, userId: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Direct', { exact: true }).click();
  await dialog.getByLabel('Write to whom?').fill(userId);
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('heading', { name: userId }).waitFor();
}

/** The member's line in the panel. */
export function member(page: Page, userId: string) {
  return page.locator(`.member[data-user="${userId}"]`);
}

/** Presses an item in a member's menu. */
export async function command(page: Page, userId: string, item: string): Promise<void> {
  await member(page, userId).getByRole('button').click();
  await page.getByRole('menuitem', { name: item }).click();
}

/**
 * Saves pictures of the page as it is on a phone and on a desktop, in light and in dark, and checks that nothing is wider
 * than the screen.
 */
export async function keepPictures(page: Page, name: string, widths: readonly number[] = [390, 1280]): Promise<void> {
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 780 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await inPage<number>(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await keepScreenshot(page, `${name}-${width}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}
