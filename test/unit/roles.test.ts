import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Action, actionNames, actions, type CommandFields } from '../../shared/protocol/actions.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createPeopleOfEveryStanding, type PeopleOfEveryStanding, quietDown } from '../support/groups.ts';

type Verdict = 'yes' | 'forbidden';
const RANKS = ['member', 'admin', 'owner'] as const;
const MUTED_UNTIL = '2030-01-01T00:00:00.000Z';

/** A command for each row of ROLE-1. `own` says whether it is about the actor's own message or somebody else's. */
const attempts = {
  'read (history)': () => ['history', {}],
  'read (members)': () => ['list-members', {}],
  join: () => ['join', {}],
  mark: () => ['mark', { readSeq: 4 }],
  typing: () => ['typing', { isTyping: true }],
  send: () => ['send-message', { content: 'hi' }],
  react: () => ['add-reaction', { own: false, emoji: '👍' }],
  'take a reaction away': () => ['remove-reaction', { own: false, emoji: '👍' }],
  "edit one's own": () => ['edit-message', { own: true, content: 'new' }],
  "delete one's own": () => ['delete-message', { own: true }],
  "delete another's": () => ['delete-message', { own: false }],
  rename: () => ['update-conversation', { name: 'New' }],
  'slow mode': () => ['update-conversation', { slowModeSeconds: 5 }],
  'add a member': () => ['add-member', { userId: 'new' }],
  'add an admin': () => ['add-member', { userId: 'new', role: 'admin' }],
  'remove a member': ({ other }) => ['remove-member', { userId: other.userId }],
  'remove an admin': ({ admin }) => ['remove-member', { userId: admin.userId }],
  'remove an owner': ({ owner }) => ['remove-member', { userId: owner.userId }],
  'mute a member': ({ other }) => ['update-member', { userId: other.userId, mutedUntil: MUTED_UNTIL }],
  'mute an admin': ({ admin }) => ['update-member', { userId: admin.userId, mutedUntil: MUTED_UNTIL }],
  'mute an owner': ({ owner }) => ['update-member', { userId: owner.userId, mutedUntil: MUTED_UNTIL }],
  'ban a member': ({ other }) => ['update-member', { userId: other.userId, banned: true }],
  'ban an admin': ({ admin }) => ['update-member', { userId: admin.userId, banned: true }],
  'ban an owner': ({ owner }) => ['update-member', { userId: owner.userId, banned: true }],
  unban: ({ banned }) => ['update-member', { userId: banned.userId, banned: false }],
  'give a role': ({ other }) => ['update-member', { userId: other.userId, role: 'owner' }],
  'take a role': ({ admin }) => ['update-member', { userId: admin.userId, role: 'member' }],
} satisfies Record<string, (people: PeopleOfEveryStanding) => readonly [Action, object]>;
type Attempt = keyof typeof attempts;

/** The table of ROLE-1 in the protocol: what members, admins and owners may do, in this order. */
const MAY: Record<Attempt, readonly [Verdict, Verdict, Verdict]> = {
  'read (history)': ['yes', 'yes', 'yes'],
  'read (members)': ['yes', 'yes', 'yes'],
  join: ['yes', 'yes', 'yes'],
  mark: ['yes', 'yes', 'yes'],
  typing: ['yes', 'yes', 'yes'],
  send: ['yes', 'yes', 'yes'],
  react: ['yes', 'yes', 'yes'],
  'take a reaction away': ['yes', 'yes', 'yes'],
  "edit one's own": ['yes', 'yes', 'yes'],
  "delete one's own": ['yes', 'yes', 'yes'],
  "delete another's": ['forbidden', 'yes', 'yes'],
  rename: ['forbidden', 'yes', 'yes'],
  'slow mode': ['forbidden', 'yes', 'yes'],
  'add a member': ['forbidden', 'yes', 'yes'],
  'add an admin': ['forbidden', 'forbidden', 'yes'],
  'remove a member': ['forbidden', 'yes', 'yes'],
  'remove an admin': ['forbidden', 'forbidden', 'yes'],
  'remove an owner': ['forbidden', 'forbidden', 'yes'],
  'mute a member': ['forbidden', 'yes', 'yes'],
  'mute an admin': ['forbidden', 'forbidden', 'yes'],
  'mute an owner': ['forbidden', 'forbidden', 'yes'],
  'ban a member': ['forbidden', 'yes', 'yes'],
  'ban an admin': ['forbidden', 'forbidden', 'yes'],
  'ban an owner': ['forbidden', 'forbidden', 'yes'],
  unban: ['forbidden', 'yes', 'yes'],
  'give a role': ['forbidden', 'forbidden', 'yes'],
  'take a role': ['forbidden', 'forbidden', 'yes'],
};
/** What muted users may do, whatever their role. */
const WHILE_MUTED: readonly Attempt[] = ['read (history)', 'read (members)', 'join', 'mark', "delete one's own"];

let chat: Chat;
let people: PeopleOfEveryStanding;
/** The user who acts. The people include somebody else with the same role, upon whom dora can act. */
let dora: Client;

/** People of every standing, and `dora` with a rank. The newest message is hers, the one before is from `other`. */
async function prepare(kind: 'group' | 'channel', rank: Role): Promise<void> {
  chat = new Chat();
  people = await createPeopleOfEveryStanding(chat, kind);
  const { conversationId, owner, other } = people;
  dora = await chat.connect('dora');
  if (kind === 'group') await chat.ask(owner, 'add-member', { conversationId, userId: 'dora' });
  else await chat.ask(dora, 'join', { conversationId });
  await chat.ask(owner, 'update-member', { conversationId, userId: 'dora', role: rank });
  await chat.ask(other, 'send-message', { conversationId, content: 'by another' });
  await chat.ask(dora, 'send-message', { conversationId, content: 'by oneself' });
  await quietDown(chat);
}

function newestMessage() {
  return chat.stores.state.log(people.conversationId).current.at(-1)?.lastMessageSeq ?? 0;
}

/** What comes of an attempt: yes, or the code of the error. */
async function verdict(actor: Client, attempt: Attempt): Promise<string> {
  const reply = await chat.command(actor, ...commandOf(attempt, people.conversationId));
  return reply?.event.endsWith('error') ? (reply.data as { code: string }).code : 'yes';
}

function commandOf(attempt: Attempt, conversationId: string): [Action, CommandFields<Action>] {
  const [action, { own, ...fields }] = attempts[attempt](people) as readonly [Action, { own?: boolean }];
  const seq = own === undefined ? {} : { seq: newestMessage() - Number(!own) };
  return [action, { conversationId, ...fields, ...seq } as CommandFields<Action>];
}

test('ROLE-1: every action on a conversation is attempted, but `leave`, which nobody is refused', async () => {
  await prepare('group', 'member');
  const attempted = new Set(Object.values(attempts).map((attempt) => attempt(people)[0] as Action));
  const onConversation = actionNames.filter((name) => {
    const { properties = {} } = z.toJSONSchema(actions[name].fields, { io: 'input', unrepresentable: 'any' });
    return 'conversationId' in properties;
  });
  expect([...attempted].sort()).toEqual(onConversation.filter((name) => name !== 'leave').sort());
});

describe.each(['group', 'channel'] as const)('ROLE-1: who may do what in a %s', (kind) => {
  for (const attempt of Object.keys(attempts) as Attempt[]) {
    const added = attempt.startsWith('add a');
    test(`${attempt}: ${MAY[attempt].join(', ')}`, async () => {
      for (const [index, rank] of RANKS.entries()) {
        await prepare(kind, rank);
        expect(await verdict(dora, attempt), rank).toBe(added && kind === 'channel' ? 'conflict' : MAY[attempt][index]);
      }
    });
  }
});

describe('a muted user', () => {
  beforeEach(async () => {
    await prepare('group', 'admin');
    const { conversationId, owner } = people;
    await chat.ask(owner, 'update-member', { conversationId, userId: 'dora', mutedUntil: MUTED_UNTIL });
  });

  for (const attempt of Object.keys(attempts) as Attempt[]) {
    const expected = WHILE_MUTED.includes(attempt) ? 'yes' : 'forbidden';
    test(`${attempt}: ${expected}`, async () => expect(await verdict(dora, attempt)).toBe(expected));
  }

  test('is told when the mute ends', async () => {
    const { conversationId } = people;
    const error = await chat.refusal(dora, 'send-message', { conversationId, content: 'hi' });
    expect(error.details).toEqual([{ path: 'mutedUntil', message: MUTED_UNTIL }]);
  });

  test('may leave, and is still muted after coming back', async () => {
    const { conversationId, owner } = people;
    const userId = 'dora';
    await chat.ask(dora, 'remove-member', { conversationId, userId });
    await chat.ask(owner, 'add-member', { conversationId, userId });
    expect(await verdict(dora, 'send')).toBe('forbidden');
  });

  test('may write again when the mute ends or is lifted', async () => {
    const { conversationId, owner } = people;
    await chat.ask(owner, 'update-member', { conversationId, userId: 'dora', mutedUntil: null });
    expect(await verdict(dora, 'send')).toBe('yes');
    const soon = new Date(chat.clock.now() + 1_000).toISOString();
    await chat.ask(owner, 'update-member', { conversationId, userId: 'dora', mutedUntil: soon });
    expect(await verdict(dora, 'send')).toBe('forbidden');
    chat.clock.advance(1_000);
    expect(await verdict(dora, 'send')).toBe('yes');
  });
});

describe('AUTH-1: a user who is not a member', () => {
  const outside = ['outsider', 'removed', 'banned'] as const;

  test.each(outside)('of a group (%s) is told that there is no such group, and no call reveals more', async (who) => {
    await prepare('group', 'member');
    for (const attempt of Object.keys(attempts) as Attempt[]) {
      expect(await verdict(people[who], attempt), attempt).toBe('conversation-not-found');
    }
    for (const attempt of Object.keys(attempts) as Attempt[]) {
      chat.clock.advance(10_000);
      const here = await chat.command(people[who], ...commandOf(attempt, people.conversationId));
      const nowhere = await chat.command(people[who], ...commandOf(attempt, 'g:nowhere'));
      expect(here?.data).toEqual(nowhere?.data);
    }
  });

  test.each(outside)('of a channel (%s) is told to join, or that it is forbidden', async (who) => {
    await prepare('channel', 'member');
    for (const attempt of Object.keys(attempts) as Attempt[]) {
      const joins = attempt === 'join' && who !== 'banned';
      expect(await verdict(people[who], attempt), attempt).toBe(
        joins ? 'yes' : who === 'banned' ? 'forbidden' : 'not-joined',
      );
      if (joins) await prepare('channel', 'member');
    }
  });

  test('LEAVE-1: may send leave like anybody else', async () => {
    await prepare('group', 'member');
    for (const who of outside) {
      const { conversationId } = people;
      expect(await chat.ask(people[who], 'leave', { conversationId })).toEqual({ conversationId, success: true });
    }
  });
});
