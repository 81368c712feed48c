import { expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';
import { keepPictures, WebAppTests } from '../support/web-app.ts';

const app = new WebAppTests();
/** Three senders, so that none of them meets the limit of sends. */
const EACH = 18;

test('READ-2: the list counts neither deleted nor own messages, and shows an upper bound as one', {
  timeout: 120_000,
}, async ({ chat }) => {
  const [alice, carol, dave, phone] = await chat.connectAll('alice', 'carol', 'dave', 'bob');
  const few = await chat.channel(alice, phone);
  for (const content of ['one', 'two', 'three']) await alice.say(few, content);
  await phone.say(few, 'mine');
  await alice.append('delete-message', { conversationId: few, seq: 2 });
  const many = await chat.channel(alice, carol, dave, phone);
  for (const client of [alice, carol, dave]) {
    for (let sent = 0; sent < EACH; sent += 1) await client.say(many, `message ${sent}`);
  }

  const page = await app.open(phone.userId);
  const row = (conversationId: string) => page.locator('.conversation', { hasText: conversationId });
  const badge = (conversationId: string) => row(conversationId).locator('.badge');
  await expect.poll(() => badge(few).locator('[aria-hidden]').textContent()).toBe('2');
  expect(await badge(few).locator('.hidden').textContent()).toBe('2 unread');
  expect(await badge(many).locator('[aria-hidden]').textContent()).toBe('50+');
  expect(await badge(many).locator('.hidden').textContent()).toBe(`up to ${3 * EACH} unread`);
  await keepPictures(page, 'web-unread-list');

  for (const seq of [1, 3]) await alice.append('delete-message', { conversationId: few, seq });
  await page.reload();
  await badge(many).waitFor();
  expect(await badge(few).count()).toBe(0);
  await row(many).click();
  await badge(many).waitFor({ state: 'detached' });
});
