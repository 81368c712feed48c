import { describe, expect, test } from 'vitest';
import { seriousFindings } from '../support/accessibility.ts';
import { keepScreenshot } from '../support/browser.ts';
import { deployedStack } from '../support/deployed-stack.ts';
import { enter, inPage, message, names, say, use, WebAppTests } from '../support/web-app.ts';

const app = new WebAppTests();

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('axe finds nothing serious in any view', { timeout: 180_000 }, async () => {
    const { alice, bob, channel } = names();
    const page = await app.open(alice, { colorScheme });
    await page
      .getByRole('heading', { name: `Welcome, ${alice}` })
      .first()
      .waitFor();
    await keepScreenshot(page, `web-newcomer-${colorScheme}`);
    expect(await seriousFindings(page)).toEqual([]);

    await page.getByRole('button', { name: 'New conversation' }).click();
    expect(await seriousFindings(page)).toEqual([]);
    await keepScreenshot(page, `web-new-${colorScheme}`);
    await page.keyboard.press('Escape');

    await enter(page, channel);
    const other = await app.open(bob, { colorScheme, conversationId: channel });
    await say(other, `Hello @${alice}, see https://example.com`);
    await message(page, 'Hello').waitFor();
    await use(page, 'Hello', 'React with 👍');
    await use(page, 'Hello', 'Reply');
    await say(page, 'Hello to you');
    await message(page, 'Hello to you').locator('[data-status="read"]').waitFor();
    await use(page, 'Hello to you', 'Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await message(page, 'Message deleted').waitFor();
    expect(await seriousFindings(page)).toEqual([]);

    await message(page, 'Hello').hover();
    await message(page, 'Hello').getByRole('button', { name: 'React', exact: true }).click();
    await page.getByRole('dialog', { name: 'Emoji' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await keepScreenshot(page, `web-emoji-${colorScheme}`);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Settings' }).click();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('choose who to be').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await keepScreenshot(page, `web-sign-in-${colorScheme}`);
  });
});

test('it fits a screen 360 pixels wide', { timeout: 120_000 }, async () => {
  const { alice, channel } = names();
  const page = await app.open(alice, { width: 360, height: 740 });
  const fits = async (name: string) => {
    expect(await inPage<number>(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await keepScreenshot(page, `web-360-${name}`);
  };
  await enter(page, channel);
  await say(page, `A long word: ${'A'.repeat(200)}`);
  await message(page, 'AAAA').waitFor();
  await say(page, 'and a short one');
  await message(page, 'short').waitFor();
  await fits('chat');
  await page.getByRole('button', { name: 'Show members' }).click();
  await page.locator('.member').first().waitFor();
  await fits('members');
  await page.getByRole('button', { name: 'Close members' }).click();
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  await fits('list');
  await page.goto(deployedStack().webUrl);
});
