import type { Page } from 'playwright-core';
import type { Clock } from '../../client/src/platform/edges.ts';
import { systemClock } from '../../client/src/platform/system.ts';
import { FakeChatServer } from './fake-chat-server.ts';

/** A fake server whose clock the test sets, so that logs can be long and old. */
export class BackdatedServer {
  /** The time on the server's clock. */
  now = Date.now();
  readonly chat: FakeChatServer;

  constructor() {
    const clock: Clock = { now: () => this.now, setTimeout: systemClock.setTimeout };
    this.chat = new FakeChatServer({ clock, random: Math.random });
    this.chat.faults.delayMs = 0;
  }

  /** Appends messages to a conversation, from its members in turn. `textOf` gives the text of each. */
  fill(conversationId: string, count: number, textOf: (index: number) => string, stepMs = 60_000): void {
    const members = [...this.chat.log(conversationId).members.keys()];
    this.now -= count * stepMs;
    for (let index = 0; index < count; index += 1) {
      this.now += stepMs;
      const author = members[Math.floor(index / 3) % members.length] as string;
      this.chat.as(author, 'send-message', { conversationId, content: textOf(index) });
    }
  }

  /** Leads the page's sockets to this server. Call it before the page is opened. */
  async serve(page: Page): Promise<void> {
    await page.routeWebSocket(/\?token=/, (route) => {
      const socket = this.chat.openSocket(route.url(), []);
      if (socket instanceof Promise) throw new Error('the fake opens its sockets at once');
      const early: string[] = [];
      let opened = false;
      socket.onopen = () => {
        opened = true;
        for (const text of early) socket.send(text);
      };
      socket.onmessage = (event: { data: unknown }) => route.send(String(event.data));
      route.onMessage((text) => (opened ? socket.send(String(text)) : early.push(String(text))));
      route.onClose(() => socket.close());
    });
  }
}
