import { beforeEach, describe, expect, test } from 'vitest';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';

let chat: Chat;
let owner: Client;
let member: Client;
let conversationId: string;
let target: { conversationId: string; seq: number };

beforeEach(async () => {
  chat = new Chat();
  owner = await chat.connect('olga');
  member = await chat.connect('mia');
  conversationId = await createGroup(chat, owner, member);
  await chat.ask(owner, 'send-message', { conversationId, content: 'hello' });
  const { seq } = await chat.ask(member, 'send-message', {
    conversationId,
    content: 'original',
    clientMessageId: 'm1',
  });
  target = { conversationId, seq };
});

function log() {
  return chat.stores.state.log(conversationId).current;
}
async function message(viewer = member) {
  const page = await chat.ask(viewer, 'history', { conversationId, after: target.seq - 1, limit: 1 });
  return page.entries[0]?.data as Record<string, unknown>;
}
function edit(content: string, mentions?: string[]) {
  return chat.ask(member, 'edit-message', { ...target, content, ...(mentions && { mentions }) });
}
function erase(by = member) {
  return chat.ask(by, 'delete-message', target);
}
function react(by: Client, emoji: string) {
  return chat.ask(by, 'add-reaction', { ...target, emoji });
}
function unreact(by: Client, emoji: string) {
  return chat.ask(by, 'remove-reaction', { ...target, emoji });
}

describe('editing', () => {
  test('EDIT-2: changes the message, and only the newest edit keeps its text', async () => {
    expect(await edit('second')).toMatchObject({ seq: 3, targetSeq: 2, content: 'second', updatedBy: 'mia' });
    await edit('third');
    expect(await message()).toMatchObject({ content: 'third', rev: 4, editedAt: log()[3]?.at, clientMessageId: 'm1' });
    expect(log().slice(2)).toMatchObject([{ kind: 'message-updated' }, { content: 'third' }]);
    expect(JSON.stringify([...chat.stores.state.logs])).not.toMatch(/original|second/);
  });

  test('RETRY-1: the same text again changes nothing', async () => {
    await edit('second');
    expect(await edit('second')).toEqual({
      ...target,
      targetSeq: 2,
      content: 'second',
      updatedBy: 'mia',
      unchanged: true,
      seq: undefined,
    });
    expect(log()).toHaveLength(3);
  });

  test('EDIT-1: an edit without mentions keeps them, an empty list takes them away', async () => {
    expect(await edit('second', ['olga'])).toMatchObject({ seq: 3, mentions: ['olga'] });
    expect(await message()).toMatchObject({ content: 'second', mentions: ['olga'] });
    await edit('third');
    expect(await message()).toMatchObject({ content: 'third', mentions: ['olga'] });
    expect(await edit('third', [])).toMatchObject({ seq: 5, mentions: [] });
    expect(await message()).not.toHaveProperty('mentions');
  });

  test('EDIT-1: other mentions alone are a change, the same ones are not, and only members are mentioned', async () => {
    expect(await edit('original', ['olga', 'zoe'])).toMatchObject({ seq: 3, mentions: ['olga'] });
    expect(await edit('original', ['zoe', 'olga'])).toEqual({
      ...{ conversationId, targetSeq: 2, content: 'original', mentions: ['olga'], updatedBy: 'mia', unchanged: true },
    });
    expect(log()).toHaveLength(3);
  });

  test('EDIT-2, LOG-2: mentions go with the text of an older edit, and the newest says what they are now', async () => {
    await edit('second', ['olga']);
    await edit('third');
    await edit('fourth', []);
    await edit('fifth');
    const edits = log().slice(2);
    expect(edits.map((entry) => ('mentions' in entry ? entry.mentions : undefined))).toEqual([
      ...[undefined, undefined, undefined],
      [],
    ]);
    await edit('sixth', ['olga']);
    await erase();
    expect(JSON.stringify(log().slice(1))).not.toMatch(/mentions":/);
  });

  test('EDIT-1: only authors may edit, not even owners, and only messages', async () => {
    const fields = { content: 'mine now' };
    expect(await chat.refusal(owner, 'edit-message', { ...target, ...fields })).toMatchObject({ code: 'forbidden' });
    await react(owner, '👍');
    for (const seq of [3, 99]) {
      expect(await chat.refusal(member, 'edit-message', { conversationId, seq, ...fields })).toMatchObject({
        code: 'message-not-found',
      });
    }
  });
});

describe('deleting', () => {
  test('EDIT-1: leaves a tombstone with its place and author, and no trace of the text', async () => {
    const before = await message();
    await edit('a secret');
    await react(owner, '👍');
    expect(await erase()).toMatchObject({ seq: 5, targetSeq: 2, deletedBy: 'mia' });
    const { senderId, createdAt, n, clientMessageId } = before;
    expect(await message()).toEqual({
      ...{ conversationId, seq: 2, type: 'text', senderId, createdAt, n, clientMessageId },
      ...{ rev: 5, deletedAt: log()[4]?.at, reactions: [] },
    });
    expect(JSON.stringify([...chat.stores.state.logs])).not.toMatch(/original|secret/);
  });

  test('EDIT-1: a tombstone takes no changes; deleting it again changes nothing and says who deleted it', async () => {
    await react(owner, '👍');
    await erase(owner);
    for (const by of [owner, member]) {
      expect(await chat.ask(by, 'delete-message', target)).toMatchObject({
        targetSeq: 2,
        deletedBy: 'olga',
        unchanged: true,
      });
    }
    expect(await chat.refusal(member, 'edit-message', { ...target, content: 'x' })).toMatchObject({ code: 'conflict' });
    expect(await chat.refusal(owner, 'add-reaction', { ...target, emoji: '🎉' })).toMatchObject({ code: 'conflict' });
    expect(await chat.refusal(owner, 'remove-reaction', { ...target, emoji: '👍' })).toMatchObject({
      code: 'conflict',
    });
  });

  test('a deleted reply also loses its mentions and what it replied to', async () => {
    const { seq } = await chat.ask(member, 'send-message', {
      conversationId,
      content: 'x',
      replyTo: 1,
      mentions: ['olga'],
    });
    await chat.ask(member, 'delete-message', { conversationId, seq });
    const stored = log()[seq - 1];
    expect(stored).not.toHaveProperty('replyTo');
    expect(stored).not.toHaveProperty('mentions');
  });
});

describe('reactions', () => {
  test('with an emoji that lacks its selector are reactions with that emoji (TEXT-1)', async () => {
    expect(await react(owner, '❤')).toMatchObject({ emoji: '❤️', count: 1 });
    expect(await react(owner, '❤️')).toMatchObject({ emoji: '❤️', count: 1, unchanged: true });
    expect(await react(member, '❤')).toMatchObject({ emoji: '❤️', count: 2 });
    expect(await message()).toMatchObject({ reactions: [{ emoji: '❤️', count: 2, mine: true }] });
    expect(await unreact(owner, '❤')).toMatchObject({ emoji: '❤️', count: 1 });
  });

  test('are counted by emoji, shown to each viewer, and removed again', async () => {
    expect(await react(owner, '👍')).toMatchObject({ targetSeq: 2, emoji: '👍', userId: 'olga', count: 1 });
    await react(member, '🎉');
    expect(await react(member, '👍')).toMatchObject({ count: 2 });
    const both = (mine: boolean) => [
      { emoji: '👍', count: 2, mine: true },
      { emoji: '🎉', count: 1, mine },
    ];
    expect(await message(owner)).toMatchObject({ reactions: both(false) });
    expect(await message(member)).toMatchObject({ reactions: both(true) });
    expect(await unreact(member, '👍')).toMatchObject({ count: 1 });
    await unreact(owner, '👍');
    expect(await message()).toMatchObject({ reactions: [{ emoji: '🎉', count: 1, mine: true }] });
  });

  test('RETRY-1: adding a reaction twice, or removing a missing one, changes nothing', async () => {
    await react(owner, '👍');
    expect(await react(owner, '👍')).toMatchObject({ count: 1, unchanged: true });
    expect(await unreact(member, '👍')).toMatchObject({ count: 1, unchanged: true });
    expect(await unreact(member, '🎉')).toMatchObject({ count: 0, unchanged: true });
    expect(log()).toHaveLength(3);
  });

  test('REACT-1: a message has at most 20 emojis; more reactions with one of them are accepted', async () => {
    const kinds = [...'🐀🐁🐂🐃🐄🐅🐆🐇🐈🐉🐊🐋🐌🐍🐎🐏🐐🐑🐒🐓'];
    for (const emoji of kinds) await react(owner, emoji);
    expect(await chat.refusal(member, 'add-reaction', { ...target, emoji: '👍' })).toMatchObject({ code: 'conflict' });
    expect(await react(member, '🐀')).toMatchObject({ count: 2 });
    await unreact(owner, '🐁');
    expect(await react(member, '👍')).toMatchObject({ count: 1 });
  });

  test('`mine` is right for each message of a page', async () => {
    await react(member, '👍');
    await chat.ask(member, 'add-reaction', { conversationId, seq: 1, emoji: '🎉' });
    const { entries } = await chat.ask(member, 'history', { conversationId });
    const shown = entries.slice(0, 2).map(({ data }) => data.reactions);
    expect(shown).toEqual([[{ emoji: '🎉', count: 1, mine: true }], [{ emoji: '👍', count: 1, mine: true }]]);
  });
});

describe('replies, mentions and forwards (SEND-7)', () => {
  const refused = async (fields: object) =>
    (await chat.refusal(member, 'send-message', { conversationId, content: 'x', ...fields })).code;
  const forward = (seq: number, from = conversationId) => ({
    content: undefined,
    forward: { conversationId: from, seq },
  });

  test('a reply must be to a message in this conversation; a tombstone is allowed', async () => {
    expect(await chat.ask(owner, 'send-message', { conversationId, content: 'x', replyTo: 2 })).toMatchObject({
      replyTo: 2,
    });
    await erase();
    expect(await chat.ask(owner, 'send-message', { conversationId, content: 'x', replyTo: 2 })).toMatchObject({
      replyTo: 2,
    });
    expect([await refused({ replyTo: 4 }), await refused({ replyTo: 99 })]).toEqual([
      'message-not-found',
      'message-not-found',
    ]);
  });

  test('a reply may be to a message before the tail', async () => {
    for (let count = 0; count < 30; count += 1) {
      chat.clock.advance(250);
      await chat.ask(owner, 'send-message', { conversationId, content: 'x' });
    }
    expect(await chat.ask(member, 'send-message', { conversationId, content: 'x', replyTo: 1 })).toMatchObject({
      replyTo: 1,
    });
  });

  test('mentions of users who are not members are dropped', async () => {
    await chat.ask(owner, 'add-member', { conversationId, userId: 'gone' });
    await chat.ask(owner, 'remove-member', { conversationId, userId: 'gone' });
    const mentions = ['nobody', 'olga', 'gone', 'mia'];
    expect(await chat.ask(member, 'send-message', { conversationId, content: 'x', mentions })).toMatchObject({
      mentions: ['olga', 'mia'],
    });
    const none = await chat.ask(member, 'send-message', { conversationId, content: 'x', mentions: ['nobody'] });
    expect(none).not.toHaveProperty('mentions');
  });

  test('a forward copies the current text; from a group, it does not name the group', async () => {
    await edit('better');
    const copy = await chat.ask(member, 'send-message', { conversationId, forward: target });
    expect(copy).toMatchObject({ content: 'better', forwardedFrom: {}, senderId: 'mia' });
    expect(copy).not.toHaveProperty('editedAt');
    await erase();
    expect(JSON.stringify(log())).toContain('better');
  });

  test('a forward from a channel names the channel', async () => {
    const channel = await chat.ask(owner, 'create-conversation', { kind: 'channel', conversationId: 'news' });
    await chat.ask(owner, 'send-message', { conversationId: channel.conversationId, content: 'big news' });
    await chat.ask(member, 'join', { conversationId: 'news' });
    const copy = await chat.ask(member, 'send-message', {
      conversationId,
      forward: { conversationId: 'news', seq: 1 },
    });
    expect(copy).toMatchObject({
      content: 'big news',
      forwardedFrom: { conversationId: 'news', seq: 1, senderId: 'olga' },
    });
  });

  test('a tombstone, another kind of entry, and a message that one may not read cannot be forwarded', async () => {
    await erase();
    const secret = await chat.ask(owner, 'create-conversation', { kind: 'group', name: 'secret' });
    await chat.ask(owner, 'send-message', { conversationId: secret.conversationId, content: 'psst' });
    await chat.ask(owner, 'create-conversation', { kind: 'channel', conversationId: 'news' });
    expect(await refused(forward(2))).toBe('message-not-found');
    expect(await refused(forward(3))).toBe('message-not-found');
    expect(await refused(forward(1, secret.conversationId))).toBe('conversation-not-found');
    expect(await refused(forward(1, 'g:nowhere'))).toBe('conversation-not-found');
    expect(await refused(forward(1, 'news'))).toBe('not-joined');
  });
});

test('LOG-3: the others are pushed the same entry that the sender got as the reply', async () => {
  await quietDown(chat);
  const replies = [await react(member, '👍'), await edit('new'), await erase()];
  await chat.pump();
  expect(chat.gateway.take(owner.connectionId).map(({ data }) => data)).toEqual(replies);
});
