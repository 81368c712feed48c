import { expect, test } from 'vitest';
import { keepScreenshot } from '../support/browser.ts';
import {
  addressOf,
  createDirect,
  createGroup,
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
const ICON = `new URL(document.querySelector('link[rel="icon"]').href).pathname`;
/** From then on the page behaves as one that nobody looks at. */
const HIDE = `Object.defineProperty(document, 'hasFocus', { value: () => false, configurable: true });
  window.dispatchEvent(new Event('blur'));`;
const SHOW = `delete document.hasFocus; window.dispatchEvent(new Event('focus'));`;

test('title, icon and badge tell of unread messages, of the open conversation too while nobody looks', {
  timeout: 120_000,
}, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const second = await app.open(bob, { conversationId: channel });
  // A user who joins starts with everything read: what is sent before that is not unread.
  await second.getByTestId('presence').getByText('2 people here').waitFor();
  await inPage(second, HIDE);
  await say(first, 'one');
  await message(first, 'one').waitFor();
  await say(first, 'two');
  const badge = second.locator('.conversation .badge', { hasText: '2' });
  await badge.waitFor();
  await expect.poll(() => second.title()).toMatch(/^\(2\) /);
  expect(await inPage(second, ICON)).toBe('/icon-unread.svg');
  await keepPictures(second, 'web-unread');

  // Another window of the same user reads it: the badge goes here too.
  const elsewhere = await app.open(bob, { conversationId: channel });
  await message(elsewhere, 'two').waitFor();
  await badge.waitFor({ state: 'detached' });
  await expect.poll(() => second.title()).toMatch(/^[^(]/);
  expect(await inPage(second, ICON)).toBe('/icon.svg');
  await elsewhere.context().close();

  await say(first, 'three');
  await second.locator('.conversation .badge', { hasText: '1' }).waitFor();
  await inPage(second, SHOW);
  await second.locator('.conversation .badge').waitFor({ state: 'detached' });
  await message(first, 'three').locator('.ticks[data-status="read"]').waitFor();
});

test.each([
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 390, height: 780, colorScheme: 'dark' },
] as const)('a newcomer at $width px finds something to do', { timeout: 120_000 }, async (screen) => {
  const { alice, bob } = names();
  const page = await app.open(alice, screen);
  const welcome = page.locator('.first-steps:visible');
  await welcome.getByRole('heading', { name: `Welcome, ${alice}` }).waitFor();
  await welcome.locator('.user-id', { hasText: alice }).waitFor();
  await keepScreenshot(page, `web-newcomer-${screen.width}`);
  await welcome.getByRole('button', { name: 'Write to someone' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Write to whom?').fill(bob);
  await keepScreenshot(page, `web-new-direct-${screen.width}`);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await welcome.getByRole('button', { name: 'Join #general' }).click();
  await page
    .getByRole('main', { name: /general/i })
    .locator('#composer')
    .waitFor();
});

test('Ctrl+K finds a conversation, and channel, group and direct look different', { timeout: 120_000 }, async () => {
  const { alice, bob, channel } = names();
  const page = await app.open(alice);
  await enter(page, channel);
  await createGroup(page, `Trip of ${alice}`, [bob]);
  await createDirect(page, bob);
  for (const kind of ['channel', 'group', 'direct']) {
    expect(await page.locator(`.conversation .avatar[data-kind="${kind}"]`).count()).toBe(1);
  }
  await field(page).fill('Half');
  await page.keyboard.press('Control+k');
  const search = page.getByRole('dialog', { name: 'Find a conversation' });
  await search.getByRole('combobox').fill('trip');
  expect(await search.getByRole('option').allTextContents()).toHaveLength(1);
  await keepPictures(page, 'web-switcher');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Trip of ${alice}`, exact: true }).waitFor();
  await page.keyboard.press('Meta+k');
  await search.getByRole('combobox').fill('no such name at all');
  await search.getByText('No conversation has that name.').waitFor();
  await page.keyboard.press('Escape');
  await search.waitFor({ state: 'detached' });
});

test('hovering or focusing a reaction names who reacted', { timeout: 120_000 }, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const second = await app.open(bob, { conversationId: channel });
  await say(first, 'Cake?');
  await message(second, 'Cake?').waitFor();
  await use(second, 'Cake?', 'React with 👍');
  const reaction = message(first, 'Cake?').locator('.reaction');
  await reaction.hover();
  const tip = first.getByRole('tooltip');
  await tip.getByText(bob).waitFor();
  expect(await tip.textContent()).toBe(`${bob} reacted with 👍`);
  await reaction.click();
  await field(first).focus();
  await first.mouse.move(0, 0);
  await tip.waitFor({ state: 'detached' });
  await reaction.focus();
  await expect.poll(() => tip.textContent()).toMatch(/You/);
  await keepScreenshot(first, 'web-reactors');
});

test('Back on a phone closes the members before the conversation', { timeout: 120_000 }, async () => {
  const { alice, channel } = names();
  const page = await app.open(alice, { width: 390, height: 780 });
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  await enter(page, channel);
  const panel = page.getByRole('complementary', { name: 'Members' });
  await page.getByRole('button', { name: 'Show members' }).click();
  await panel.waitFor();
  await page.goBack();
  await panel.waitFor({ state: 'detached' });
  await field(page).waitFor();
  await page.getByRole('button', { name: 'Show members' }).click();
  await panel.getByRole('button', { name: 'Close members' }).click();
  await panel.waitFor({ state: 'detached' });
  await page.goBack();
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  // A page that was loaded with the members has no step to take back.
  await page.goto(`${addressOf(alice, channel)}/members`);
  await page.reload();
  await panel.getByRole('button', { name: 'Close members' }).click();
  await panel.waitFor({ state: 'detached' });
  await field(page).waitFor();
});
