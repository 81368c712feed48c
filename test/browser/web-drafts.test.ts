import { expect, test } from 'vitest';
import {
  addressOf,
  createDirect,
  enter,
  field,
  inPage,
  keepPictures,
  message,
  names,
  say,
  use,
  WebAppTests,
} from '../support/web-app.ts';

const app = new WebAppTests();

test('a draft and the message it answers survive another conversation and a reload; Escape drops only the quote', {
  timeout: 120_000,
}, async () => {
  const { alice, channel } = names();
  const page = await app.open(alice);
  await enter(page, channel);
  await say(page, 'What about Friday?');
  await message(page, 'What about Friday?').waitFor();
  await use(page, 'What about Friday?', 'Reply');
  await field(page).fill('Friday is');
  const note = page.locator('.composition-note', { hasText: 'What about Friday?' });
  await note.waitFor();

  await enter(page, `${channel}-other`);
  expect(await field(page).inputValue()).toBe('');
  const row = page.getByRole('navigation').getByRole('link').filter({ hasText: 'Draft: Friday is' });
  await row.click();
  await note.waitFor();
  expect(await field(page).inputValue()).toBe('Friday is');
  await page.reload();
  await note.waitFor();
  expect(await field(page).inputValue()).toBe('Friday is');
  await keepPictures(page, 'web-draft');

  await field(page).press('Escape');
  await note.waitFor({ state: 'detached' });
  expect(await field(page).inputValue()).toBe('Friday is');
  await page.reload();
  await field(page).waitFor();
  expect(await field(page).inputValue()).toBe('Friday is');
  expect(await note.count()).toBe(0);
  await field(page).press('Enter');
  await message(page, 'Friday is').waitFor();
  expect(
    await inPage<string[]>(page, "Object.keys(localStorage).filter((key) => key.startsWith('parley.draft'))"),
  ).toEqual([]);
});

test('the Enter that ends a composition does not send, in the order of Safari either', {
  timeout: 120_000,
}, async () => {
  const { alice, channel } = names();
  const page = await app.open(alice);
  await enter(page, channel);
  await field(page).fill('日本語');
  const press = (init: object) =>
    inPage(
      page,
      `document.querySelector('#composer').dispatchEvent(new KeyboardEvent('keydown', ${JSON.stringify({
        key: 'Enter',
        bubbles: true,
        cancelable: true,
        ...init,
      })}))`,
    );
  await press({ isComposing: true });
  await press({ isComposing: false, keyCode: 229 });
  expect(await field(page).inputValue()).toBe('日本語');
  expect(await page.locator('.message').count()).toBe(0);
  await press({ keyCode: 13 });
  await message(page, '日本語').waitFor();
  expect(await field(page).inputValue()).toBe('');
});

test('without a connection nobody else is shown as online', { timeout: 120_000 }, async () => {
  const { alice, bob } = names();
  const second = await app.open(bob);
  await second.getByRole('heading', { name: 'Chats' }).waitFor();
  const first = await app.open(alice);
  await createDirect(first, bob);
  await second.goto(addressOf(bob));
  await second.getByRole('navigation').getByRole('link', { name: alice }).click();
  const online = first.locator('.conversation .dot[data-status="online"]');
  await online.waitFor();
  await first.getByTestId('presence').getByText('online').waitFor();
  await first.context().setOffline(true);
  await first.getByText('You are offline').waitFor();
  await online.waitFor({ state: 'detached' });
  await first.getByTestId('presence').getByText('Waiting for the connection').waitFor();
  expect(await first.locator('.shell .dot[data-status="online"]').count()).toBe(0);
  await keepPictures(first, 'web-offline-presence');
  await first.context().setOffline(false);
  await online.waitFor({ timeout: 45_000 });
});

test('a page without any storage works, and signs in', { timeout: 120_000 }, async () => {
  const { alice, channel } = names();
  const page = await app.open(alice);
  await page.addInitScript({
    content: `for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });`,
  });
  await page.goto(addressOf(alice, channel));
  await page.reload();
  await page.getByText(/no such conversation/).waitFor();
  await enter(page, channel);
  await say(page, 'Without a trace');
  await message(page, 'Without a trace').waitFor();
});
