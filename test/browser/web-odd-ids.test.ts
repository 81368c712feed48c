import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createDirect,
  createGroup,
  field,
  inPage,
  keepPictures,
  member,
  message,
  say,
  WebAppTests,
} from '../support/web-app.ts';

const app = new WebAppTests();

/** Subjects as real identity providers give them; the suffix keeps tests on one stack apart. */
function oddIds(): string[] {
  const suffix = randomUUID().slice(0, 6);
  return [
    `_Yp9gD3xQ0aV${suffix}`,
    `-AbCdEf012${suffix}`,
    `ann+${suffix}@example.com`,
    `waad|a/${suffix}`,
    `CN=Ann ${suffix},OU=Staff`,
    `o'neil #${suffix}`,
  ];
}

test('any subject can sign in, be added, be mentioned and be written to, and the address brings it back', {
  timeout: 240_000,
}, async () => {
  const [first, ...others] = oddIds();
  if (first === undefined) throw new Error('there is no id');
  const page = await app.open(first);
  await createGroup(page, 'Odd ids', others);
  for (const userId of [first, ...others]) expect(await member(page, userId).locator('bdi').textContent()).toBe(userId);
  await keepPictures(page, 'web-odd-ids-members', [1280]);
  for (const userId of others) {
    await field(page).pressSequentially(`@${userId.slice(0, 6)}`);
    await page.getByRole('option', { name: userId }).click();
    await field(page).press('Enter');
    const mention = message(page, `@${userId}`).locator('.mention');
    await mention.waitFor();
    expect(await mention.textContent()).toBe(`@${userId}`);
  }
  await page.reload();
  await message(page, `@${others.at(-1)}`).waitFor();
  await keepPictures(page, 'web-odd-ids-group');
  for (const userId of others) {
    await createDirect(page, userId);
    await say(page, `Hello ${userId}`);
    await message(page, `Hello ${userId}`).waitFor();
    await page.reload();
    await message(page, `Hello ${userId}`).waitFor();
    expect(await page.title()).toContain(userId);
  }
  const last = others.at(-1) ?? '';
  const second = await app.open(last);
  // The only direct conversation: the preview of the group names its writer too.
  await second.locator('a.conversation[href^="#/d"]').click();
  await message(second, `Hello ${last}`).waitFor();
});

test('several members are entered one by one or pasted one on a line, by keyboard alone', {
  timeout: 120_000,
}, async () => {
  const [me, a, b, c] = oddIds();
  const page = await app.open(me ?? '');
  await page.getByRole('button', { name: 'New conversation' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Group', { exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Pasted');
  const people = dialog.getByRole('textbox', { name: 'Members' });
  const chips = dialog.getByRole('list', { name: 'Chosen members' }).getByRole('listitem');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await inPage(page, `navigator.clipboard.writeText(${JSON.stringify(`${a}\n${b}`)})`);
  await people.press('Control+V');
  await expect.poll(() => chips.locator('bdi').allTextContents()).toEqual([a, b]);
  await people.fill('CN=Ann Lee, OU=Staff');
  await people.press('Enter');
  await expect.poll(() => chips.locator('bdi').allTextContents()).toEqual([a, b, 'CN=Ann Lee, OU=Staff']);
  await keepPictures(page, 'web-user-ids');
  await people.press('Backspace');
  await expect.poll(() => chips.count()).toBe(2);
  await chips.first().getByRole('button').press('Enter');
  await people.fill(c ?? '');
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await member(page, c ?? '').waitFor();
  expect(await page.locator('.member').count()).toBe(3);
});

test('a question about a member stays when the window becomes narrow, and Back closes the members first', {
  timeout: 120_000,
}, async () => {
  const [me, other] = oddIds();
  const page = await app.open(me ?? '');
  await createGroup(page, 'Narrow', [other ?? '']);
  await member(page, other ?? '')
    .getByRole('button')
    .click();
  await page.getByRole('menuitem', { name: 'Ban' }).click();
  const question = page.getByRole('dialog', { name: `Ban ${other}?` });
  await question.waitFor();
  await keepPictures(page, 'web-narrow-question');
  await page.setViewportSize({ width: 390, height: 780 });
  await question.waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await member(page, other ?? '').waitFor();
  await page.goBack();
  await page.getByRole('complementary', { name: 'Members' }).waitFor({ state: 'detached' });
  await field(page).waitFor();
});
