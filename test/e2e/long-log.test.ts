import { describe, expect } from 'vitest';
import type { Entry } from '../../shared/domain/entry.ts';
import { type DeployedChat, type DeployedClient, test } from '../support/deployed-chat.ts';
import { aMessage } from '../support/stored.ts';

const WRITES_AT_ONCE = 25;

/** Fills a log up to a seq without the rate limits, at whose pace it would take a minute. */
async function fill(chat: DeployedChat, sender: DeployedClient, conversationId: string, to: number): Promise<void> {
  const { log } = chat.stores.stores;
  const { head } = await sender.ask('history', { conversationId, limit: 1 });
  for (let first = head + 1; first <= to; first += WRITES_AT_ONCE) {
    const seqs = Array.from({ length: Math.min(WRITES_AT_ONCE, to - first + 1) }, (_, index) => first + index);
    await Promise.all(
      seqs.map((seq) => {
        const entry: Entry = aMessage({
          conversationId,
          seq,
          senderId: sender.userId,
          clientMessageId: `filler-${seq}`,
        });
        return log.append(entry, []);
      }),
    );
  }
}

describe('a log of more than a thousand entries', () => {
  test('SEND-4: a client that is further behind must catch up first; otherwise a retry finds its message', async ({
    chat,
  }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice);
    const message = { conversationId, content: 'early', clientMessageId: 'early' };
    const first = await alice.ask('send-message', message);
    await fill(chat, alice, conversationId, 1_000);

    const found = await alice.ask('send-message', { ...message, after: 0 });
    await fill(chat, alice, conversationId, 1_003);
    const tooFar = await alice.refusal('send-message', { ...message, after: 0 });
    const near = await alice.ask('send-message', {
      conversationId,
      content: 'late',
      clientMessageId: 'late',
      after: 3,
    });
    const joined = await bob.ask('join', { conversationId });

    expect(found).toEqual({ ...first, duplicate: true });
    expect(tooFar).toMatchObject({ code: 'behind', retryable: false });
    expect(near).toMatchObject({ seq: 1_004, n: 1_004 });
    expect(joined).toMatchObject({ head: 1_004, hasMore: true });
    expect(joined.entries).toHaveLength(50);
    const middle = await bob.ask('history', { conversationId, before: 600, limit: 100 });
    expect(middle.entries.map(({ data }) => data.seq)).toEqual(Array.from({ length: 100 }, (_, index) => 500 + index));
  });
});
