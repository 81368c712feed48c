import { expect } from 'vitest';
import { permissionRules, roleMay } from '../../../shared/domain/permissions.ts';
import type { CommandFields } from '../../../shared/protocol/actions.ts';
import { ROLES } from '../../../shared/protocol/names.ts';
import type { Client } from '../../support/chat.ts';
import type { Scene } from '../../support/scene.ts';
import { sentencesOf, shownBy, wordsOnly } from '../../support/sentences.ts';

const says = sentencesOf('Roles', 'Limits');
const MUTED_UNTIL = '2030-01-01T00:00:00.000Z';

says(
  'ROLE-1',
  'This table says who may do what, the same in channels and groups; everything else is forbidden.',
  shownBy(
    'unit/roles.test.ts',
    'ROLE-1: every action on a conversation is attempted, but `leave`, which nobody is refused',
  ),
  shownBy('unit/roles.test.ts', 'ROLE-1: who may do what in a %s'),
);
says(
  'ROLE-1',
  'In a direct conversation both users are member, so update-conversation is forbidden there.',
  async (s) => {
    const conversationId = await s.direct();
    const { items } = await s.chat.ask(s.ann, 'list-members', { conversationId });
    expect(items.map(({ role }) => role)).toEqual(['member', 'member']);
    for (const client of [s.ann, s.bob]) {
      expect(await s.code(client, 'update-conversation', { conversationId, slowModeSeconds: 5 })).toBe('forbidden');
    }
  },
);
says(
  'ROLE-1',
  `The muted may read, join, mark, delete their own messages and leave, nothing else; their forbidden names until when, as
   details: [{path: "mutedUntil", message: <time>}].`,
  shownBy('unit/roles.test.ts', 'a muted user'),
  shownBy('unit/roles.test.ts', 'is told when the mute ends'),
  async (s) => {
    const conversationId = await s.group(s.bob);
    await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', mutedUntil: MUTED_UNTIL });
    const typing = await s.chat.refusal(s.bob, 'typing', { conversationId, isTyping: true });
    expect(typing.details).toEqual([{ path: 'mutedUntil', message: MUTED_UNTIL }]);
    expect(await s.code(s.bob, 'leave', { conversationId })).toBe(undefined);
    expect(await s.code(s.bob, 'remove-member', { conversationId, userId: 'bob' })).toBe(undefined);
  },
);
says(
  'ROLE-1',
  'Slow mode binds members only.',
  shownBy('unit/limits.test.ts', 'applies to nobody else, and no longer to members once it is off'),
);
says(
  'ROLE-1',
  'An owner may be muted by an owner, the last one too, and then waits for mutedUntil.',
  shownBy('unit/rule-details.test.ts', 'may be muted, by oneself too, and then waits'),
);

/** The table as the page shows it: who holds each permission, and whether the mute takes it away. */
const PERMISSIONS = [
  'read and join | yes | yes | yes | yes',
  'mark as read and delivered | yes | yes | yes | yes',
  'show typing | yes | yes | yes | –',
  'send messages | yes | yes | yes | –',
  'edit one’s own messages | yes | yes | yes | –',
  'delete one’s own messages | yes | yes | yes | yes',
  'delete the messages of others | – | yes | yes | –',
  'react to messages, and take it back | yes | yes | yes | –',
  'add members | – | yes | yes | –',
  'end one’s own membership | yes | yes | yes | yes',
  'remove, mute and ban members | – | yes | yes | –',
  'remove, mute and ban admins and owners | – | – | yes | –',
  'give and take roles | – | – | yes | –',
  'rename a conversation and set its slow mode | – | yes | yes | –',
] as const;

for (const row of PERMISSIONS) {
  says('ROLE-1', row, shownBy('unit/roles.test.ts', 'ROLE-1: who may do what in a %s'), () => {
    const [allows, ...cells] = row.split(' | ');
    const found = Object.entries(permissionRules).filter(([, rule]) => rule.allows === allows);
    expect(found.length).toBeGreaterThan(0);
    for (const [name, rule] of found) {
      const held = ROLES.map((role) => roleMay(role, name as keyof typeof permissionRules));
      expect([...held, rule.whileMuted === true].map((holds) => (holds ? 'yes' : '–'))).toEqual(cells);
    }
  });
}

says(
  'LIMIT-1',
  'What exceeds a limit of this table gets what the last column says.',
  wordsOnly('it says how to read the table, whose rows are played below'),
);
says(
  'LIMIT-1',
  'The numbers are defaults, configurable in one place.',
  shownBy('unit/protocol-page.test.ts', 'is what the schemas say now'),
);
says(
  'LIMIT-1',
  'A refused frame costs a token of the bucket of other commands; when none is left, its error is rate-limited.',
  shownBy(
    'unit/command-handler.test.ts',
    'LIMIT-1: a refused frame costs a command token, also on a route that charges for nothing else',
  ),
  async (s) => {
    for (let at = 0; at < 50; at += 1) expect(await s.codeOfFrame(s.ann, { action: 'shout' })).toBe('unknown-action');
    for (const frame of ['no JSON', { action: 'shout' }, { action: 'send-message' }, { action: 'join' }]) {
      expect(await s.codeOfFrame(s.ann, frame)).toBe('rate-limited');
    }
  },
);
says(
  'LIMIT-1',
  'One that fails as internal, or ends its connection (CONN-5), costs no more than its command does.',
  shownBy('unit/rule-details.test.ts', 'LIMIT-1: a frame that fails as internal costs no token'),
  async (s) => {
    const conversationId = await s.group();
    s.chat.stores.log.tail = async () => Promise.reject(new Error('broken'));
    const send = { conversationId, content: 'hi' };
    for (let at = 0; at < 60; at += 1) expect(await s.code(s.ann, 'send-message', send)).toBe('internal');
    const edit = { conversationId, seq: 1, content: 'hi' };
    for (let at = 0; at < 50; at += 1) expect(await s.code(s.ann, 'edit-message', edit)).toBe('internal');
    expect(await s.code(s.ann, 'edit-message', edit)).toBe('rate-limited');
    await s.chat.stores.connections.forget(s.bob.connectionId);
    for (let at = 0; at < 60; at += 1) {
      await s.codeOfFrame(s.bob, { action: 'leave', conversationId });
      s.chat.gateway.open.add(s.bob.connectionId);
    }
    const phone = await s.chat.connect('bob');
    for (let at = 0; at < 50; at += 1) expect(await s.code(phone, 'ping', {})).toBe(undefined);
    expect(await s.code(phone, 'ping', {})).toBe('rate-limited');
  },
);
says(
  'LIMIT-1',
  "Removals, bans, mutes, roles, deletions and settings are never refused for the conversation's rate.",
  shownBy('unit/limits.test.ts', 'removals, bans, mutes, roles, deletions and settings are never refused'),
);

says(
  'LIMIT-1',
  `sends per user and conversation, over all connections; a user with none of the newest 25 entries starts afresh | 5/s,
   burst 20 | rate-limited`,
  shownBy(
    'unit/limits.test.ts',
    'are limited over all connections of the user, and refused with the exact time to wait',
  ),
  shownBy('unit/limits.test.ts', 'start afresh for a user who has none of the newest 25 entries, as the table says'),
);
says(
  'LIMIT-1',
  'entries per conversation | 50/s, burst 100 | rate-limited',
  shownBy('unit/limits.test.ts', 'messages, edits and reactions beyond them must wait'),
);
says('LIMIT-1', 'typing per user and conversation | 1/s, burst 5 | dropped silently', async (s) => {
  const conversationId = await s.group(s.bob);
  const type = async (times: number) => {
    for (let at = 0; at < times; at += 1) await s.chat.command(s.ann, 'typing', { conversationId, isTyping: true });
    return s.chat.gateway.take(s.bob.connectionId).length;
  };
  expect(await type(6)).toBe(5);
  s.chat.clock.advance(999);
  expect(await type(1)).toBe(0);
  s.chat.clock.advance(1);
  expect(await type(2)).toBe(1);
});
says(
  'LIMIT-1',
  'joins and leaves per user | 10/s, burst 100 | rate-limited',
  shownBy('unit/limits.test.ts', 'joins per user: 10/s, burst 100, over all connections'),
  shownBy('unit/limits.test.ts', 'leaves per user share the bucket of joins, whether the room was joined or not'),
  async (s) => {
    const conversationId = await s.group();
    const leave = () => s.code(s.ann, 'leave', { conversationId });
    await allowed(100, leave);
    await thenOneEvery(s, 100, leave);
  },
);
says(
  'LIMIT-1',
  'other commands per user, refused frames of any kind, and messages sent again (SEND-3) | 10/s, burst 50 | rate-limited',
  async (s) => {
    const conversationId = await s.group();
    const fields: CommandFields<'send-message'> = { conversationId, content: 'hi', clientMessageId: 'm' };
    await s.say(s.ann, conversationId, fields);
    const phone = await s.chat.connect('ann');
    await allowed(20, () => s.code(s.ann, 'ping', {}));
    await allowed(20, () => s.code(phone, 'send-message', fields));
    for (let at = 0; at < 10; at += 1) await s.codeOfFrame(s.ann, 'no JSON');
    await thenOneEvery(s, 100, () => s.code(s.ann, 'history', { conversationId }));
  },
);
says(
  'LIMIT-1',
  'connects per user | 1/s, burst 20 | the handshake is answered with 429',
  shownBy('unit/session.test.ts', 'a user may open 1/s, burst 20'),
  async (s) => {
    const open = () =>
      s.chat.connect('dan').then(
        () => 200,
        (error: { statusCode: number }) => error.statusCode,
      );
    for (let at = 0; at < 20; at += 1) expect(await open()).toBe(200);
    expect(await open()).toBe(429);
    s.chat.clock.advance(999);
    expect(await open()).toBe(429);
    s.chat.clock.advance(1);
    expect(await open()).toBe(200);
  },
);
says('LIMIT-1', 'open connections per user | 20 | the oldest is closed (CONN-6)', async (s) => {
  const open: Client[] = [];
  for (let at = 0; at < 20; at += 1) {
    s.chat.clock.advance(1_000);
    open.push(await s.chat.connect('dan'));
  }
  expect(s.chat.gateway.closed).toEqual([]);
  s.chat.clock.advance(1_000);
  await s.chat.connect('dan');
  expect(s.chat.gateway.closed).toEqual([open[0]?.connectionId]);
});
says('LIMIT-1', 'joined conversations per connection | 200 | validation-failed', async (s) => {
  const join = async (at: number) => {
    s.chat.clock.advance(1_000);
    const { conversationId } = await s.chat.ask(s.ann, 'create-conversation', {
      kind: 'channel',
      conversationId: `c${at}`,
    });
    return s.code(s.ann, 'join', { conversationId });
  };
  for (let at = 0; at < 200; at += 1) expect([at, await join(at)]).toEqual([at, undefined]);
  expect(await join(200)).toBe('validation-failed');
  await s.chat.ask(s.ann, 'leave', { conversationId: 'c7' });
  expect(await s.code(s.ann, 'join', { conversationId: 'c200' })).toBe(undefined);
});
says(
  'LIMIT-1',
  'members of a group | 1,000 | conflict',
  shownBy('unit/members.test.ts', 'adding a banned user, a 1,001st member, or anybody in a channel is a conflict'),
);
says('LIMIT-1', 'members named in one command | 50 | validation-failed', async (s) => {
  const create = (count: number) => {
    const members = Array.from({ length: count }, (_, at) => `u${at}`);
    return s.code(s.ann, 'create-conversation', { kind: 'group', members });
  };
  expect([await create(50), await create(51)]).toEqual([undefined, 'validation-failed']);
});

async function allowed(times: number, act: () => Promise<string | undefined>): Promise<void> {
  for (let at = 0; at < times; at += 1) expect([at, await act()]).toEqual([at, undefined]);
}

/** Now nothing is left; then a token comes every so many milliseconds, and no sooner. */
async function thenOneEvery(s: Scene, ms: number, act: () => Promise<string | undefined>): Promise<void> {
  expect(await act()).toBe('rate-limited');
  // Where what is refused costs a token of the same bucket, it found none: the next comes in time all the same.
  s.chat.clock.advance(ms - 1);
  expect(await act()).toBe('rate-limited');
  s.chat.clock.advance(1);
  expect([await act(), await act()]).toEqual([undefined, 'rate-limited']);
}
