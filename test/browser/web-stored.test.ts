import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  addressOf,
  createGroup,
  enter,
  field,
  inPage,
  keepPictures,
  message,
  names,
  say,
  texts,
  use,
  WebAppTests,
} from '../support/web-app.ts';

const app = new WebAppTests();

/** Cuts a browser's pages off from tokens and sockets, and nothing else: the page itself is served. Gives the switch. */
async function cutOff(context: BrowserContext): Promise<(cut: boolean) => void> {
  let isCut = false;
  const isToken = ({ pathname }: URL) => pathname === '/token';
  await context.route(isToken, (route) => (isCut ? route.abort('internetdisconnected') : route.continue()));
  await context.routeWebSocket(/.*/, (socket) => {
    if (isCut) void socket.close();
    else socket.connectToServer();
  });
  return (cut) => {
    isCut = cut;
  };
}

const ROWS = `new Promise((resolve, reject) => {
  const opening = indexedDB.databases().then((all) => {
    const name = all.map(({ name }) => name).find((name) => name.startsWith('parley:'));
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const rows = request.result.transaction('copies').objectStore('copies').getAll();
      rows.onsuccess = () => {
        request.result.close();
        resolve(rows.result.filter(({ conversationId }) => conversationId !== ''));
      };
    };
  });
})`;

interface Row {
  readonly conversationId: string;
  readonly position: number;
  readonly messages: readonly { readonly content?: string }[];
}

function rows(page: Page): Promise<readonly Row[]> {
  return inPage<readonly Row[]>(page, ROWS);
}

/** Waits until the conversation is stored with this text last. */
async function stored(page: Page, text: string): Promise<void> {
  await expect.poll(async () => (await rows(page)).map(({ messages }) => messages.at(-1)?.content)).toContain(text);
}

function row(page: Page, title: string) {
  return page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: title });
}

test('a page without a network shows what was seen, and catches up when it is back', { timeout: 180_000 }, async () => {
  const { alice, bob, channel } = names();
  const first = await app.open(alice);
  const context = first.context();
  await enter(first, channel);
  await createGroup(first, 'Trip to Rome', [bob]);
  const second = await app.open(bob, { conversationId: channel });
  await field(second).waitFor();
  for (const text of ['one', 'two', 'secret', 'four']) await say(second, text);
  await message(second, 'four').waitFor();
  await first.goto(addressOf(alice, channel));
  await message(first, 'four').waitFor();
  await stored(first, 'four');
  await first.close();

  const cut = await cutOff(context);
  cut(true);
  const page = await app.open(alice, { context, conversationId: channel });
  await message(page, 'four').waitFor();
  expect(await texts(page)).toEqual(['one', 'two', 'secret', 'four']);
  await row(page, 'Trip to Rome').waitFor();
  await page.getByText('The server cannot be reached. You see what this device has kept.').waitFor();
  await keepPictures(page, 'web-stored-chat');
  await page.goto(addressOf(alice));
  await row(page, channel).getByText('four').waitFor();
  await keepPictures(page, 'web-stored-list', [390]);
  await context.setOffline(true);
  await page.getByText('You are offline. You see what this device has kept.').waitFor();
  await row(page, channel).click();
  await say(page, 'written offline');
  expect(await page.locator('.message[data-status="pending"]').count()).toBe(1);
  await keepPictures(page, 'web-stored-offline');

  await use(second, 'secret', 'Delete');
  await second.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await second.getByText('Message deleted').first().waitFor();
  await say(second, 'meanwhile');
  await message(second, 'meanwhile').waitFor();
  await inPage(page, `void (document.querySelector('.message[data-seq="1"]').dataset.kept = 'yes')`);
  cut(false);
  await context.setOffline(false);
  await page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 3_000 })
    .catch(() => {});
  await message(page, 'meanwhile').waitFor();
  await message(second, 'written offline').waitFor();
  await expect
    .poll(() => texts(page))
    .toEqual(['one', 'two', 'Message deleted', 'four', 'meanwhile', 'written offline']);
  expect(await page.locator('.message[data-kept]').count()).toBe(1);
  await stored(page, 'written offline');
  expect(JSON.stringify(await rows(page))).not.toContain('secret');
  await keepPictures(page, 'web-stored-back');
});

test('signing out removes what was stored, in every tab; another user sees nothing', { timeout: 120_000 }, async () => {
  const { alice, bob, carol, channel } = names();
  const first = await app.open(alice);
  const context = first.context();
  await enter(first, channel);
  await say(first, 'for us alone');
  await stored(first, 'for us alone');
  const tab = await app.open(alice, { context, conversationId: channel });
  await message(tab, 'for us alone').waitFor();

  const cut = await cutOff(context);
  cut(true);
  const other = await app.open(carol, { context, conversationId: channel });
  await other.getByText('The messages of this conversation are not on this device.').waitFor();
  expect(await texts(other)).toEqual([]);
  await keepPictures(other, 'web-stored-nothing');
  await other.close();
  cut(false);

  await first.getByRole('button', { name: 'Settings' }).click();
  await first.getByRole('menuitem', { name: 'Sign out' }).click();
  await first.getByRole('textbox').first().waitFor();
  expect(await rows(first)).toEqual([]);
  // The other tab still follows, and stores nothing of it.
  const second = await app.open(bob, { conversationId: channel });
  await field(second).waitFor();
  await say(second, 'after that');
  await message(tab, 'after that').waitFor();
  await tab.close({ runBeforeUnload: false });
  expect(await rows(first)).toEqual([]);
});
