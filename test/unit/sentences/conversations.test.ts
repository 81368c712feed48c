import { expect } from 'vitest';
import { sentencesOf, shownBy, wordsOnly } from '../../support/sentences.ts';

const says = sentencesOf('Conversations and members');
const MUTED_UNTIL = '2030-01-01T00:00:00.000Z';

says('CONV-1', 'Clients choose ids for channels only, without a colon.', async (s) => {
  expect(await s.code(s.ann, 'create-conversation', { kind: 'channel', conversationId: 'mine' })).toBe(undefined);
  const frame = { action: 'create-conversation', conversationId: 'other' };
  for (const wrong of [
    { kind: 'channel', conversationId: 'c:x' },
    { kind: 'group' },
    { kind: 'direct', members: ['bob'] },
  ]) {
    expect(await s.codeOfFrame(s.ann, { ...frame, ...wrong })).toBe('validation-failed');
  }
});
says(
  'CONV-1',
  'Other ids are derived: c:…, g:… or d:… and 32 characters of a hash.',
  shownBy('unit/rule-details.test.ts', 'derives the id of a %s'),
);
says(
  'CONV-1',
  `A group's id follows from its creator and clientRequestId (or else the gateway's request id), so a retry gets the same
   group.`,
  shownBy(
    'unit/conversations.test.ts',
    'a group is the same for the same creator and clientRequestId, and a new one otherwise',
  ),
);
says('CONV-1', 'So does the id of a channel that was created without one.', async (s) => {
  const create = { kind: 'channel', clientRequestId: 'one' } as const;
  const { conversationId } = await s.chat.ask(s.ann, 'create-conversation', create);
  expect(await s.chat.ask(s.ann, 'create-conversation', create)).toMatchObject({ conversationId, unchanged: true });
  expect((await s.chat.ask(s.bob, 'create-conversation', create)).conversationId).not.toBe(conversationId);
});
says(
  'CONV-1',
  "A direct conversation's id follows from its two users, so both get the same one.",
  shownBy('unit/conversations.test.ts', 'two users have one direct conversation, whichever of them asks'),
  shownBy(
    'unit/interleave-state.test.ts',
    'CONV-1: two users who both create their direct conversation at once get the same one',
  ),
);
says('CONV-1', 'It takes exactly one other user (else validation-failed).', async (s) => {
  for (const members of [[], ['ann'], ['bob', 'cid'], undefined]) {
    const frame = { action: 'create-conversation', kind: 'direct', ...(members && { members }) };
    expect([members, await s.codeOfFrame(s.ann, frame)]).toEqual([members, 'validation-failed']);
  }
});
says('CONV-1', 'add-member, remove-member and update-member on it are a conflict.', async (s) => {
  const conversationId = await s.direct();
  expect(await s.code(s.ann, 'add-member', { conversationId, userId: 'cid' })).toBe('conflict');
  for (const userId of ['ann', 'bob', 'cid']) {
    expect(await s.code(s.ann, 'remove-member', { conversationId, userId })).toBe('conflict');
    expect(await s.code(s.ann, 'update-member', { conversationId, userId, banned: true })).toBe('conflict');
  }
  expect(await s.code(s.ann, 'list-members', { conversationId })).toBe(undefined);
});
says(
  'CONV-1',
  'members are distinct and do not name the creator.',
  shownBy('unit/conversations.test.ts', 'no member may be named twice, nor may the creator'),
);
says(
  'CONV-1',
  'members of a channel, and name or conversationId where they have no meaning, are validation-failed.',
  shownBy('unit/rule-details.test.ts', 'takes no field without a meaning: %j'),
);
says('CONV-1', 'The first members make no entries: a new log is empty.', async (s) => {
  for (const conversationId of [await s.group(s.bob), await s.direct(), await s.channel()]) {
    expect(await s.page(s.ann, conversationId)).toMatchObject({ entries: [], head: 0 });
  }
});
says('CONV-1', 'The creator and the first members start with readSeq and deliveredSeq 0.', async (s) => {
  const conversationId = await s.group(s.bob);
  const { items } = await s.chat.ask(s.ann, 'list-members', { conversationId });
  expect(items.map(({ readSeq, deliveredSeq }) => [readSeq, deliveredSeq])).toEqual([
    [0, 0],
    [0, 0],
  ]);
});
says(
  'CONV-1',
  `Creating a conversation again is unchanged: true for its creator, and for either user of a direct one, with the state as
   it is.`,
  async (s) => {
    const group = { kind: 'group', clientRequestId: 'one', name: 'Old' } as const;
    const { conversationId } = await s.chat.ask(s.ann, 'create-conversation', group);
    await s.chat.ask(s.ann, 'update-conversation', { conversationId, name: 'New' });
    expect(await s.chat.ask(s.ann, 'create-conversation', group)).toMatchObject({ name: 'New', unchanged: true });
    await s.chat.ask(s.ann, 'create-conversation', { kind: 'direct', members: ['bob'] });
    for (const [client, other] of [
      [s.ann, 'bob'],
      [s.bob, 'ann'],
    ] as const) {
      const again = await s.chat.ask(client, 'create-conversation', { kind: 'direct', members: [other] });
      expect(again).toMatchObject({ createdBy: 'ann', unchanged: true });
    }
    const channel = { kind: 'channel', conversationId: 'lobby' } as const;
    await s.chat.ask(s.ann, 'create-conversation', channel);
    await s.chat.ask(s.bob, 'join', { conversationId: 'lobby' });
    await s.chat.ask(s.ann, 'update-member', { conversationId: 'lobby', userId: 'bob', role: 'owner' });
    await s.chat.ask(s.ann, 'remove-member', { conversationId: 'lobby', userId: 'ann' });
    expect(await s.chat.ask(s.ann, 'create-conversation', channel)).toMatchObject({ unchanged: true });
  },
);
says(
  'CONV-1',
  'Other members or another name in the second try are not applied.',
  shownBy('unit/rule-details.test.ts', 'applies no other members and no other name'),
);
says('CONV-1', 'A creator who is not a member of the group any more gets a conflict.', async (s) => {
  const conversationId = await s.group(s.bob);
  await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', role: 'owner' });
  await s.chat.ask(s.ann, 'remove-member', { conversationId, userId: 'ann' });
  const again = { kind: 'group', clientRequestId: 'group-1' } as const;
  expect(await s.code(s.ann, 'create-conversation', again)).toBe('conflict');
  await s.chat.ask(s.bob, 'update-member', { conversationId, userId: 'ann', banned: true });
  expect(await s.code(s.ann, 'create-conversation', again)).toBe('conflict');
});
says(
  'CONV-1',
  "An id of another user's conversation, or of another kind, is one, too.",
  shownBy('unit/rule-details.test.ts', "is a conflict with another user's id"),
  wordsOnly('an id that is derived from a kind is never that of another kind, and a chosen one is a channel'),
);

says(
  'CONV-2',
  'slowModeSeconds is 0 (off) to 21,600: so many seconds pass between two messages of one member.',
  async (s) => {
    const conversationId = await s.group(s.bob);
    const set = (slowModeSeconds: number) => s.code(s.ann, 'update-conversation', { conversationId, slowModeSeconds });
    expect([await set(21_601), await set(-1), await set(0.5)]).toEqual(Array(3).fill('validation-failed'));
    expect([await set(0), await set(21_600)]).toEqual([undefined, undefined]);
    const say = () => s.code(s.bob, 'send-message', { conversationId, content: 'hi' });
    expect([await say(), await say()]).toEqual([undefined, 'rate-limited']);
    s.chat.clock.advance(21_600_000 - 1);
    const bob = await s.chat.connect('bob');
    const again = () => s.code(bob, 'send-message', { conversationId, content: 'hi' });
    expect(await again()).toBe('rate-limited');
    s.chat.clock.advance(1);
    expect(await again()).toBe(undefined);
  },
);
says('CONV-2', 'A conversation shows it only while it is on.', async (s) => {
  const conversationId = await s.group();
  const shown = async () => (await s.chat.ask(s.ann, 'join', { conversationId })).conversation;
  expect(await shown()).not.toHaveProperty('slowModeSeconds');
  await s.chat.ask(s.ann, 'update-conversation', { conversationId, slowModeSeconds: 5 });
  expect(await shown()).toMatchObject({ slowModeSeconds: 5 });
  await s.chat.ask(s.ann, 'update-conversation', { conversationId, slowModeSeconds: 0 });
  expect(await shown()).not.toHaveProperty('slowModeSeconds');
});
says(
  'CONV-2',
  'conversation-updated names the values that the command gave, also one that was so before, if another changed.',
  async (s) => {
    const conversationId = await s.group();
    await s.chat.ask(s.ann, 'update-conversation', { conversationId, name: 'Plans' });
    const changes = { name: 'Plans', slowModeSeconds: 5 };
    expect((await s.chat.ask(s.ann, 'update-conversation', { conversationId, ...changes })).changes).toEqual(changes);
  },
);

says(
  'MEMB-0',
  'A user who is added to a group starts with readSeq and deliveredSeq at the head, and may read all that came before.',
  shownBy('unit/members.test.ts', 'any user can be added, starts at the head, and may read everything before it'),
);
says(
  'MEMB-0',
  'So does a user who joins a channel.',
  shownBy(
    'unit/reading.test.ts',
    'JOIN-3: joining a channel makes the user a member who starts at the head, without an entry',
  ),
  async (s) => {
    const conversationId = await s.channel();
    await s.say(s.ann, conversationId);
    const { marks } = await s.chat.ask(s.bob, 'join', { conversationId });
    expect(marks).toContainEqual({ userId: 'bob', readSeq: 1, deliveredSeq: 1 });
    expect((await s.page(s.bob, conversationId)).entries).toHaveLength(1);
  },
);
says(
  'MEMB-0',
  'When a user is added again, marks do not shrink.',
  shownBy('unit/members.test.ts', 'adding a user again does not lower the marks'),
);
says('MEMB-0', 'Any userId may be added: users are known by their tokens alone.', async (s) => {
  const conversationId = await s.group();
  expect(await s.code(s.ann, 'add-member', { conversationId, userId: 'CN=Nobody yet,OU=Staff' })).toBe(undefined);
  const frame = { action: 'add-member', conversationId, userId: 'system' };
  expect(await s.codeOfFrame(s.ann, frame)).toBe('validation-failed');
});
says('MEMB-0', 'Being added subscribes to nothing; the user joins.', async (s) => {
  const conversationId = await s.group();
  await s.chat.ask(s.ann, 'add-member', { conversationId, userId: 'bob' });
  await s.rest();
  await s.say(s.ann, conversationId);
  expect(await s.events(s.bob)).toEqual([]);
  await s.chat.ask(s.bob, 'join', { conversationId });
  await s.rest();
  await s.say(s.ann, conversationId);
  expect(await s.events(s.bob)).toEqual(['receive-message']);
});
says('MEMB-0', 'add-member on a channel is a conflict: channels are joined.', async (s) => {
  const conversationId = await s.channel(s.bob);
  for (const client of [s.ann, s.bob]) {
    expect(await s.code(client, 'add-member', { conversationId, userId: 'cid' })).toBe('conflict');
  }
});
says('MEMB-0', 'So is adding a banned user: unban first.', async (s) => {
  const conversationId = await s.group(s.bob);
  const bob = { conversationId, userId: 'bob' };
  await s.chat.ask(s.ann, 'update-member', { ...bob, banned: true });
  expect(await s.code(s.ann, 'add-member', bob)).toBe('conflict');
  await s.chat.ask(s.ann, 'update-member', { ...bob, banned: false });
  expect(await s.code(s.ann, 'add-member', bob)).toBe(undefined);
});
says('MEMB-0', 'It takes an owner to give a role other than member.', async (s) => {
  const conversationId = await s.group(s.bob);
  await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', role: 'admin' });
  for (const role of ['admin', 'owner'] as const) {
    const dan = { conversationId, userId: `a-new-${role}`, role };
    expect(await s.code(s.bob, 'add-member', dan)).toBe('forbidden');
    expect(await s.chat.ask(s.ann, 'add-member', dan)).toMatchObject({ role });
  }
  expect(await s.code(s.bob, 'add-member', { conversationId, userId: 'dan', role: 'member' })).toBe(undefined);
});
says(
  'MEMB-0',
  'remove-member of a user who left or is banned is unchanged; of one who never was a member, user-not-found.',
  shownBy(
    'unit/members.test.ts',
    'removing one who left or is banned changes nothing; one who never was there is user-not-found',
  ),
);
says(
  'MEMB-0',
  'update-member with role, or with mutedUntil alone, needs an active member (else user-not-found).',
  async (s) => {
    const conversationId = await s.group(s.bob);
    const bob = { conversationId, userId: 'bob' };
    await s.chat.ask(s.ann, 'remove-member', bob);
    for (const banned of [false, true]) {
      if (banned) await s.chat.ask(s.ann, 'update-member', { ...bob, banned });
      for (const fields of [
        { role: 'admin' },
        { role: 'admin', banned: false },
        { mutedUntil: MUTED_UNTIL },
        { mutedUntil: null },
      ] as const) {
        expect(await s.code(s.ann, 'update-member', { ...bob, ...fields })).toBe('user-not-found');
      }
    }
  },
);
says('MEMB-0', 'With banned, the user may have left.', async (s) => {
  const conversationId = await s.group(s.bob);
  const bob = { conversationId, userId: 'bob' };
  await s.chat.ask(s.ann, 'remove-member', bob);
  expect(await s.chat.ask(s.ann, 'update-member', { ...bob, banned: false })).toMatchObject({ unchanged: true });
  expect(await s.code(s.ann, 'update-member', { ...bob, mutedUntil: MUTED_UNTIL, banned: true })).toBe(undefined);
  const stranger = { conversationId, userId: 'never-there', banned: true };
  expect(await s.code(s.ann, 'update-member', stranger)).toBe('user-not-found');
});
says(
  'MEMB-0',
  'list-members shows the banned to admins and owners only.',
  shownBy('unit/conversations.test.ts', 'MEMB-0: shows the banned to admins and owners only'),
);

says(
  'MEMB-1',
  `A user who is added, also as one of the first members, gets conversation-created in the user room; one who is removed
   gets member-left there, one who is banned member-updated with banned: true.`,
  async (s) => {
    const { conversationId } = await s.chat.ask(s.ann, 'create-conversation', { kind: 'group', members: ['bob'] });
    const bob = { conversationId, userId: 'bob' };
    expect(await s.events(s.bob)).toEqual(['conversation-created']);
    await s.chat.ask(s.ann, 'remove-member', bob);
    expect(await s.events(s.bob)).toEqual(['member-left']);
    await s.chat.ask(s.ann, 'add-member', bob);
    expect(await s.events(s.bob)).toEqual(['conversation-created']);
    await s.chat.ask(s.ann, 'update-member', { ...bob, banned: true });
    expect(await s.heard(s.bob)).toMatchObject([{ event: 'member-updated', data: { banned: true } }]);
  },
);
says(
  'MEMB-1',
  "An unban, a mute or a new role reaches its subject through the conversation's room only.",
  shownBy('unit/rule-details.test.ts', 'a ban as what it is, and nothing of a mute, a role or an unban'),
  async (s) => {
    const conversationId = await s.group(s.bob);
    await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', role: 'admin' });
    expect(await s.events(s.bob)).toEqual(['member-updated']);
  },
);
says(
  'MEMB-1',
  'Frames of conversations that this connection has not joined are never gaps.',
  shownBy('unit/client-conversation.test.ts', 'MEMB-1: ends when the user is removed'),
);
says(
  'MEMB-1',
  "Nothing else is pushed for them, but for the receipts of the user's own marks (READ-1): join what you badge, poll the rest.",
  async (s) => {
    const phone = await s.chat.connect('bob');
    const conversationId = await s.group(s.bob);
    await s.chat.ask(s.ann, 'set-status', { status: 'away' });
    await s.chat.command(s.ann, 'typing', { conversationId, isTyping: true });
    await s.say(s.ann, conversationId);
    await s.chat.ask(s.ann, 'mark', { conversationId, readSeq: 1 });
    await s.chat.ask(s.ann, 'update-conversation', { conversationId, name: 'New' });
    await s.chat.ask(s.ann, 'add-member', { conversationId, userId: 'cid' });
    expect(await s.events(phone)).toEqual([]);
    await s.chat.ask(s.bob, 'mark', { conversationId, readSeq: 1 });
    expect(await s.heard(phone)).toMatchObject([{ event: 'receipt', data: { userId: 'bob', readSeq: 1 } }]);
  },
);
says('MEMB-1', 'These frames may come late.', wordsOnly('it takes a promise away: a client cannot count on an order'));
says(
  'MEMB-1',
  'A member-left of oneself whose seq is not above the head of a later joined-conversation is history, not news.',
  shownBy(
    'unit/client-conversation.test.ts',
    'MEMB-1: takes a late word of an earlier removal as history, also while the answer to its join is on the way',
  ),
);

says('MEMB-2', 'remove-member of oneself ends membership.', async (s) => {
  const conversationId = await s.group(s.bob);
  const bob = { conversationId, userId: 'bob' };
  expect(await s.chat.ask(s.bob, 'remove-member', bob)).toMatchObject({ userId: 'bob', by: 'bob', role: 'member' });
  expect(await s.code(s.bob, 'history', { conversationId })).toBe('conversation-not-found');
});
says('MEMB-2', 'The last owner must name another first (conflict), also in a group of one.', async (s) => {
  for (const conversationId of [await s.group(s.bob), await s.group(), await s.channel(s.bob)]) {
    const ann = { conversationId, userId: 'ann' };
    expect(await s.code(s.ann, 'remove-member', ann)).toBe('conflict');
    expect(await s.code(s.ann, 'update-member', { ...ann, role: 'member' })).toBe('conflict');
    expect(await s.code(s.ann, 'update-member', { ...ann, banned: true })).toBe('conflict');
  }
  const conversationId = await s.group(s.bob);
  await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', role: 'owner' });
  expect(await s.code(s.ann, 'remove-member', { conversationId, userId: 'ann' })).toBe(undefined);
});
says(
  'MEMB-2',
  'A ban may name a user who left.',
  shownBy(
    'unit/members.test.ts',
    'a ban may name a user who left, and ends delivery; lifting it leaves the user as one who left',
  ),
);
says('MEMB-2', 'A user who is unbanned is as one who left.', async (s) => {
  for (const kind of ['group', 'channel'] as const) {
    const conversationId = await s[kind](s.bob);
    const bob = { conversationId, userId: 'bob' };
    for (const banned of [true, false]) await s.chat.ask(s.ann, 'update-member', { ...bob, banned });
    expect(await s.code(s.bob, 'history', { conversationId })).toBe(
      kind === 'group' ? 'conversation-not-found' : 'not-joined',
    );
    expect((await s.chat.ask(s.ann, 'list-members', { conversationId })).items.map(({ userId }) => userId)).toEqual([
      'ann',
    ]);
  }
});
says('MEMB-2', 'Removing does not unban.', async (s) => {
  const conversationId = await s.channel(s.bob);
  const bob = { conversationId, userId: 'bob' };
  await s.chat.ask(s.ann, 'update-member', { ...bob, banned: true });
  expect(await s.chat.ask(s.ann, 'remove-member', bob)).toMatchObject({ unchanged: true });
  expect(await s.code(s.bob, 'join', { conversationId })).toBe('forbidden');
});
says('MEMB-2', 'A user who was removed from a channel, and is not banned, may join again, as member.', async (s) => {
  const conversationId = await s.channel(s.bob);
  const bob = { conversationId, userId: 'bob' };
  await s.chat.ask(s.ann, 'update-member', { ...bob, role: 'admin' });
  await s.chat.ask(s.ann, 'remove-member', bob);
  expect(await s.chat.ask(s.bob, 'join', { conversationId })).toMatchObject({ role: 'member' });
});
says(
  'MEMB-2',
  'Leaving or being banned resets the stored role to member; the entry member-left names the role until then.',
  async (s) => {
    const conversationId = await s.group(s.bob);
    const bob = { conversationId, userId: 'bob' };
    await s.chat.ask(s.ann, 'update-member', { ...bob, role: 'owner' });
    expect(await s.chat.ask(s.bob, 'remove-member', bob)).toMatchObject({ role: 'owner' });
    expect(await s.chat.ask(s.ann, 'remove-member', bob)).toMatchObject({ role: 'member', unchanged: true });
    await s.chat.ask(s.ann, 'add-member', { ...bob, role: 'admin' });
    await s.chat.ask(s.ann, 'update-member', { ...bob, banned: true });
    expect(await s.chat.ask(s.ann, 'remove-member', bob)).toMatchObject({ role: 'member', unchanged: true });
  },
);
says(
  'MEMB-2',
  'role together with banned: true is validation-failed.',
  shownBy('unit/edge-inputs.test.ts', 'MEMB-2: a user who is banned is given no role'),
);
says(
  'MEMB-2',
  'A mute and the wait of slow mode outlive leaving and joining again.',
  shownBy('unit/limits.test.ts', 'a member of a %s who comes back waits as long'),
  shownBy('unit/roles.test.ts', 'may leave, and is still muted after coming back'),
  async (s) => {
    const conversationId = await s.channel(s.bob);
    const bob = { conversationId, userId: 'bob' };
    await s.chat.ask(s.ann, 'update-member', { ...bob, mutedUntil: MUTED_UNTIL });
    await s.chat.ask(s.bob, 'remove-member', bob);
    await s.chat.ask(s.bob, 'join', { conversationId });
    expect(await s.code(s.bob, 'send-message', { conversationId, content: 'hi' })).toBe('forbidden');
  },
);
says('MEMB-2', 'A mutedUntil in the past is stored like any other, and mutes nobody.', async (s) => {
  const conversationId = await s.group(s.bob);
  const mutedUntil = new Date(s.chat.clock.now() - 1).toISOString();
  await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', mutedUntil });
  const { items } = await s.chat.ask(s.ann, 'list-members', { conversationId });
  expect(items).toContainEqual(expect.objectContaining({ userId: 'bob', mutedUntil }));
  expect(await s.code(s.bob, 'send-message', { conversationId, content: 'hi' })).toBe(undefined);
});

says(
  'MEMB-3',
  `From the reply to a removal or ban until the user is a member again, no entry that is committed after it reaches that
   user, live or in a page.`,
  shownBy('property/commands.test.ts', 'does what a plain model says, and every copy ends equal to the log'),
  shownBy(
    'unit/interleave-removal.test.ts',
    'MEMB-3: a join and a removal at once leave no subscription and show nothing committed later',
  ),
  async (s) => {
    for (const end of ['removal', 'ban']) {
      const conversationId = await s.group(s.bob);
      const bob = { conversationId, userId: 'bob' };
      await (end === 'ban'
        ? s.chat.ask(s.ann, 'update-member', { ...bob, banned: true })
        : s.chat.ask(s.ann, 'remove-member', bob));
      await s.say(s.ann, conversationId);
      expect(await s.events(s.bob)).toEqual([end === 'ban' ? 'member-updated' : 'member-left']);
      expect(await s.code(s.bob, 'history', { conversationId })).toBe('conversation-not-found');
    }
  },
);
says('MEMB-3', 'Entries about the user are excepted (MEMB-1).', async (s) => {
  const conversationId = await s.group(s.bob);
  const bob = { conversationId, userId: 'bob' };
  await s.chat.ask(s.ann, 'remove-member', bob);
  expect(await s.events(s.bob)).toEqual(['member-left']);
  await s.chat.ask(s.ann, 'update-member', { ...bob, banned: true });
  expect(await s.events(s.bob)).toEqual(['member-updated']);
});
says(
  'MEMB-3',
  `No command of that user on that conversation succeeds, but for leave (LEAVE-1), and in a channel join (MEMB-2) and
   creating it again (CONV-1).`,
  shownBy('unit/roles.test.ts', 'of a group (%s) is told that there is no such group, and no call reveals more'),
  shownBy('unit/roles.test.ts', 'of a channel (%s) is told to join, or that it is forbidden'),
  shownBy('unit/conversations.test.ts', 'MEMB-3: a creator who was removed is not shown what the group is now'),
  async (s) => {
    const conversationId = await s.channel(s.bob);
    await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', role: 'owner' });
    await s.chat.ask(s.bob, 'remove-member', { conversationId, userId: 'ann' });
    expect(await s.code(s.ann, 'create-conversation', { kind: 'channel', conversationId })).toBe(undefined);
    expect(await s.code(s.ann, 'join', { conversationId })).toBe(undefined);
  },
);
