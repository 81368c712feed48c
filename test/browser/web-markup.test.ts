import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { EntryFrame } from '../../client/src/protocol.ts';
import { keepScreenshot } from '../support/browser.ts';
import { HOSTILE_TEXTS } from '../support/markup.ts';
import { enter, field, inPage, message, names, say, texts, WebAppTests } from '../support/web-app.ts';
import { BackdatedServer } from '../support/web-socket-route.ts';

const app = new WebAppTests();
const FOREIGN =
  '.shell :is(script, iframe, object, embed, form[action], base, link, style, math, img:not([src="/icon.svg"]))';

/** Checks that the page has only elements of the app, and that its links lead only to the web or to a mail. */
async function expectTextOnly(page: Page): Promise<void> {
  expect(await page.locator(FOREIGN).count()).toBe(0);
  const links = await inPage<{ protocol: string; rel: string }[]>(
    page,
    "[...document.querySelectorAll('.message a')].map(({ protocol, rel }) => ({ protocol, rel }))",
  );
  for (const { protocol, rel } of links) {
    expect(['http:', 'https:', 'mailto:']).toContain(protocol);
    expect(rel).toContain('noopener noreferrer');
  }
  expect(await inPage(page, 'document.styleSheets.length')).toBe(1);
}

describe('TEXT-1: markup stays text', () => {
  test('in messages and names on the deployed stack', { timeout: 180_000 }, async () => {
    const { alice, bob, channel } = names();
    const first = await app.open(alice, { height: 3_000 });
    await enter(first, channel);
    const second = await app.open(bob, { conversationId: channel, height: 3_000 });
    await field(second).waitFor();
    for (const text of HOSTILE_TEXTS) await say(first, text);
    await message(second, HOSTILE_TEXTS.at(-1) ?? '').waitFor({ timeout: 60_000 });
    expect(await texts(second)).toEqual(HOSTILE_TEXTS);
    await expectTextOnly(second);
    await expectTextOnly(first);

    for (const name of HOSTILE_TEXTS.filter((text) => text.length <= 100).slice(0, 4)) {
      await first.getByRole('textbox', { name: 'Name' }).fill(name);
      await first.getByRole('button', { name: 'Save' }).click();
      await second.locator('.chat-title h1', { hasText: name }).waitFor();
      await second.locator('.conversation-title', { hasText: name }).waitFor();
    }
    await expectTextOnly(second);
    await keepScreenshot(second, 'web-markup');
  });

  test('wherever a server may put it', { timeout: 120_000 }, async () => {
    const { alice } = names();
    for (const text of HOSTILE_TEXTS) {
      const server = new BackdatedServer();
      const log = server.chat.create('evil', [alice, text]);
      Object.assign(log.info, { name: text, createdBy: text });
      server.fill('evil', 3, () => text);
      for (const { data } of log.entries as Extract<EntryFrame, { event: 'receive-message' }>[]) {
        Object.assign(log.messages.get(data.seq) ?? {}, {
          senderId: text,
          mentions: [text],
          reactions: [{ emoji: text, count: 1, mine: false }],
          forwardedFrom: { conversationId: text, seq: 1, senderId: text },
          ...(data.seq > 1 && { replyTo: 1 }),
        });
      }
      const page = await app.open(alice, { server, conversationId: 'evil' });
      await message(page, text).first().waitFor();
      await expectTextOnly(page);
      await page.context().close();
    }
  });
});
