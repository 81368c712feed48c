import { expect, test } from 'vitest';
import {
  addressOf,
  command,
  createGroup,
  enter,
  field,
  keepPictures,
  member,
  message,
  names,
  say,
  use,
  WebAppTests,
} from '../support/web-app.ts';

const app = new WebAppTests();
const SETTINGS = { name: 'Conversation settings' };

test('a banned user sees it at once, and banning asks first', { timeout: 120_000 }, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const second = await app.open(bob, { conversationId: channel });
  await field(second).waitFor();
  const row = second.getByRole('navigation').getByRole('link', { name: channel });
  await row.waitFor();

  await command(first, bob, 'Ban');
  const question = first.getByRole('dialog', { name: `Ban ${bob}?` });
  await question.waitFor();
  // On a phone the list of members, and with it the question, is not there unless it was opened there.
  await keepPictures(first, 'web-ban-question', [1280]);
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(await field(second).count()).toBe(1);
  await command(first, bob, 'Ban');
  await question.getByRole('button', { name: 'Ban' }).click();

  await second.getByRole('alert').getByText('You are banned from this channel.').waitFor();
  expect(await field(second).count()).toBe(0);
  expect(await second.getByRole('region', SETTINGS).count()).toBe(0);
  expect(await second.getByRole('button', { name: /again/ }).count()).toBe(0);
  await row.waitFor({ state: 'detached' });
  await keepPictures(second, 'web-banned');
  await second.reload();
  await second.getByRole('alert').getByText('You are banned from this conversation.').waitFor();
  expect(await field(second).count()).toBe(0);

  await command(first, bob, 'Unban');
  await member(first, bob).getByText('banned').waitFor({ state: 'detached' });
  await second.reload();
  await field(second).waitFor();
});

test('an owner who is removed from a group has no settings any more, and is told who can undo it', {
  timeout: 120_000,
}, async () => {
  const { alice, bob } = names();
  const first = await app.open(alice);
  await createGroup(first, `Trip of ${alice}`, [bob]);
  await member(first, bob).getByRole('button').click();
  await first.getByRole('menuitem', { name: 'Make an owner' }).click();
  await member(first, bob).getByText('owner').waitFor();
  const second = await app.open(bob, { width: 390, height: 780, colorScheme: 'dark' });
  await second
    .getByRole('navigation')
    .getByRole('link', { name: `Trip of ${alice}` })
    .click();
  await field(second).waitFor();
  await second.getByRole('button', { name: 'Show members' }).click();
  await second.getByRole('region', SETTINGS).waitFor();

  await command(first, bob, 'Remove');
  await first.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await second.getByRole('alert').getByText('only an admin or an owner can add you again').waitFor();
  expect(await second.getByRole('region', SETTINGS).count()).toBe(0);
  expect(await field(second).count()).toBe(0);
  await keepPictures(second, 'web-removed');
});

test('a muted user learns until when, in local time, before writing', { timeout: 120_000 }, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  await enter(first, channel);
  const timezoneId = 'Asia/Kolkata';
  const second = await app.open(bob, { conversationId: channel, timezoneId });
  await field(second).fill('Half a thought');
  await command(first, bob, 'Mute for an hour');
  const note = second.locator('.muted-note');
  await note.waitFor();
  expect(await field(second).count()).toBe(0);
  const until = await note.locator('time').getAttribute('datetime');
  const left = Date.parse(until ?? '') - Date.now();
  expect(left).toBeGreaterThan(3_400_000);
  expect(left).toBeLessThan(3_700_000);
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: timezoneId });
  expect(await note.textContent()).toContain(clock.format(new Date(until ?? '')));
  await keepPictures(second, 'web-muted');
  // It is known before any refusal, also when the page has just been opened.
  await second.reload();
  await note.waitFor();
  await command(first, bob, 'Unmute');
  await note.waitFor({ state: 'detached' });
  expect(await field(second).inputValue()).toBe('Half a thought');
});

test('a group names who has read a message, and one reader is not everyone', { timeout: 120_000 }, async () => {
  const { alice, bob, carol } = names();
  const name = `Readers of ${alice}`;
  const first = await app.open(alice);
  await createGroup(first, name, [bob, carol]);
  const open = async (userId: string) => {
    const page = await app.open(userId);
    await page.getByRole('navigation').getByRole('link', { name }).click();
    await field(page).waitFor();
    return page;
  };
  await open(bob);
  await say(first, 'Who is coming?');
  const sent = message(first, 'Who is coming?');
  await sent.getByRole('button', { name: `Read by ${bob}` }).waitFor();
  await sent
    .getByRole('img', { name: `Read by ${bob}` })
    .and(first.locator('[data-status="read-by-some"]'))
    .waitFor();
  await use(first, 'Who is coming?', 'Read by');
  const dialog = first.getByRole('dialog');
  await dialog.getByRole('region', { name: 'Not yet read by' }).getByText(carol).waitFor();
  await dialog.getByRole('region', { name: 'Read by', exact: true }).getByText(bob).waitFor();
  await keepPictures(first, 'web-readers');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await open(carol);
  await sent.locator('.ticks[data-status="read"]').waitFor();
  await sent.getByRole('button', { name: `Read by ${bob} and ${carol}` }).waitFor();
  await keepPictures(first, 'web-read-by');
  await first.goto(addressOf(alice));
});
