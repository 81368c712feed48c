import { expect } from 'vitest';
import { sentencesOf, shownBy, wordsOnly } from '../../support/sentences.ts';

const says = sentencesOf('Sending');
const MUTED_UNTIL = '2030-01-01T00:00:00.000Z';

says('SEND-1', 'The sender is the user of the token, and a member of the conversation (AUTH-1).', async (s) => {
  const conversationId = await s.group(s.bob);
  expect((await s.say(s.bob, conversationId)).senderId).toBe('bob');
  expect(await s.code(s.cid, 'send-message', { conversationId, content: 'hi' })).toBe('conversation-not-found');
});
says(
  'SEND-1',
  'senderId in a command is refused.',
  shownBy('unit/command-handler.test.ts', 'SEND-1: a senderId'),
  async (s) => {
    const conversationId = await s.group();
    const frame = { action: 'send-message', conversationId, content: 'hi', senderId: 'ann' };
    expect(await s.codeOfFrame(s.ann, frame)).toBe('validation-failed');
  },
);

says('SEND-2', 'message-sent is sent after the message is durable, and carries its seq.', async (s) => {
  const conversationId = await s.group();
  const { append } = s.chat.stores.log;
  const said = s.chat.command(s.ann, 'send-message', { conversationId, content: 'hi' });
  expect(await said).toMatchObject({ event: 'message-sent', data: { seq: 1 } });
  expect(s.chat.stores.state.log(conversationId).current).toHaveLength(1);
  s.chat.stores.log.append = async () => Promise.reject(new Error('not stored'));
  expect(await s.code(s.ann, 'send-message', { conversationId, content: 'hi' })).toBe('internal');
  s.chat.stores.log.append = append;
});

says(
  'SEND-3',
  `The same clientMessageId from the same member of a conversation yields the first message's message-sent again, with
   duplicate: true, whatever else has changed: the frame, the user's role, a mute.`,
  async (s) => {
    const conversationId = await s.group(s.bob);
    const other = await s.group(s.bob);
    const once = { clientMessageId: 'm' };
    const first = await s.say(s.bob, conversationId, once);
    const again = { ...first, duplicate: true };
    expect(await s.say(s.bob, conversationId, once)).toEqual(again);
    expect(await s.say(s.bob, conversationId, { ...once, content: 'other', replyTo: 99 })).toEqual(again);
    await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', role: 'admin' });
    expect(await s.say(s.bob, conversationId, once)).toEqual(again);
    await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', mutedUntil: MUTED_UNTIL });
    expect(await s.say(s.bob, conversationId, once)).toEqual(again);
    expect(await s.code(s.bob, 'send-message', { conversationId, content: 'hi' })).toBe('forbidden');
    expect(await s.say(s.ann, conversationId, once)).not.toHaveProperty('duplicate');
    expect(await s.say(s.bob, other, once)).not.toHaveProperty('duplicate');
    await s.chat.ask(s.ann, 'remove-member', { conversationId, userId: 'bob' });
    expect(await s.code(s.bob, 'send-message', { conversationId, content: 'hi', ...once })).toBe(
      'conversation-not-found',
    );
  },
);
says(
  'SEND-3',
  'The message is given as it is now, edited or deleted, and is not delivered again.',
  shownBy(
    'unit/send-once.test.ts',
    'a duplicate is answered with the message as it is now: edited, reacted to, deleted',
  ),
  shownBy('unit/send-once.test.ts', 'a duplicate is not delivered again'),
);
says(
  'SEND-3',
  `It costs a token of the bucket of other commands (LIMIT-1); with none left the answer is rate-limited, and the same
   frame again gets the message.`,
  shownBy(
    'unit/limits.test.ts',
    'SEND-3: the same message again costs a token of the bucket of other commands, each time',
  ),
);
says(
  'SEND-3',
  'With after this is guaranteed; without it, among the last 25 entries.',
  shownBy('unit/send-once.test.ts', 'is guaranteed among the last 25 entries without `after`, not beyond'),
  shownBy('unit/send-once.test.ts', 'is guaranteed from `after` on, however deep'),
);
says(
  'SEND-3',
  `duplicate: true also comes if the first try was this very frame, and only the database's answer was lost on the way.`,
  shownBy(
    'unit/send-once.test.ts',
    'the next try finds a put whose answer was lost, at once or later, with and without `after`',
  ),
);

says(
  'SEND-4',
  'after is a position up to which the sender has the log, and this message is not in it (0: the sender has nothing).',
  async (s) => {
    const conversationId = await s.group();
    const once = { clientMessageId: 'm' };
    const { seq } = await s.say(s.ann, conversationId, once);
    for (let edit = 0; edit < 30; edit += 1) {
      await s.chat.ask(s.ann, 'edit-message', { conversationId, seq, content: `${edit}` });
    }
    expect(await s.say(s.ann, conversationId, { ...once, after: 0 })).toMatchObject({ seq, duplicate: true });
    expect(await s.say(s.ann, conversationId, { ...once, after: seq })).not.toHaveProperty('duplicate');
  },
);
says('SEND-4', 'It may rise from try to try.', async (s) => {
  const conversationId = await s.group(s.bob);
  await s.say(s.bob, conversationId);
  const first = await s.say(s.ann, conversationId, { clientMessageId: 'm', after: 0 });
  const again = await s.say(s.ann, conversationId, { clientMessageId: 'm', after: 1 });
  expect(again).toEqual({ ...first, duplicate: true });
});
says(
  'SEND-4',
  'It only helps SEND-3 and is never trusted: no value of it can tear a hole.',
  shownBy('unit/send-once.test.ts', 'after: %i leaves no gap'),
);
says(
  'SEND-4',
  `If it is more than 1,000 below the head, or over 1 MB of entries lie between, the reply is behind: catch up, look for
   the message, send again.`,
  shownBy('unit/send-once.test.ts', '`after` more than 1,000 below the head is behind, exactly 1,000 is not'),
  shownBy('unit/send-once.test.ts', 'a search through more than 1 MB is behind'),
  shownBy(
    'unit/client-conversation.test.ts',
    'SEND-4: after `behind`, searches the log for its own message from `after` on, and finds it',
  ),
);
says(
  'SEND-4',
  'A search beyond the newest 25 entries costs the token of SEND-3.',
  shownBy(
    'unit/send-once.test.ts',
    'a new message costs no token of the command bucket; a search from `after` or the same again costs one',
  ),
);

says(
  'SEND-5',
  "Every other connection in the room gets receive-message, the sender's own other devices included.",
  async (s) => {
    const phone = await s.chat.connect('ann');
    const conversationId = await s.group(s.bob, phone);
    await s.say(s.ann, conversationId);
    expect([await s.events(s.bob), await s.events(phone)]).toEqual([['receive-message'], ['receive-message']]);
  },
);
says(
  'SEND-5',
  'The sending connection does not.',
  shownBy('unit/broadcast.test.ts', 'SEND-5, LOG-3: an entry goes to every connection but the one that sent it'),
);
says(
  'SEND-5',
  'Clients match their own messages by senderId and clientMessageId, in a reply, a push or a page, whichever comes first.',
  shownBy(
    'unit/client-conversation.test.ts',
    'SEND-5: after a reconnect, reads the log before it sends the rest of the outbox',
  ),
  shownBy(
    'unit/client-conversation.test.ts',
    'two tabs that hold the same message make it one message in the log, in both tabs',
  ),
);

says(
  'SEND-6',
  'Frames of one connection may be handled at the same time.',
  wordsOnly('it takes a promise away: a client cannot count on an order'),
);
says(
  'SEND-6',
  'A client that wants its own messages in order keeps one send in flight for each conversation.',
  shownBy('unit/client-conversation.test.ts', 'SEND-6: has one message in flight at a time, in order'),
);

says('SEND-7', 'replyTo is the seq of a message in this conversation, else message-not-found.', async (s) => {
  const conversationId = await s.group();
  const { seq } = await s.say(s.ann, conversationId);
  await s.chat.ask(s.ann, 'add-reaction', { conversationId, seq, emoji: '👍' });
  const code = (replyTo: number) => s.code(s.ann, 'send-message', { conversationId, content: 'hi', replyTo });
  expect([await code(seq), await code(2), await code(99)]).toEqual([
    undefined,
    'message-not-found',
    'message-not-found',
  ]);
});
says('SEND-7', 'A tombstone may be replied to, but not forwarded (message-not-found).', async (s) => {
  const conversationId = await s.group();
  const { seq } = await s.say(s.ann, conversationId);
  await s.chat.ask(s.ann, 'delete-message', { conversationId, seq });
  expect(await s.code(s.ann, 'send-message', { conversationId, content: 'hi', replyTo: seq })).toBe(undefined);
  const forward = { conversationId, seq };
  expect(await s.code(s.ann, 'send-message', { conversationId, forward })).toBe('message-not-found');
});
says('SEND-7', 'mentions are at most 20 distinct userIds; those who are not members are dropped.', async (s) => {
  const conversationId = await s.group(s.bob);
  const strangers = Array.from({ length: 19 }, (_, at) => `stranger${at}`);
  expect((await s.say(s.ann, conversationId, { mentions: ['bob', ...strangers] })).mentions).toEqual(['bob']);
  const code = (mentions: string[]) => s.code(s.ann, 'send-message', { conversationId, content: 'hi', mentions });
  expect(await code(['bob', 'cid', ...strangers])).toBe('validation-failed');
  expect(await code(['bob', 'bob'])).toBe('validation-failed');
});
says('SEND-7', 'forward needs membership of both conversations.', async (s) => {
  const mine = await s.group();
  const { conversationId: theirs } = await s.chat.ask(s.bob, 'create-conversation', { kind: 'group' });
  const { seq } = await s.say(s.bob, theirs);
  const forward = { conversationId: theirs, seq };
  expect(await s.code(s.ann, 'send-message', { conversationId: mine, forward })).toBe('conversation-not-found');
  await s.say(s.ann, mine);
  const back = { conversationId: mine, seq: 1 };
  expect(await s.code(s.ann, 'send-message', { conversationId: theirs, forward: back })).toBe('conversation-not-found');
  await s.chat.ask(s.bob, 'add-member', { conversationId: theirs, userId: 'ann' });
  expect(await s.code(s.ann, 'send-message', { conversationId: mine, forward })).toBe(undefined);
  await s.chat.ask(s.bob, 'remove-member', { conversationId: theirs, userId: 'ann' });
  expect(await s.code(s.ann, 'send-message', { conversationId: mine, forward })).toBe('conversation-not-found');
});
says('SEND-7', 'forwardedFrom is {conversationId, seq, senderId} if the source is a channel, else {}.', async (s) => {
  const [group, channel] = [await s.group(s.bob), await s.channel(s.bob)];
  await s.say(s.bob, channel);
  await s.say(s.bob, group);
  const named = { conversationId: channel, seq: 1, senderId: 'bob' };
  const from = (conversationId: string) => s.say(s.ann, group, { forward: { conversationId, seq: 1 } });
  expect([(await from(channel)).forwardedFrom, (await from(group)).forwardedFrom]).toEqual([named, {}]);
});
