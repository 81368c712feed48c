import { expect } from 'vitest';
import { sentencesOf, shownBy } from '../../support/sentences.ts';

const says = sentencesOf('Rooms');

says(
  'AUTH-1',
  'A command on a conversation needs membership, before anything else about the conversation is looked at.',
  shownBy('unit/roles.test.ts', 'of a group (%s) is told that there is no such group, and no call reveals more'),
);
says('AUTH-1', 'Two commands need none: leave (LEAVE-1), and join of a channel (JOIN-3).', async (s) => {
  const [channel, group] = [await s.channel(), await s.group()];
  for (const conversationId of [channel, group, 'nowhere']) {
    expect(await s.code(s.bob, 'leave', { conversationId })).toBe(undefined);
  }
  expect(await s.code(s.bob, 'join', { conversationId: group })).toBe('conversation-not-found');
  expect(await s.code(s.bob, 'join', { conversationId: channel })).toBe(undefined);
});
says(
  'AUTH-1',
  'In a channel, a user who is not a member is told not-joined (join it first), and a banned user forbidden.',
  shownBy('unit/roles.test.ts', 'of a channel (%s) is told to join, or that it is forbidden'),
);
says(
  'AUTH-1',
  `In a group or direct conversation, outsiders, removed and banned users cannot tell it from one that does not exist: all
   get conversation-not-found.`,
  shownBy('unit/roles.test.ts', 'of a group (%s) is told that there is no such group, and no call reveals more'),
  async (s) => {
    const conversationId = await s.direct();
    const here = await s.chat.refusal(s.cid, 'history', { conversationId });
    expect(here.code).toBe('conversation-not-found');
    expect(await s.chat.refusal(s.cid, 'history', { conversationId: 'd:nowhere' })).toEqual(here);
  },
);
says(
  'AUTH-1',
  'A frame that breaks its own schema is refused as such first, the same whether the conversation exists or not.',
  async (s) => {
    const conversationId = await s.group();
    const frame = { action: 'send-message', content: '' };
    const here = await s.chat.raw(s.bob, JSON.stringify({ ...frame, conversationId }));
    expect(here?.data).toMatchObject({ code: 'validation-failed' });
    expect(await s.chat.raw(s.bob, JSON.stringify({ ...frame, conversationId: 'nowhere' }))).toEqual(here);
  },
);

says(
  'JOIN-1',
  'entries are those after after, or else the newest 50, cut to ENV-1; with hasMore, history has the rest.',
  async (s) => {
    const conversationId = await s.group(s.bob);
    for (let at = 0; at < 60; at += 1) {
      await s.say(s.ann, conversationId, { content: `${at}` });
      s.chat.clock.advance(1_000);
    }
    const newest = await s.chat.ask(s.bob, 'join', { conversationId });
    expect([newest.entries[0]?.data.seq, newest.entries.length, newest.head, newest.hasMore]).toEqual([
      11,
      50,
      60,
      true,
    ]);
    const older = await s.page(s.bob, conversationId, { before: 11 });
    expect([older.entries[0]?.data.seq, older.entries.length, older.hasMore]).toEqual([1, 10, false]);
    const later = await s.chat.ask(s.bob, 'join', { conversationId, after: 58 });
    expect([later.entries.map(({ data }) => data.seq), later.hasMore]).toEqual([[59, 60], false]);
  },
  shownBy(
    'unit/reading.test.ts',
    'joining and reading still get one entry each when entries are as large as they can be',
  ),
);
says(
  'JOIN-1',
  `online has the users of the room's first 100 connections and the joining user, up to 100; in a room of up to 100
   connections those are all.`,
  shownBy(
    'unit/reading.test.ts',
    'in a room of over 100 connections, `online` has the users of the first 100, and the user who joins',
  ),
);
says('JOIN-1', "marks has up to 100 items, the user's own first.", async (s) => {
  const ids = (from: number) => Array.from({ length: 50 }, (_, at) => `u${from + at}`);
  const zoe = await s.chat.connect('zoe');
  const { conversationId } = await s.chat.ask(s.ann, 'create-conversation', { kind: 'group', members: ids(0) });
  await s.chat.ask(s.ann, 'add-member', { conversationId, userId: 'zoe' });
  const joined = async () => (await s.chat.ask(zoe, 'join', { conversationId })).marks;
  expect(await joined()).toHaveLength(52);
  for (const userId of ids(50)) {
    s.chat.clock.advance(1_000);
    await s.chat.ask(s.ann, 'add-member', { conversationId, userId });
  }
  const marks = await joined();
  expect([marks.length, marks[0]?.userId]).toEqual([100, 'zoe']);
});
says(
  'JOIN-1',
  "role and mutedUntil are the user's own.",
  shownBy('unit/members.test.ts', 'JOIN-1: a join says until when the user is muted, as long as the mute lasts'),
);
says(
  'JOIN-1',
  'If not everything fits, the first entry goes before online and marks, and these go before the other entries.',
  shownBy('unit/reading.test.ts', 'long lists of users and marks are cut so that the first entry still fits'),
);

says(
  'JOIN-2',
  'Every entry with seq > head is pushed to this connection, or shows as a gap (LOG-5), or shows in the next pong (CONN-4).',
  shownBy('unit/reading.test.ts', 'JOIN-2: what is committed after the page is pushed'),
  shownBy('property/commands.test.ts', 'does what a plain model says, and every copy ends equal to the log'),
);

says(
  'JOIN-3',
  'Joining a channel makes a user who is not a member one, with role member, without an entry.',
  async (s) => {
    const conversationId = await s.channel();
    expect(await s.chat.ask(s.bob, 'join', { conversationId })).toMatchObject({ role: 'member', head: 0, entries: [] });
    await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', role: 'admin' });
    expect(await s.chat.ask(s.bob, 'join', { conversationId })).toMatchObject({ role: 'admin', head: 1 });
    expect(await s.chat.ask(s.ann, 'join', { conversationId })).toMatchObject({ role: 'owner', head: 1 });
  },
);
says('JOIN-3', 'A group or direct conversation needs membership.', async (s) => {
  for (const conversationId of [await s.group(s.bob), await s.direct()]) {
    expect(await s.code(s.bob, 'join', { conversationId })).toBe(undefined);
    expect(await s.code(s.cid, 'join', { conversationId })).toBe('conversation-not-found');
  }
});
says(
  'JOIN-3',
  'A user who is banned from a channel gets forbidden, for join and for every other command but leave.',
  shownBy('unit/roles.test.ts', 'of a channel (%s) is told to join, or that it is forbidden'),
  shownBy('unit/rule-details.test.ts', 'is forbidden every command but leave'),
  shownBy('unit/conversations.test.ts', 'JOIN-3: a creator who was banned from a channel is told so'),
);

says('JOIN-4', 'Joining twice is not an error.', async (s) => {
  const conversationId = await s.group(s.bob);
  expect(await s.code(s.bob, 'join', { conversationId })).toBe(undefined);
  await s.say(s.ann, conversationId);
  expect(await s.events(s.bob)).toEqual(['receive-message']);
});
says(
  'JOIN-4',
  'Clients keep at most 4 joins open at a time.',
  shownBy('unit/client-conversation.test.ts', 'LEAVE-1: keeps at most four joins open at a time'),
);

says('LEAVE-1', 'leave ends delivery on this connection, not the membership.', async (s) => {
  const phone = await s.chat.connect('bob');
  const conversationId = await s.group(s.bob, phone);
  await s.chat.ask(s.bob, 'leave', { conversationId });
  await s.rest();
  await s.say(s.ann, conversationId);
  expect([await s.events(s.bob), await s.events(phone)]).toEqual([[], ['receive-message']]);
  expect(await s.code(s.bob, 'history', { conversationId })).toBe(undefined);
});
says(
  'LEAVE-1',
  'It succeeds for everyone: for members and others, the removed and the banned included, joined or not, as often as LIMIT-1 allows.',
  shownBy('unit/roles.test.ts', 'LEAVE-1: may send leave like anybody else'),
  shownBy(
    'unit/session.test.ts',
    'LEAVE-1: leaving ends delivery on this connection only; leaving what was not joined is no error',
  ),
  shownBy('unit/limits.test.ts', 'leaves per user share the bucket of joins, whether the room was joined or not'),
);

says(
  'TYPE-1',
  'Receivers drop the indicator after 6 s, or with a message from that user; clients repeat typing every 4 seconds.',
  shownBy(
    'unit/client-conversation.test.ts',
    'TYPE-1: a typing indicator ends after 6 s or with a message; `typing` is sent every 4 s',
  ),
);
says(
  'TYPE-1',
  "It is not sent to rooms of over 100 connections, nor to the typist's own connections.",
  shownBy(
    'unit/presence.test.ts',
    'is sent to the others in the room, not to the typist’s own devices, and is not stored',
  ),
  async (s) => {
    const conversationId = await s.channel(s.bob);
    const told = async () => {
      s.chat.clock.advance(2_000);
      await s.chat.command(s.ann, 'typing', { conversationId, isTyping: true });
      return (await s.events(s.bob)).filter((event) => event === 'user-typing').length;
    };
    const join = async (userId: string) => s.chat.ask(await s.chat.connect(userId), 'join', { conversationId });
    for (let at = 0; at < 98; at += 1) await join(`u${at}`);
    expect(await told()).toBe(1);
    await join('one-more');
    expect(await told()).toBe(0);
  },
);
says(
  'TYPE-1',
  'What exceeds the rate is dropped silently.',
  shownBy('unit/presence.test.ts', 'beyond 5 at once and 1/s is dropped silently'),
);
