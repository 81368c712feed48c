import { expect, test } from 'vitest';
import type { EntryFrame } from '../../client/src/protocol.ts';
import { keepScreenshot } from '../support/browser.ts';
import { enter, field, inPage, keepPictures, message, names, say, texts, WebAppTests } from '../support/web-app.ts';
import { BackdatedServer } from '../support/web-socket-route.ts';

const app = new WebAppTests();

test('a text that cannot be sent stays in the field with the reason', { timeout: 120_000 }, async () => {
  const { alice, channel } = names();
  const page = await app.open(alice);
  await enter(page, channel);
  const refused = async (text: string, reason: string) => {
    await field(page).fill(text);
    await field(page).press('Enter');
    await page.getByRole('alert').getByText(reason).waitFor();
    expect(await field(page).inputValue()).toBe(text);
    expect(await page.locator('.message').count()).toBe(0);
  };
  await refused('x'.repeat(4_001), 'too long');
  await refused('a\u000Bb', 'U+000B');
  await refused('\u200B', 'nothing to see');
  await keepPictures(page, 'web-unsendable');
  await say(page, 'plain');
  await message(page, 'plain').waitFor();
  expect(await texts(page)).toEqual(['plain']);
});

test('formatting is shown, and what is copied is the text as it was written', { timeout: 120_000 }, async () => {
  const { alice, channel } = names();
  const page = await app.open(alice);
  await enter(page, channel);
  const written = '> as said\n**bold**, *italic* and `code` at https://example.com/a_b\n```\nlet a;\n```\nend';
  await field(page).fill(written);
  await field(page).press('Enter');
  const text = message(page, 'as said').locator('.text');
  await text.waitFor();
  for (const [selector, content] of [
    ['strong', '**bold**'],
    ['em', '*italic*'],
    ['code.text-code', '`code`'],
    ['.text-quote', '> as said'],
    ['.text-block', 'let a;'],
  ] as const) {
    expect(await text.locator(selector).textContent()).toContain(content);
  }
  expect(await text.locator('strong .marker').first().boundingBox()).toMatchObject({ width: 0 });
  const copied = await inPage<string[]>(
    page,
    `(() => {
      const text = document.querySelector('.message .text');
      getSelection().selectAllChildren(text);
      const event = new ClipboardEvent('copy', { bubbles: true, cancelable: true, clipboardData: new DataTransfer() });
      text.dispatchEvent(event);
      return [event.clipboardData.getData('text/plain'), event.clipboardData.getData('text/html')];
    })()`,
  );
  expect(copied).toEqual([written, '']);
  await keepPictures(page, 'web-formatting');
});

test('a link whose host is not what it looks like shows its real host', { timeout: 120_000 }, async () => {
  const { alice, channel } = names();
  const page = await app.open(alice);
  await enter(page, channel);
  await say(page, 'Sign in at https://аррӏе.com/id');
  const sent = message(page, 'Sign in at');
  await sent.getByText('(xn--80ak6aa92e.com)').waitFor();
  await say(page, 'or at https://example.com/id');
  await message(page, 'or at').waitFor();
  expect(await page.locator('.real-host').count()).toBe(1);
  await keepPictures(page, 'web-real-host');
});

test('an error in one message leaves the others on the page, and is reported', { timeout: 120_000 }, async () => {
  const { alice, bob } = names();
  const server = new BackdatedServer();
  const log = server.chat.create('broken', [alice, bob]);
  server.fill('broken', 5, (index) => `Message ${index}`);
  const [, , third] = log.entries as Extract<EntryFrame, { event: 'receive-message' }>[];
  Object.assign(log.messages.get(third?.data.seq ?? 0) ?? {}, { createdAt: 'no time at all' });
  const page = await app.open(alice, { server, conversationId: 'broken' });
  await page.getByText('This message cannot be shown.').waitFor();
  await message(page, 'Message 4').waitFor();
  expect(await texts(page)).toEqual(['Message 0', 'Message 1', 'Message 3', 'Message 4']);
  await keepPictures(page, 'web-broken-message');
  const reported = app.complaints.splice(0);
  expect(reported.length).toBeGreaterThan(0);
  for (const complaint of reported) expect(complaint).toMatch(/Invalid time value|RangeError/);
});

test('texts and names keep their own direction, and long words stay inside', { timeout: 120_000 }, async () => {
  const { alice, bob } = names();
  const server = new BackdatedServer();
  const title = 'קבוצה (1)';
  const log = server.chat.create('rtl', [alice, bob]);
  Object.assign(log.info, { name: title });
  const said = ['שלום (עולם) 123', 'abc (def)', 'מילה'.repeat(60), 'W'.repeat(300)];
  server.fill('rtl', said.length, (index) => said[index] ?? '');
  for (const width of [390, 1280]) {
    const colorScheme = width === 390 ? 'dark' : 'light';
    const page = await app.open(alice, { server, conversationId: 'rtl', width, colorScheme });
    await message(page, 'abc').waitFor();
    expect(await inPage<number>(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const directionOf = (selector: string) =>
      inPage<string>(page, `getComputedStyle(document.querySelector('${selector}')).direction`);
    expect(await directionOf('.message[data-seq="1"] .text')).toBe('rtl');
    expect(await directionOf('.message[data-seq="2"] .text')).toBe('ltr');
    expect(await directionOf('.chat-title h1')).toBe('rtl');
    expect(await page.title()).toContain(`\u2068${title}\u2069`);
    expect(await directionOf('.conversation-title')).toBe('rtl');
    expect(await page.locator('.conversation-last bdi').count()).toBe(2);
    for (const box of ['.bubble', '.chat-title', '.conversation']) {
      const inside = `[...document.querySelectorAll('${box}')].every((box) => box.scrollWidth <= box.clientWidth + 1)`;
      expect(await inPage<boolean>(page, inside)).toBe(true);
    }
    await keepScreenshot(page, `web-directions-${width}`);
    await page.context().close();
  }
});
