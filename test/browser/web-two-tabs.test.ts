import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { addressOf, enter, field, keepPictures, message, names, say, texts, WebAppTests } from '../support/web-app.ts';

const app = new WebAppTests();
/** CONN-6: up to 30 s between attempts. */
const RECONNECT_MS = 45_000;

/** Writes two messages without a network, as everyone in this browser then is, and closes the page. */
async function writeAndClose(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await page.getByText('You are offline').waitFor();
  await say(page, 'one');
  await say(page, 'two');
  expect(await page.locator('.message[data-status="pending"]').count()).toBe(2);
  await page.close();
}

test('what a closed page could not send is sent by the other one, once and in order', {
  timeout: 180_000,
}, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const context = first.context();
  const second = await app.open(alice, { context, conversationId: channel });
  await field(second).waitFor();
  const other = await app.open(bob, { conversationId: channel });
  await field(other).waitFor();

  await writeAndClose(first);
  await say(second, 'three');
  expect(await second.locator('.message .text').allTextContents()).toEqual(['three']);
  await keepPictures(second, 'web-two-tabs-offline');
  await context.setOffline(false);
  for (const text of ['one', 'two', 'three']) await message(other, text).waitFor({ timeout: RECONNECT_MS });
  for (const text of ['one', 'two', 'three']) await message(second, text).waitFor();
  await keepPictures(second, 'web-two-tabs-sent');
  const arrived = await texts(other);
  expect(arrived.toSorted()).toEqual(['one', 'three', 'two']);
  expect(arrived.indexOf('one')).toBeLessThan(arrived.indexOf('two'));
  expect(await texts(second)).toEqual(arrived);
  expect(await second.locator('.message[data-status="pending"]').count()).toBe(0);
});

test('what a closed page could not send is sent by one that is opened later', { timeout: 180_000 }, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const context = first.context();
  // It keeps the browser's window open, and is no page of the app.
  await context.newPage();
  const other = await app.open(bob, { conversationId: channel });
  await field(other).waitFor();

  await writeAndClose(first);
  await context.setOffline(false);
  const second = await app.open(alice, { context, conversationId: channel });
  for (const page of [second, other]) await message(page, 'two').waitFor({ timeout: RECONNECT_MS });
  for (const page of [second, other]) expect(await texts(page)).toEqual(['one', 'two']);
  await second.goto(addressOf(alice, channel));
  await message(second, 'two').waitFor();
  expect(await second.locator('.message .text').allTextContents()).toEqual(['one', 'two']);
});
