import { expect } from 'vitest';
import { sentencesOf, shownBy } from '../../support/sentences.ts';

const says = sentencesOf('Presence and marks', 'Changing messages');

says('PRES-1', "user:online is pushed when a user's first connection joins the room.", async (s) => {
  const conversationId = await s.group(s.ann);
  await s.chat.ask(s.ann, 'add-member', { conversationId, userId: 'bob' });
  await s.rest();
  await s.chat.ask(s.bob, 'join', { conversationId });
  expect(await s.heard(s.ann)).toMatchObject([{ event: 'user:online', data: { userId: 'bob', status: 'online' } }]);
  await s.chat.ask(await s.chat.connect('bob'), 'join', { conversationId });
  expect(await s.heard(s.ann)).toEqual([]);
});
says(
  'PRES-1',
  'user:offline follows within 30 s after the server learns that the last one is gone, by leave or because it ended.',
  shownBy('unit/presence.test.ts', 'tells the room when a user comes, and within 30 s when a user is gone'),
  async (s) => {
    for (const end of ['leave', 'close']) {
      const bob = await s.chat.connect('bob');
      const conversationId = await s.group(bob);
      await (end === 'leave' ? s.chat.ask(bob, 'leave', { conversationId }) : s.chat.disconnect(bob));
      const since = s.chat.clock.now();
      expect(await s.heard(s.ann)).toMatchObject([{ event: 'user:offline', data: { userId: 'bob' } }]);
      expect(s.chat.clock.now() - since).toBeLessThanOrEqual(30_000);
    }
  },
);
says(
  'PRES-1',
  'It does not come when one of several tabs closes, nor on a reload within 5 s.',
  shownBy('unit/presence.test.ts', 'says nothing when one of several tabs closes'),
  shownBy('unit/presence.test.ts', 'says nothing about a reload within 5 s'),
);
says(
  'PRES-1',
  "Both go to everyone in the room, the user's own connections included, in rooms of up to 100 connections.",
  shownBy('unit/protocol-page.test.ts', 'shows exchanges as they happen, every frame of them'),
  shownBy('unit/presence.test.ts', 'is not sent to rooms with over 100 connections'),
);
says(
  'PRES-1',
  'Both carry version, which grows for each user and room: drop older ones.',
  shownBy(
    'unit/presence.test.ts',
    'versions grow for each user and room, whether the user comes, goes or sets a status',
  ),
  shownBy('unit/client-conversation.test.ts', 'PRES-1: drops presence that is older than what it has'),
);
says(
  'PRES-1',
  'A status belongs to the user, the last one wins, and it ends with the last connection.',
  shownBy('unit/presence.test.ts', 'belongs to the user: it holds on all devices, and in a room that is joined later'),
  shownBy('unit/presence.test.ts', 'ends with the last connection'),
);
says('PRES-1', 'A new status is pushed as user:online in the rooms that this connection joined.', async (s) => {
  const phone = await s.chat.connect('ann');
  const [here, there] = [await s.group(s.bob), await s.group(s.cid)];
  await s.chat.ask(phone, 'join', { conversationId: there });
  await s.chat.ask(s.ann, 'leave', { conversationId: there });
  await s.rest();
  await s.chat.ask(s.ann, 'set-status', { status: 'busy' });
  const data = { conversationId: here, userId: 'ann', status: 'busy' };
  expect(await s.heard(s.bob)).toMatchObject([{ event: 'user:online', data }]);
  expect(await s.heard(s.cid)).toEqual([]);
});

says(
  'READ-1',
  'Marks only grow, and deliveredSeq ≥ readSeq.',
  shownBy(
    'unit/reading.test.ts',
    'grow, keep delivered at or above read, are clamped to the head, and count unread messages',
  ),
);
says('READ-1', 'A mark beyond the head means the head.', async (s) => {
  const conversationId = await s.group();
  await s.say(s.ann, conversationId);
  const marked = await s.chat.ask(s.ann, 'mark', { conversationId, readSeq: 99, deliveredSeq: 999 });
  expect(marked).toMatchObject({ readSeq: 1, deliveredSeq: 1 });
});
says('READ-1', 'A lower one is answered with the current ones.', async (s) => {
  const conversationId = await s.group();
  for (let at = 0; at < 3; at += 1) await s.say(s.ann, conversationId);
  await s.chat.ask(s.ann, 'mark', { conversationId, readSeq: 2, deliveredSeq: 3 });
  for (const fields of [{ readSeq: 1 }, { deliveredSeq: 2 }, { readSeq: 0, deliveredSeq: 0 }]) {
    expect(await s.chat.ask(s.ann, 'mark', { conversationId, ...fields })).toMatchObject({
      readSeq: 2,
      deliveredSeq: 3,
    });
  }
});
says(
  'READ-1',
  "A receipt goes to rooms of up to 25 connections, and to the user's other devices.",
  shownBy('unit/reading.test.ts', 'are sent to the room and one’s own devices, but not again if they did not move'),
  async (s) => {
    const phone = await s.chat.connect('ann');
    const conversationId = await s.channel(s.bob);
    const told = async () => {
      const { seq } = await s.say(s.bob, conversationId);
      await s.chat.ask(s.ann, 'mark', { conversationId, readSeq: seq });
      const receipts = [s.bob, phone].map(async (client) =>
        (await s.events(client)).filter((event) => event === 'receipt'),
      );
      return (await Promise.all(receipts)).map(({ length }) => length);
    };
    const join = async (userId: string) => s.chat.ask(await s.chat.connect(userId), 'join', { conversationId });
    for (let at = 0; at < 23; at += 1) await join(`u${at}`);
    expect(await told()).toEqual([1, 1]);
    await join('one-more');
    expect(await told()).toEqual([0, 1]);
  },
);
says(
  'READ-1',
  'Clients coalesce.',
  shownBy('unit/client-conversation.test.ts', 'READ-1: combines marks into one, and never sends a lower one'),
);
says(
  'READ-2',
  "unread is the number of messages after the user's own readSeq that are neither deleted nor the user's own, as of head.",
  shownBy('unit/unread.test.ts', 'leaves out what the user wrote, on whatever device, and keeps what was there before'),
  shownBy('unit/unread.test.ts', 'is what it was at the head of the reply, whatever is committed before it is counted'),
  async (s) => {
    const conversationId = await s.group(s.bob);
    for (const client of [s.ann, s.bob, s.ann, s.ann]) await s.say(client, conversationId);
    await s.chat.ask(s.ann, 'delete-message', { conversationId, seq: 4 });
    const unread = async (readSeq: number) => (await s.chat.ask(s.bob, 'mark', { conversationId, readSeq })).unread;
    expect([await unread(0), await unread(1), await unread(3)]).toEqual([2, 1, 0]);
  },
);
says('READ-2', 'Other entries never count, so an edit or a reaction changes nothing.', async (s) => {
  const conversationId = await s.group(s.bob);
  await s.say(s.ann, conversationId);
  await s.chat.ask(s.ann, 'edit-message', { conversationId, seq: 1, content: 'new' });
  await s.chat.ask(s.ann, 'add-reaction', { conversationId, seq: 1, emoji: '👍' });
  await s.chat.ask(s.ann, 'update-conversation', { conversationId, name: 'New' });
  expect(await s.chat.ask(s.bob, 'mark', { conversationId, readSeq: 0 })).toMatchObject({ unread: 1, head: 4 });
});
says(
  'READ-2',
  'What somebody wrote who left or is banned counts, as it is still shown.',
  shownBy('unit/unread.test.ts', 'counts what someone wrote who was removed or banned since: it is still shown'),
);
says(
  'READ-2',
  'With at most 50 entries after readSeq, of whatever kind, unread is exact.',
  shownBy(
    'unit/unread.test.ts',
    'is exact with 50 entries after the mark, whatever they are, and an upper bound with 51',
  ),
);
says(
  'READ-2',
  'With more it is an upper bound, all messages after readSeq, and unreadAtMost: true says so.',
  shownBy(
    'unit/unread.test.ts',
    'is exact with 50 entries after the mark, whatever they are, and an upper bound with 51',
  ),
);
says(
  'READ-2',
  'The same holds when the server cannot read those entries at the moment.',
  shownBy(
    'unit/unread.test.ts',
    'is an upper bound that says so, and a report, where the entries cannot be read; the rest of the list stands',
  ),
);
says(
  'READ-2',
  'Clients that hold all entries after readSeq count for themselves.',
  shownBy(
    'unit/client-unread.test.ts',
    'counts by itself, and exactly, where more than 50 entries lie after the mark and all are held',
  ),
);

says('EDIT-1', 'Authors edit; authors, admins and owners delete.', async (s) => {
  const conversationId = await s.group(s.bob, s.cid);
  await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'cid', role: 'admin' });
  const edit = { conversationId, content: 'new' };
  for (const deletes of [s.bob, s.cid, s.ann]) {
    const { seq } = await s.say(s.bob, conversationId);
    expect(await s.code(s.ann, 'edit-message', { ...edit, seq })).toBe('forbidden');
    expect(await s.code(s.bob, 'edit-message', { ...edit, seq })).toBe(undefined);
    expect(await s.code(deletes, 'delete-message', { conversationId, seq })).toBe(undefined);
  }
  const { seq } = await s.say(s.ann, conversationId);
  expect(await s.code(s.bob, 'delete-message', { conversationId, seq })).toBe('forbidden');
});
says(
  'EDIT-1',
  'An edit without mentions leaves them as they are, an empty list takes them away; SEND-7 says who is mentioned.',
  shownBy('unit/messages.test.ts', 'EDIT-1: an edit without mentions keeps them, an empty list takes them away'),
  shownBy(
    'unit/messages.test.ts',
    'EDIT-1: other mentions alone are a change, the same ones are not, and only members are mentioned',
  ),
);
says('EDIT-1', 'The entry of an edit has all mentions after it, unless the message never had any.', async (s) => {
  const conversationId = await s.group(s.bob);
  const { seq: plain } = await s.say(s.ann, conversationId);
  const { seq } = await s.say(s.ann, conversationId, { mentions: ['bob'] });
  const edit = (at: number, content: string, mentions?: string[]) =>
    s.chat.ask(s.ann, 'edit-message', { conversationId, seq: at, content, ...(mentions && { mentions }) });
  expect(await edit(plain, 'a')).not.toHaveProperty('mentions');
  expect(await edit(seq, 'b')).toMatchObject({ mentions: ['bob'] });
  expect(await edit(seq, 'c', ['ann'])).toMatchObject({ mentions: ['ann'] });
  expect(await edit(seq, 'd', [])).toMatchObject({ mentions: [] });
  expect(await edit(seq, 'e')).toMatchObject({ mentions: [] });
});
says(
  'EDIT-1',
  'A deleted message takes no more changes (conflict); deleting it again is unchanged (RETRY-1).',
  async (s) => {
    const conversationId = await s.group();
    const { seq } = await s.say(s.ann, conversationId);
    const one = { conversationId, seq };
    await s.chat.ask(s.ann, 'add-reaction', { ...one, emoji: '👍' });
    await s.chat.ask(s.ann, 'delete-message', one);
    expect(await s.code(s.ann, 'edit-message', { ...one, content: 'new' })).toBe('conflict');
    expect(await s.code(s.ann, 'add-reaction', { ...one, emoji: '👍' })).toBe('conflict');
    expect(await s.code(s.ann, 'remove-reaction', { ...one, emoji: '👍' })).toBe('conflict');
    expect(await s.chat.ask(s.ann, 'delete-message', one)).toMatchObject({ unchanged: true });
  },
);
const KEPT = ['conversationId', 'seq', 'senderId', 'type', 'clientMessageId', 'createdAt', 'n', 'rev'];
says(
  'EDIT-1',
  'A tombstone keeps conversationId, seq, senderId, type, clientMessageId, createdAt, n and rev.',
  async (s) => {
    const conversationId = await s.group(s.bob);
    const sent = await s.say(s.ann, conversationId, { clientMessageId: 'm' });
    await s.chat.ask(s.ann, 'delete-message', { conversationId, seq: 1 });
    const rev = 2;
    const { createdAt, n } = sent;
    const kept = { conversationId, seq: 1, senderId: 'ann', type: 'text', clientMessageId: 'm', createdAt, n, rev };
    expect(Object.keys(kept)).toEqual(KEPT);
    expect(await s.message(conversationId, 1)).toMatchObject(kept);
  },
);
says('EDIT-1', 'It has deletedAt and empty reactions, and loses all else.', async (s) => {
  const conversationId = await s.group(s.bob);
  const fields = { clientMessageId: 'm', mentions: ['bob'] };
  await s.say(s.ann, conversationId);
  const { seq } = await s.say(s.ann, conversationId, { ...fields, replyTo: 1 });
  await s.chat.ask(s.ann, 'edit-message', { conversationId, seq, content: 'new' });
  await s.chat.ask(s.bob, 'add-reaction', { conversationId, seq, emoji: '👍' });
  await s.chat.ask(s.ann, 'delete-message', { conversationId, seq });
  const tombstone = await s.message(conversationId, seq);
  expect(Object.keys(tombstone).sort()).toEqual([...KEPT, 'deletedAt', 'reactions'].sort());
  expect(tombstone.reactions).toEqual([]);
});

says('EDIT-2', 'Only the newest message-updated of a message keeps content and mentions.', async (s) => {
  const conversationId = await s.group(s.bob);
  const { seq } = await s.say(s.ann, conversationId, { mentions: ['bob'] });
  for (const content of ['one', 'two']) await s.chat.ask(s.ann, 'edit-message', { conversationId, seq, content });
  const [, older, newest] = (await s.page(s.bob, conversationId)).entries;
  expect(newest?.data).toMatchObject({ content: 'two', mentions: ['bob'] });
  for (const field of ['content', 'mentions']) expect(older?.data).not.toHaveProperty(field);
});
says(
  'EDIT-2',
  'A further edit or a deletion removes them in the same transaction.',
  shownBy(
    'property/log.test.ts',
    'EDIT-2: no text is left that was edited away or deleted, and at most one edit holds a text',
  ),
  async (s) => {
    const conversationId = await s.group();
    const { seq } = await s.say(s.ann, conversationId);
    await s.chat.ask(s.ann, 'edit-message', { conversationId, seq, content: 'secret' });
    const { append } = s.chat.stores.log;
    const types: string[][] = [];
    s.chat.stores.log.append = (entry, changes) => {
      types.push(changes.map(({ type }) => type));
      return append(entry, changes);
    };
    await s.chat.ask(s.ann, 'edit-message', { conversationId, seq, content: 'new' });
    await s.chat.ask(s.ann, 'delete-message', { conversationId, seq });
    for (const one of types) expect(one).toContain('strip-edit');
    expect(JSON.stringify(s.chat.stores.state.log(conversationId).current)).not.toMatch(/secret|new/);
  },
);
says(
  'EDIT-2',
  'Replayed without content, the entry only moves the position.',
  shownBy('unit/client-log-view.test.ts', 'EDIT-2: an edit replayed without its text only moves the position'),
);

const KINDS = [...'😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔'];
says('REACT-1', 'A message takes at most 20 kinds of reaction; one more is a conflict.', async (s) => {
  const conversationId = await s.group(s.bob);
  const { seq } = await s.say(s.ann, conversationId);
  const react = (emoji: string) => s.code(s.bob, 'add-reaction', { conversationId, seq, emoji });
  for (const emoji of KINDS.slice(0, 20)) expect(await react(emoji)).toBe(undefined);
  expect([await react(KINDS[20] ?? ''), await react(KINDS[0] ?? '')]).toEqual(['conflict', undefined]);
});
says('REACT-1', 'A user has each emoji on a message once.', async (s) => {
  const conversationId = await s.group(s.bob);
  const { seq } = await s.say(s.ann, conversationId);
  const react = () => s.chat.ask(s.bob, 'add-reaction', { conversationId, seq, emoji: '👍' });
  expect([(await react()).count, await react()]).toMatchObject([1, { count: 1, unchanged: true }]);
});
