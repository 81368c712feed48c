import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { keepScreenshot } from '../support/browser.ts';
import { field, inPage, message, names, say, WebAppTests } from '../support/web-app.ts';
import { BackdatedServer } from '../support/web-socket-route.ts';

const app = new WebAppTests();
/** Far more than a screen needs, far fewer than 10,000 messages would be. */
const NODES_MAX = 2_500;
const WHEEL_PX = 400;
const TO_TOP = "document.querySelector('.scroller').scrollTo({ top: 0 })";

/** The text of a message. Every seventh is long, because a list loses its place if heights differ. */
function textOf(index: number) {
  const more = index % 7 === 3 ? ` ${'with a good deal more text. '.repeat(10 + (index % 5) * 12)}`.trimEnd() : '';
  return `Message ${index}${more}`;
}

/** Opens a conversation of this user and another, with this many messages over many days. */
async function openLong(count: number): Promise<Page> {
  const { alice, bob } = names();
  const server = new BackdatedServer();
  server.chat.create('long', [alice, bob]);
  server.fill('long', count, textOf, 7 * 60_000);
  const page = await app.open(alice, { server, conversationId: 'long' });
  await message(page, `Message ${count - 1}`).waitFor();
  return page;
}

const VISIBLE = `
  (() => {
    const window = document.querySelector('.scroller').getBoundingClientRect();
    const boxes = [...document.querySelectorAll('.message')].map(
      (each) => [each.dataset.seq, each.querySelector('.bubble').getBoundingClientRect()],
    );
    const inside = boxes.filter(([, box]) => box.top > window.top && box.bottom < window.bottom);
    return Object.fromEntries(inside.map(([seq, box]) => [seq, box.top]));
  })()`;

/** The positions of the messages that are fully visible, by seq. */
function visible(page: Page): Promise<Record<string, number>> {
  return inPage(page, VISIBLE);
}

/** How far the messages have moved that are visible both before and after. */
function moves(before: Record<string, number>, after: Record<string, number>): number[] {
  return Object.entries(after).flatMap(([seq, top]) => (before[seq] === undefined ? [] : [top - before[seq]]));
}

/** The positions of messages once they have moved and come to rest. */
async function settled(page: Page, before: Record<string, number>): Promise<Record<string, number>> {
  for (let last = before; ; ) {
    const now = await visible(page);
    const still = moves(last, now).every((move) => Math.abs(move) < 1);
    const moved = moves(before, now).every((move) => Math.abs(move) > 1);
    if (still && moved) return now;
    last = now;
  }
}

test('scrolling back through pages of older messages moves every message by exactly what was scrolled', {
  timeout: 120_000,
}, async () => {
  const page = await openLong(400);
  await page.mouse.move(700, 400);
  let compared = 0;
  for (;;) {
    const before = await visible(page);
    const room = await inPage<number>(page, "document.querySelector('.scroller').scrollTop");
    if (room < WHEEL_PX) break;
    await page.mouse.wheel(0, -WHEEL_PX);
    const after = await settled(page, before);
    for (const move of moves(before, after)) {
      expect(Math.abs(move - WHEEL_PX)).toBeLessThanOrEqual(8);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(100);
  await page.getByText('This is the beginning').waitFor();
  await keepScreenshot(page, 'web-beginning');
});

test('with 10,000 messages loaded the page renders only a screen or two of them', {
  timeout: 180_000,
}, async () => {
  const page = await openLong(10_000);
  for (let top = false; !top; ) {
    await inPage(page, TO_TOP);
    await page.waitForTimeout(20);
    top = (await page.getByText('This is the beginning').count()) > 0;
    expect(await inPage<number>(page, "document.querySelectorAll('*').length")).toBeLessThan(NODES_MAX);
  }
  await inPage(page, TO_TOP);
  await message(page, 'Message 0').first().waitFor();
  await say(page, 'At the end of all that');
  await message(page, 'At the end of all that').waitFor();
  expect(await inPage<number>(page, "document.querySelectorAll('*').length")).toBeLessThan(NODES_MAX);
});

test('a reply leads to the message that it answers, however far back', { timeout: 120_000 }, async () => {
  const { alice, bob } = names();
  const server = new BackdatedServer();
  server.chat.create('long', [alice, bob]);
  server.fill('long', 400, textOf);
  server.chat.as(bob, 'send-message', { conversationId: 'long', content: 'As I said', replyTo: 10 });
  const page = await app.open(alice, { server, conversationId: 'long' });
  await message(page, 'As I said').getByRole('button', { name: 'In reply to' }).getByText('Message 9').waitFor();
  await message(page, 'As I said').getByRole('button', { name: 'In reply to' }).click();
  await page.locator('.message[data-found][data-seq="10"]').waitFor();
  await expect.poll(async () => Object.keys(await visible(page))).toContain('10');
  await page.getByRole('button', { name: /Latest/ }).click();
  await message(page, 'As I said').waitFor();
});

test('a jump to an answered message thousands of entries back offers to go on, and gets there', {
  timeout: 240_000,
}, async () => {
  const { alice, bob } = names();
  const server = new BackdatedServer();
  server.chat.create('long', [alice, bob]);
  server.fill('long', 5_300, textOf);
  server.chat.as(bob, 'send-message', { conversationId: 'long', content: 'As I said', replyTo: 3 });
  const page = await app.open(alice, { server, conversationId: 'long' });
  await message(page, 'As I said').getByRole('button', { name: 'In reply to' }).click();
  await page.getByText('Going back to that message').waitFor();
  await page.getByText('That message is far back.').waitFor({ timeout: 100_000 });
  await keepScreenshot(page, 'web-far-back');
  await page.getByRole('button', { name: 'Keep loading' }).click();
  await page.locator('.message[data-found][data-seq="3"]').waitFor({ timeout: 60_000 });
  expect(await page.getByText('That message is not there').count()).toBe(0);
});

test('the keyboard moves through the messages and reaches their tools', { timeout: 120_000 }, async () => {
  const page = await openLong(60);
  await field(page).focus();
  await page.locator('.scroller').focus();
  await page.keyboard.press('ArrowUp');
  await page.locator('.message[data-seq="60"]:focus').waitFor();
  for (let up = 0; up < 30; up += 1) await page.keyboard.press('ArrowUp');
  await page.locator('.message[data-seq="30"]:focus').waitFor();
  await expect.poll(async () => Object.keys(await visible(page))).toContain('30');
  await page.keyboard.press('Tab');
  const focused = page.locator('.message[data-seq="30"] .toolbar button:focus');
  await focused.waitFor();
  while (!(await focused.getAttribute('aria-label'))?.includes('Reply')) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.composition-note').waitFor();
  await page.locator('#composer:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.composition-note').waitFor({ state: 'detached' });
});
