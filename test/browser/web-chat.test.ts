import { expect, test } from 'vitest';
import { keepScreenshot } from '../support/browser.ts';
import { enter, field, message, names, say, texts, use, WebAppTests } from '../support/web-app.ts';

const app = new WebAppTests();

test('two users write, type, react, reply, edit and delete, and see how far each message came', {
  timeout: 120_000,
}, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const second = await app.open(bob, { colorScheme: 'dark', conversationId: channel });
  // A user who joins starts with everything read. The others are told how far the user reads from then on.
  await first.getByTestId('presence').getByText('2 people here').waitFor();
  await say(first, 'Good morning, the plan is at https://example.com/plan');
  await message(second, 'Good morning').waitFor();
  await message(first, 'Good morning').getByRole('img', { name: 'Read' }).waitFor();
  expect(await message(second, 'Good morning').getByRole('link').getAttribute('href')).toBe('https://example.com/plan');

  await field(second).pressSequentially('Thanks');
  await first.locator('.typing', { hasText: `${bob} is typing` }).waitFor();
  await field(second).press('Enter');
  await message(first, 'Thanks').waitFor();
  await first.locator('.typing', { hasNotText: 'typing' }).waitFor({ state: 'attached' });

  await use(second, 'Good morning', 'React with 👍');
  const thumb = message(first, 'Good morning').locator('.reaction', { hasText: '1' });
  await thumb.waitFor();
  await thumb.click();
  await message(second, 'Good morning').locator('.reaction[aria-pressed="true"]', { hasText: '2' }).waitFor();

  await use(first, 'Thanks', 'Reply');
  await say(first, `@${bob} you are welcome`);
  await message(second, 'welcome').locator('.mention[data-me]').waitFor();
  await message(second, 'welcome').getByRole('button', { name: 'In reply to' }).click();
  await second.locator('.message[data-found]', { hasText: 'Thanks' }).waitFor();
  await keepScreenshot(first, 'web-light');
  await keepScreenshot(second, 'web-dark');

  await use(first, 'Good morning', 'Edit');
  await say(first, 'Good evening');
  await message(second, 'Good evening').getByText('edited').waitFor();
  await use(second, 'Thanks', 'Delete');
  await second.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await message(first, 'Message deleted').waitFor();
  expect(await texts(first)).toEqual(await texts(second));
});

test('the list shows what is unread, the last message, and who is there', { timeout: 120_000 }, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  await first.getByRole('button', { name: 'New conversation' }).click();
  await first.getByText('Direct', { exact: true }).click();
  await first.getByLabel('Write to whom?').fill(bob);
  await first.getByRole('button', { name: 'Open', exact: true }).click();
  await first.getByRole('heading', { name: bob }).waitFor();

  const second = await app.open(bob);
  const row = second.getByRole('navigation').getByRole('link', { name: alice });
  await row.waitFor();
  await say(first, 'Are you there?');
  await row.locator('.badge', { hasText: '1' }).waitFor();
  await row.getByText('Are you there?').waitFor();
  await message(first, 'Are you there?').getByRole('img', { name: 'Delivered' }).waitFor();
  await row.click();
  await message(first, 'Are you there?').getByRole('img', { name: 'Read' }).waitFor();
  await row.locator('.badge').waitFor({ state: 'detached' });

  await second.getByRole('button', { name: /change status/ }).click();
  await second.getByRole('menuitemradio', { name: 'Busy' }).click();
  await first.getByTestId('presence').getByText('busy').waitFor();
});

test('roles decide about members: what a muted member wrote before says why it was refused', {
  timeout: 120_000,
}, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const second = await app.open(bob, { conversationId: channel });
  await field(second).waitFor();
  const owner = first.locator(`.member[data-user="${bob}"]`);
  await owner.getByRole('button').click();
  await keepScreenshot(first, 'web-members');
  await first.keyboard.press('Escape');
  expect(await second.locator(`.member[data-user="${alice}"]`).getByRole('button').count()).toBe(1);
  await second.locator(`.member[data-user="${alice}"]`).getByRole('button').click();
  expect(await second.getByRole('menuitem').allTextContents()).toEqual([`Write to ${alice}`]);
  await second.keyboard.press('Escape');

  await second.context().setOffline(true);
  await second.getByText('You are offline').waitFor();
  await say(second, 'Can you hear me?');
  await owner.getByRole('button').click();
  await first.getByRole('menuitem', { name: 'Mute for an hour' }).click();
  await owner.getByText('muted').waitFor();
  await second.context().setOffline(false);
  await second.locator('.failed', { hasText: 'Not sent' }).waitFor();
  await owner.getByRole('button').click();
  await first.getByRole('menuitem', { name: 'Unmute' }).click();
  await owner.getByText('muted').waitFor({ state: 'detached' });
  await second.getByRole('button', { name: 'Try again' }).click();
  await message(first, 'Can you hear me?').waitFor();

  await first.getByRole('textbox', { name: 'Name' }).fill('Hall');
  await first.getByRole('button', { name: 'Save' }).click();
  await second.getByRole('heading', { name: 'Hall', exact: true }).waitFor();
});
