import { expect, test } from 'vitest';
import { keepScreenshot } from '../support/browser.ts';
import { addressOf, enter, field, message, names, say, texts, WebAppTests } from '../support/web-app.ts';

const app = new WebAppTests();
/** CONN-6: up to 30 s between attempts, and the banner has a button for users who do not want to wait. */
const RECONNECT_MS = 45_000;

test('what is written offline is kept, shown as pending, and arrives once', { timeout: 180_000 }, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const second = await app.open(bob, { conversationId: channel });
  await say(first, 'before');
  await message(second, 'before').waitFor();

  await first.context().setOffline(true);
  await first.getByText('You are offline').waitFor();
  await say(first, 'one');
  await say(first, 'two');
  expect(await first.locator('.message[data-status="pending"]').count()).toBe(2);
  await say(second, 'meanwhile');
  await message(second, 'meanwhile').waitFor();
  await keepScreenshot(first, 'web-offline');

  await first.context().setOffline(false);
  await message(second, 'two').waitFor({ timeout: RECONNECT_MS });
  await message(first, 'two').waitFor();
  const expected = ['before', 'meanwhile', 'one', 'two'];
  expect(await texts(second)).toEqual(expected);
  expect(await texts(first)).toEqual(expected);
  expect(await first.locator('.message[data-status="pending"]').count()).toBe(0);
});

test('a full outbox survives a reload, and each message arrives once', { timeout: 180_000 }, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const second = await app.open(bob, { conversationId: channel });
  await field(second).waitFor();

  const context = first.context();
  await context.setOffline(true);
  await first.getByText('You are offline').waitFor();
  const written = Array.from({ length: 5 }, (_, index) => `kept ${index + 1}`);
  for (const text of written) await say(first, text);
  expect(await first.locator('.message[data-status="pending"]').count()).toBe(5);
  await context.setOffline(false);
  await first.reload();

  await message(first, 'kept 5').waitFor({ timeout: RECONNECT_MS });
  await message(second, 'kept 5').waitFor({ timeout: RECONNECT_MS });
  expect(await texts(second)).toEqual(written);
  await second.goto(addressOf(bob, channel));
  await message(second, 'kept 5').waitFor();
  expect(await texts(second)).toEqual(written);
});
