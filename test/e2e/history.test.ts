import { describe, expect } from 'vitest';
import { type DeployedClient, test } from '../support/deployed-chat.ts';

/** A text with as many bytes as a message may have, four for each code point. */
const LARGE = '🙂'.repeat(4_000);

/** Reads a whole log page by page, in either direction. Gives the seqs in the order of the log, and how many pages. */
async function walk(client: DeployedClient, conversationId: string, direction: 'before' | 'after', limit: number) {
  const seqs: number[] = [];
  let pages = 0;
  for (let from: number | undefined = direction === 'after' ? 0 : undefined; ; pages += 1) {
    const place = from === undefined ? {} : { [direction]: from };
    const { entries, hasMore } = await client.ask('history', { conversationId, limit, ...place });
    const page = entries.map(({ data }) => data.seq as number);
    if (direction === 'after') seqs.push(...page);
    else seqs.unshift(...page);
    from = direction === 'after' ? page.at(-1) : page[0];
    if (!hasMore) return { seqs, pages: pages + 1 };
  }
}

describe('history', () => {
  test('PAGE-1: goes both ways, with exclusive ends, ascending, and says whether there is more', async ({ chat }) => {
    const alice = await chat.connect('alice');
    const conversationId = await chat.channel(alice);
    const empty = await alice.ask('history', { conversationId });
    for (let count = 1; count <= 8; count += 1) await alice.say(conversationId, `text ${count}`);
    const page = async (range: { before?: number; after?: number; limit?: number }) => {
      const { entries, hasMore, head } = await alice.ask('history', { conversationId, ...range });
      expect(head).toBe(8);
      return [entries.map(({ data }) => data.seq), hasMore];
    };

    expect(empty).toEqual({ conversationId, entries: [], head: 0, hasMore: false });
    expect(await page({})).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], false]);
    expect(await page({ limit: 3 })).toEqual([[6, 7, 8], true]);
    expect(await page({ before: 6, limit: 3 })).toEqual([[3, 4, 5], true]);
    expect(await page({ before: 4, limit: 3 })).toEqual([[1, 2, 3], false]);
    expect(await page({ before: 1 })).toEqual([[], false]);
    expect(await page({ after: 5, limit: 2 })).toEqual([[6, 7], true]);
    expect(await page({ after: 6, limit: 2 })).toEqual([[7, 8], false]);
    expect(await page({ after: 8 })).toEqual([[], false]);
    expect(await page({ after: 500 })).toEqual([[], false]);
    expect(await page({ before: 500, limit: 1 })).toEqual([[8], true]);
  });

  test('PAGE-1: pages of large messages are cut to a frame, and nothing is skipped', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    for (let count = 0; count < 6; count += 1) await alice.say(conversationId, count % 3 === 1 ? 'small' : LARGE);

    const everything = [1, 2, 3, 4, 5, 6];
    for (const direction of ['after', 'before'] as const) {
      const { seqs, pages } = await walk(alice, conversationId, direction, 100);
      expect([direction, seqs]).toEqual([direction, everything]);
      expect(pages).toBeGreaterThan(2);
    }
    const joined = await bob.ask('join', { conversationId, after: 0 });
    expect(joined).toMatchObject({ head: 6, hasMore: true });
    expect(joined.entries.map(({ data }) => data.seq)).toEqual(everything.slice(0, joined.entries.length));
    // Live delivery also keeps within frames: the client checks the size of each.
    expect((await bob.holds(conversationId, 6)).applied).toEqual(everything);
  });

  test('LOG-3: live frames, pages and replies are the same entries', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    await alice.ask('send-message', { conversationId, content: 'first', clientMessageId: 'm1' });
    await alice.ask('update-conversation', { conversationId, name: 'New name' });
    await alice.ask('edit-message', { conversationId, seq: 1, content: 'edited' });
    await alice.say(conversationId, 'last');
    await bob.holds(conversationId, 4);

    const { entries } = await bob.ask('history', { conversationId, after: 1 });

    const pushed = bob.pushed('receive-message', 'conversation-updated', 'message-updated');
    expect(entries).toEqual(pushed.filter(({ data }) => data.seq > 1));
    expect(entries.map(({ data }) => [data.seq, data.n])).toEqual([
      [2, 1],
      [3, 1],
      [4, 2],
    ]);
  });
});
