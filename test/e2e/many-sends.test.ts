import { describe, expect } from 'vitest';
import { type DeployedClient, test } from '../support/deployed-chat.ts';

/** Sends `count` messages at once, from the clients in turn. Gives all replies, refusals included. */
function sendAtOnce(clients: readonly DeployedClient[], conversationId: string, count: number) {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const client = clients[index % clients.length] as DeployedClient;
      return client.command('send-message', { conversationId, content: `message ${index}` });
    }),
  );
}

describe('many sends at once', () => {
  test('LOG-1, LOG-3: 50 sends get 50 distinct seqs without a gap, and everyone gets each once', async ({ chat }) => {
    const clients = await chat.connectAll('alice', 'alice', 'bob', 'bob', 'carol', 'carol');
    const [alice] = clients;
    const conversationId = await chat.channel(alice, ...clients.slice(1));

    const replies = await sendAtOnce(clients, conversationId, 50);

    const everything = Array.from({ length: 50 }, (_, index) => index + 1);
    expect(replies.map(({ event }) => event)).toEqual(everything.map(() => 'message-sent'));
    expect(replies.map(({ data }) => data.seq).toSorted((a, b) => a - b)).toEqual(everything);
    const copies = await Promise.all(clients.map((client) => client.holds(conversationId, 50)));
    for (const copy of copies) {
      expect(copy.applied).toEqual(everything);
      expect(copy.messages()).toEqual(copies[0]?.messages());
    }
    expect(new Set(copies[0]?.messages().map(({ content }) => content)).size).toBe(50);
    const { entries } = await alice.ask('history', { conversationId, limit: 100 });
    expect(entries.map(({ data }) => data)).toEqual(copies[0]?.messages());
  });

  test('SEND-6: a sender who has one in flight at a time keeps the order', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const flood = sendAtOnce([bob], conversationId, 10);

    const mine: number[] = [];
    for (let index = 0; index < 5; index += 1) mine.push((await alice.say(conversationId, `mine ${index}`)).seq);

    await flood;
    expect(mine).toEqual(mine.toSorted((a, b) => a - b));
    const copy = await alice.holds(conversationId, 15);
    const order = copy.messages().flatMap(({ senderId, content }) => (senderId === alice.userId ? [content] : []));
    expect(order).toEqual(['mine 0', 'mine 1', 'mine 2', 'mine 3', 'mine 4']);
  });

  test('LIMIT-1: sends beyond the rate are refused on all connections of a user, and say when to retry', async ({
    chat,
  }) => {
    const [tab, other, bob] = await chat.connectAll('alice', 'alice', 'bob');
    const conversationId = await chat.channel(tab, other, bob);

    const replies = await sendAtOnce([tab, other], conversationId, 60);

    const sent = replies.filter(({ event }) => event === 'message-sent');
    const refused = replies.filter(({ event }) => event === 'message-error');
    expect(sent.length).toBeGreaterThanOrEqual(20);
    expect(refused.length).toBeGreaterThan(0);
    for (const { data } of refused) {
      expect(data).toMatchObject({ code: 'rate-limited', retryable: true });
      expect(data.retryAfterMs).toBeGreaterThan(0);
    }
    // Another user has a rate of its own, and what was refused is not in the log.
    const { seq } = await bob.say(conversationId, 'not limited');
    expect(seq).toBe(sent.length + 1);
  });
});
