import { afterEach, describe, expect, vi } from 'vitest';
import { type ClientOptions, createClient, type Message, memoryOutbox } from '../../client/src/index.ts';
import { test } from '../support/deployed-chat.ts';
import { FaultyProxy } from '../support/faulty-proxy.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

/** The SDK as one of the test's users, connected through a proxy of its own. */
async function sdk(
  chat: { id(name: string): string; token(name: string): Promise<string>; stack: { webSocketUrl: string } },
  name: string,
  options: Partial<ClientOptions> = {},
) {
  const proxy = await FaultyProxy.before(chat.stack.webSocketUrl);
  const client = createClient({
    url: proxy.url,
    token: () => chat.token(name),
    tokenIn: 'query',
    heartbeatMs: 4_000,
    replyTimeoutMs: 4_000,
    ...options,
  });
  undo.push(
    () => client.close(),
    () => proxy.close(),
  );
  await client.connect();
  return { client, proxy };
}

function contents(messages: readonly { content?: string | undefined }[]) {
  return messages.map(({ content }) => content);
}
function eventually<T>(claim: () => T) {
  return vi.waitFor(claim, { timeout: 40_000, interval: 50 });
}

describe('the SDK on a bad network', () => {
  test('SEND-3, SEND-6: everything written arrives once and in order, despite cuts and silence', async ({ chat }) => {
    const [bob] = await chat.connectAll('bob');
    const roomId = await chat.channel(bob);
    const { client, proxy } = await sdk(chat, 'alice');
    const room = await client.conversations.get(roomId).join();
    const seen: Message[] = [];
    room.on('message', (message) => seen.push(message));

    const sends: Promise<Message>[] = [];
    const write = (count: number) => {
      for (let i = 0; i < count; i += 1) sends.push(room.send(`message ${sends.length}`));
    };
    write(3);
    await sends[0];
    proxy.cut();
    write(3);
    await eventually(() => expect(room.state).toBe('live'));
    proxy.delayMs = 300;
    write(2);
    proxy.halfOpen('down');
    write(2);
    await eventually(() => expect(client.state).toBe('waiting'));
    proxy.delayMs = 0;
    proxy.refusing = true;
    write(2);
    setTimeout(() => {
      proxy.refusing = false;
    }, 3_000);
    const arrived = await Promise.all(sends);

    const written = sends.map((_, index) => `message ${index}`);
    const { messages } = await room.history({ limit: 100 });
    expect(contents(messages)).toEqual(written);
    expect(arrived.map(({ seq }) => seq)).toEqual(messages.map(({ seq }) => seq));
    await eventually(() => expect(contents(room.messages)).toEqual(written));
    expect(contents(seen)).toEqual(written);
  });

  test('LOG-5, CONN-4: catches up with what others wrote meanwhile, and with what a silent socket lost', async ({
    chat,
  }) => {
    const [bob] = await chat.connectAll('bob');
    const roomId = await chat.channel(bob);
    const { client, proxy } = await sdk(chat, 'alice');
    const room = await client.conversations.get(roomId).join();
    const seen: string[] = [];
    room.on('message', ({ content }) => seen.push(content ?? ''));

    await bob.say(roomId, 'one');
    await eventually(() => expect(seen).toEqual(['one']));
    proxy.halfOpen('down');
    await bob.say(roomId, 'two');
    await bob.say(roomId, 'three');
    await eventually(() => expect(seen).toEqual(['one', 'two', 'three']));
    proxy.cut();
    await bob.say(roomId, 'four');
    await eventually(() => expect(seen).toEqual(['one', 'two', 'three', 'four']));

    expect(contents(room.messages)).toEqual(seen);
  });

  test('CONN-5: a handover to a second socket loses nothing and repeats nothing', async ({ chat }) => {
    const [bob] = await chat.connectAll('bob');
    const roomId = await chat.channel(bob);
    const { client, proxy } = await sdk(chat, 'alice', { handoverAfterMs: 4_000 });
    const room = await client.conversations.get(roomId).join();
    const seen: string[] = [];
    const states: string[] = [];
    room.on('message', ({ content }) => seen.push(content ?? ''));
    client.on('state', ({ current }) => states.push(current));

    for (let i = 0; i < 20; i += 1) {
      await (i % 2 ? room.send(`${i}`) : bob.say(roomId, `${i}`));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await eventually(() => expect(seen).toHaveLength(20));

    const { messages } = await room.history({ limit: 100 });
    expect(proxy.accepted).toBeGreaterThan(1);
    expect(seen).toEqual(contents(messages));
    expect(contents(room.messages)).toEqual(seen);
    expect(states).toEqual([]);
  });

  test('the next client sends what the last one left in the outbox, once', async ({ chat }) => {
    const outbox = memoryOutbox();
    const [bob] = await chat.connectAll('bob');
    const roomId = await chat.channel(bob);
    const before = await sdk(chat, 'alice', { outbox });
    const room = await before.client.conversations.get(roomId).join();
    before.proxy.halfOpen('down');
    void room.send('sent, but nobody said so');
    void room.send('never sent');
    await bob.hears('sent, but nobody said so');
    before.client.close();

    const { client } = await sdk(chat, 'alice', { outbox });
    const again = await client.conversations.get(roomId).join();
    const written = ['sent, but nobody said so', 'never sent'];
    await eventually(() => expect(contents(again.messages)).toEqual(written));
    await eventually(() => expect(again.messages.map(({ status }) => status)).toEqual(['sent', 'sent']));

    expect(contents((await again.history()).messages)).toEqual(written);
    expect(await outbox.load(chat.id('alice'))).toEqual([]);
  });

  test('READ-1: a message goes from pending to sent, delivered and read', async ({ chat }) => {
    const [owner] = await chat.connectAll('owner');
    const { conversationId } = await owner.ask('create-conversation', {
      kind: 'group',
      members: [chat.id('alice'), chat.id('bob')],
    });
    const alice = await sdk(chat, 'alice');
    const bob = await sdk(chat, 'bob');
    const room = await alice.client.conversations.get(conversationId).join();
    const theirs = await bob.client.conversations.get(conversationId).join();
    const statuses: string[] = [];
    room.on('change', () => {
      const status = room.messages.at(-1)?.status;
      if (status && status !== statuses.at(-1)) statuses.push(status);
    });

    await room.send('do you read me?');
    await eventually(() => expect(statuses).toEqual(['pending', 'sent', 'delivered']));
    await theirs.markRead();
    await eventually(() => expect(statuses).toEqual(['pending', 'sent', 'delivered', 'read']));
    expect([theirs.unread, theirs.messages.at(-1)?.status]).toEqual([0, 'received']);
  });

  test('edits, reactions, deletions, typing and presence reach the other user', async ({ chat }) => {
    const [owner] = await chat.connectAll('owner');
    const roomId = await chat.channel(owner);
    const alice = await sdk(chat, 'alice');
    const bob = await sdk(chat, 'bob');
    const room = await alice.client.conversations.get(roomId).join();
    const theirs = await bob.client.conversations.get(roomId).join();

    const first = await room.send('frist');
    const second = await room.send('oops');
    await room.edit(first.seq, 'first');
    await theirs.react(first.seq, '👍');
    await room.delete(second.seq);
    theirs.sendTyping();
    await eventually(() => expect(room.typing).toEqual([chat.id('bob')]));
    const expected = [
      { content: 'first', reactions: [{ emoji: '👍', count: 1 }] },
      { content: undefined, reactions: [] },
    ];
    for (const each of [room, theirs]) {
      await eventually(() => {
        expect(each.messages.map(({ content, reactions }) => ({ content, reactions }))).toMatchObject(expected);
      });
    }
    expect([room.messages[0]?.reactions[0]?.mine, theirs.messages[0]?.reactions[0]?.mine]).toEqual([false, true]);
    await eventually(() => expect(room.online.map(({ userId }) => userId)).toContain(chat.id('bob')));
  });
});
