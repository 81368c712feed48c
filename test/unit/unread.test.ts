import { beforeEach, describe, expect, test } from 'vitest';
import type { UnreadCount } from '../../shared/protocol/shapes.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';

let chat: Chat;
let olga: Client;
let mia: Client;
let conversationId: string;
/** Runs when a reply is about to read what lies after a mark: after the head and the member row. */
let beforeCounting: () => Promise<unknown>;
let counted: number;

beforeEach(async () => {
  beforeCounting = async () => undefined;
  counted = 0;
  chat = new Chat({
    memory: {
      before: async ({ operation }) => {
        if (operation !== 'since') return;
        counted += 1;
        const run = beforeCounting;
        beforeCounting = async () => undefined;
        await run();
      },
    },
  });
  olga = await chat.connect('olga');
  mia = await chat.connect('mia');
  conversationId = await createGroup(chat, olga, mia);
});

async function say(by: Client, count = 1): Promise<number> {
  let seq = 0;
  for (let sent = 0; sent < count; sent += 1) {
    chat.clock.advance(250);
    seq = (await chat.ask(by, 'send-message', { conversationId, content: 'x' })).seq;
  }
  return seq;
}
function erase(seq: number, by = olga) {
  return chat.ask(by, 'delete-message', { conversationId, seq });
}
async function react(by: Client, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    chat.clock.advance(250);
    const action = done % 2 === 0 ? 'add-reaction' : 'remove-reaction';
    await chat.ask(by, action, { conversationId, seq: 1, emoji: '👍' });
  }
}

function only({ unread, unreadAtMost }: UnreadCount): UnreadCount {
  return { unread, ...(unreadAtMost && { unreadAtMost }) };
}
async function listed(by = mia): Promise<UnreadCount> {
  const { items } = await chat.ask(by, 'list-conversations', {});
  const item = items.find((one) => one.conversationId === conversationId);
  if (!item) throw new Error('not listed');
  return only(item);
}
/** What list, mark and join say; all three must agree. */
async function unread(by = mia): Promise<UnreadCount> {
  const list = await listed(by);
  expect(only(await chat.ask(by, 'mark', { conversationId, readSeq: 0 }))).toEqual(list);
  expect(only(await chat.ask(by, 'join', { conversationId }))).toEqual(list);
  return list;
}

describe('READ-2: unread', () => {
  test('is 0 after three messages came while the user was away, and all were deleted', async () => {
    await chat.disconnect(mia);
    for (const seq of [await say(olga), await say(olga), await say(olga)]) await erase(seq);
    mia = await chat.connect('mia');
    expect(await unread()).toEqual({ unread: 0 });
  });

  test('goes down by a message that is deleted later, and not by an edit', async () => {
    const [first] = [await say(olga), await say(olga), await say(olga)];
    expect(await unread()).toEqual({ unread: 3 });
    await chat.ask(olga, 'edit-message', { conversationId, seq: first, content: 'y' });
    expect(await unread()).toEqual({ unread: 3 });
    await erase(first);
    expect(await unread()).toEqual({ unread: 2 });
  });

  test('leaves out what the user wrote, on whatever device, and keeps what was there before', async () => {
    const phone = await chat.connect('mia');
    await say(olga);
    await say(phone, 2);
    await say(olga);
    expect(await unread()).toEqual({ unread: 2 });
    expect(await unread(olga)).toEqual({ unread: 2 });
  });

  test('is not lowered twice by a deleted message of one’s own, nor by one that was read', async () => {
    const read = await say(olga);
    await chat.ask(mia, 'mark', { conversationId, readSeq: read });
    const own = await say(mia);
    await say(olga);
    await erase(own, mia);
    await erase(read);
    expect(await unread()).toEqual({ unread: 1 });
  });

  test('counts what someone wrote who was removed or banned since: it is still shown', async () => {
    for (const name of ['rita', 'bob']) {
      const client = await chat.connect(name);
      await chat.ask(olga, 'add-member', { conversationId, userId: name });
      await say(client);
    }
    await chat.ask(olga, 'remove-member', { conversationId, userId: 'rita' });
    await chat.ask(olga, 'update-member', { conversationId, userId: 'bob', banned: true });
    expect(await unread()).toEqual({ unread: 2 });
  });

  test('is exact with 50 entries after the mark, whatever they are, and an upper bound with 51', async () => {
    const first = await say(olga, 2);
    await erase(first);
    await chat.ask(olga, 'update-conversation', { conversationId, name: 'Tea' });
    await react(olga, 44);
    await say(mia);
    await chat.ask(olga, 'edit-message', { conversationId, seq: 1, content: 'y' });
    expect(await chat.ask(mia, 'mark', { conversationId, readSeq: 0 })).toEqual({
      ...{ conversationId, readSeq: 0, deliveredSeq: 0, head: 50, unread: 1 },
    });
    expect(await unread()).toEqual({ unread: 1 });
    await react(olga, 1);
    expect(await unread()).toEqual({ unread: 3, unreadAtMost: true });
    await chat.ask(mia, 'mark', { conversationId, readSeq: 1 });
    expect(await unread()).toEqual({ unread: 0 });
  });

  test('is exactly 0, without reading anything, where no message lies after the mark', async () => {
    const seq = await say(olga);
    expect(await chat.ask(mia, 'mark', { conversationId, readSeq: seq })).toMatchObject({ unread: 0 });
    await react(olga, 60);
    expect([await unread(), counted]).toEqual([{ unread: 0 }, 0]);
  });

  test('reads nothing beyond 50 entries either', async () => {
    await say(olga, 51);
    expect([await unread(), counted]).toEqual([{ unread: 51, unreadAtMost: true }, 0]);
  });

  test('begins where a user joined a channel late, or was added to a group', async () => {
    await say(olga, 2);
    const late = await chat.connect('late');
    await chat.ask(olga, 'add-member', { conversationId, userId: 'late' });
    await say(olga);
    expect(await unread(late)).toEqual({ unread: 1 });
    ({ conversationId } = await chat.ask(olga, 'create-conversation', { kind: 'channel', conversationId: 'news' }));
    const early = await say(olga, 3);
    expect(only(await chat.ask(late, 'join', { conversationId }))).toEqual({ unread: 0 });
    await erase(early);
    await say(olga);
    expect(await unread(late)).toEqual({ unread: 1 });
  });

  test('is counted in a direct conversation too, for either user', async () => {
    const direct = await chat.ask(olga, 'create-conversation', { kind: 'direct', members: ['mia'] });
    conversationId = direct.conversationId;
    await say(mia);
    await erase(await say(olga));
    await say(olga);
    expect([await unread(), await unread(olga)]).toEqual([{ unread: 1 }, { unread: 1 }]);
  });

  test('is what it was at the head of the reply, whatever is committed before it is counted', async () => {
    const [first] = [await say(olga), await say(olga)];
    beforeCounting = async () => {
      await erase(first);
      await say(olga);
    };
    const [item] = (await chat.ask(mia, 'list-conversations', {})).items;
    expect(item).toMatchObject({ head: 2, n: 2, unread: 2 });
    expect(await unread()).toEqual({ unread: 2 });
    beforeCounting = () => say(olga);
    expect(await chat.ask(mia, 'mark', { conversationId, readSeq: 0 })).toMatchObject({ head: 4, unread: 2 });
    expect(await chat.ask(mia, 'mark', { conversationId, readSeq: 2 })).toMatchObject({ head: 5, unread: 2 });
  });

  test('MEMB-3: tells a user who is removed meanwhile nothing of what is committed after that', async () => {
    const first = await say(olga);
    beforeCounting = async () => {
      await chat.ask(olga, 'remove-member', { conversationId, userId: 'mia' });
      await erase(first);
    };
    expect(await listed()).toEqual({ unread: 1 });
  });

  test('is an upper bound that says so, and a report, where the entries cannot be read; the rest of the list stands', async () => {
    const other = await createGroup(chat, olga, mia);
    await say(olga);
    await erase(await say(olga));
    const fail = async () => {
      throw new Error('throttled');
    };
    beforeCounting = fail;
    const { items } = await chat.ask(mia, 'list-conversations', {});
    expect(items.map((item) => [item.conversationId, only(item)])).toEqual(
      [
        [conversationId, { unread: 2, unreadAtMost: true }],
        [other, { unread: 0 }],
      ].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
    beforeCounting = fail;
    expect(await chat.ask(mia, 'mark', { conversationId, readSeq: 1 })).toMatchObject({
      ...{ readSeq: 1, unread: 1, unreadAtMost: true },
    });
    beforeCounting = fail;
    expect(await chat.ask(mia, 'join', { conversationId })).toMatchObject({ unread: 1, unreadAtMost: true });
    expect(chat.reports.map(({ stage }) => stage)).toEqual(['count-unread', 'count-unread', 'count-unread']);
    expect(await unread()).toEqual({ unread: 0 });
  });

  test('is told by a mark that moves nothing, and by one that only says what was delivered', async () => {
    const [first] = [await say(olga), await say(olga), await say(mia)];
    await erase(first);
    await quietDown(chat);
    const told = { conversationId, readSeq: 0, head: 4, unread: 1 };
    expect(await chat.ask(mia, 'mark', { conversationId, readSeq: 0 })).toEqual({ ...told, deliveredSeq: 0 });
    expect(await chat.ask(mia, 'mark', { conversationId, deliveredSeq: 3 })).toEqual({ ...told, deliveredSeq: 3 });
    expect(await chat.ask(mia, 'mark', { conversationId, deliveredSeq: 2 })).toEqual({ ...told, deliveredSeq: 3 });
  });
});
