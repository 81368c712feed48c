import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Action, actionNames, actions } from '../../shared/protocol/actions.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import { parseFields } from '../../shared/protocol/parse-command.ts';
import { Chat, type Client } from '../support/chat.ts';

let chat: Chat;
let ann: Client;
let bob: Client;

beforeEach(async () => {
  chat = new Chat();
  ann = await chat.connect('ann');
  bob = await chat.connect('bob');
});

async function group(...members: string[]) {
  return (await chat.ask(ann, 'create-conversation', { kind: 'group', members, clientRequestId: 'one' }))
    .conversationId;
}

async function channel(): Promise<string> {
  const { conversationId } = await chat.ask(ann, 'create-conversation', { kind: 'channel', conversationId: 'lobby' });
  await chat.ask(bob, 'join', { conversationId });
  return conversationId;
}

/** The events that came to a connection since it was asked last. */
async function heard(client: Client): Promise<string[]> {
  await chat.pump('quiet');
  return chat.gateway.take(client.connectionId).map(({ event }) => event);
}

const CONTEXT = {
  ...{ conversationId: 'lobby', seq: 1, position: 1, me: 'ann', other: 'bob', id: 'one' },
  now: new Date('2026-11-25T09:00:00.000Z'),
};

/** The messages of the details with which a command's fields are refused. */
function faultsOf(action: Action, fields: object): string[] {
  try {
    parseFields(action, { ...fields });
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return (error.fields.details ?? []).map(({ message }) => message);
  }
}

async function refused(client: Client, frame: object): Promise<object> {
  const reply = await chat.raw(client, JSON.stringify(frame));
  expect(reply?.event).toMatch(/error$/);
  return reply?.data ?? {};
}

describe('ERR-2: the path in details', () => {
  it('names the item of a list', async () => {
    const error = await refused(ann, { action: 'create-conversation', kind: 'group', members: ['zoë'] });
    expect(error).toMatchObject({ code: 'validation-failed', details: [{ path: 'members.0' }] });
  });

  it('is the name of an unknown field, cut to 64 characters', async () => {
    const error = await refused(ann, { action: 'ping', ['x'.repeat(100)]: 1 });
    expect(error).toMatchObject({ details: [{ path: 'x'.repeat(64), message: 'unknown field' }] });
  });

  it.each([
    ['is not cut within a character', `${'x'.repeat(63)}😀`, 'x'.repeat(63)],
    ['holds no half of a character that the client sent', 'a\uD83Db', 'a\uFFFDb'],
  ])('%s', async (_, name, path) => {
    const error = await refused(ann, { action: 'ping', [name]: 1 });
    expect(error).toMatchObject({ details: [{ path, message: 'unknown field' }] });
  });

  it('is cut to 128 characters, the names around an unknown field included', async () => {
    const positions = [{ conversationId: 'c', seq: 0, ['x'.repeat(100)]: 1 }];
    const error = await refused(ann, { action: 'ping', positions });
    expect(error).toMatchObject({ details: [{ path: `positions.0.${'x'.repeat(64)}` }] });
  });
});

describe('ERR-2: the message in details', () => {
  /** What no field of any command takes, each for another reason. */
  const wrong = [
    undefined,
    null,
    5,
    0.5,
    -1,
    1e30,
    '',
    ' ',
    'x'.repeat(2_000),
    true,
    [],
    ['a b'],
    Array(60).fill('a'),
    {},
  ];

  it.each(actionNames)("is in the protocol's words for every fault of %s", async (name) => {
    const json = z.toJSONSchema(actions[name].fields, { io: 'input' });
    const variants = json.oneOf ?? json.anyOf ?? [json];
    const fields = new Set(variants.flatMap(({ properties }) => Object.keys(properties ?? {})));
    const messages: string[] = [];
    for (const { fields: sample } of actions[name].examples) {
      for (const field of fields) {
        for (const value of wrong) messages.push(...faultsOf(name, { ...sample(CONTEXT), [field]: value }));
      }
    }
    expect(messages.length).toBeGreaterThan(5);
    for (const message of new Set(messages)) expect(message).toMatch(/^(must |is required$|unknown field$)/);
    expect(messages.join()).not.toMatch(/undefined|NaN|null|[<>]=|\/\^/);
  });

  it.each([
    [{ action: 'typing', conversationId: 'c' }, 'isTyping', 'is required'],
    [{ action: 'typing', conversationId: 'c', isTyping: 'yes' }, 'isTyping', 'must be true or false'],
    [{ action: 'typing', conversationId: 5, isTyping: true }, 'conversationId', 'must be a text'],
    [{ action: 'create-conversation', kind: 'room' }, 'kind', 'must be channel, group or direct'],
    [{ action: 'create-conversation', kind: 'group', members: 'bob' }, 'members', 'must be a list'],
    [{ action: 'set-status', status: 'asleep' }, 'status', 'must be online, away or busy'],
    [{ action: 'history', conversationId: 'c', limit: 101 }, 'limit', 'must be at most 100'],
    [{ action: 'history', conversationId: 'c', limit: 0 }, 'limit', 'must be at least 1'],
    [{ action: 'history', conversationId: 'c', limit: 1.5 }, 'limit', 'must be a whole number'],
    [{ action: 'mark', conversationId: 'c', readSeq: null }, 'readSeq', 'must be a number'],
    [
      { action: 'ping', positions: Array(51).fill({ conversationId: 'c', seq: 0 }) },
      'positions',
      'must have at most 50 items',
    ],
    [{ action: 'ping', positions: [5] }, 'positions.0', 'must be an object'],
    [
      { action: 'list-members', conversationId: 'c', cursor: 'x'.repeat(1_025) },
      'cursor',
      'must have at most 1,024 characters',
    ],
    [
      { action: 'update-member', conversationId: 'c', userId: 'bob', mutedUntil: 'tomorrow' },
      'mutedUntil',
      'must be a time in ISO 8601 UTC with milliseconds',
    ],
    [{ action: 'ping', requestId: 5 }, 'requestId', 'must be a text'],
  ])('of %j at %s is "%s"', async (frame, path, message) => {
    expect(await refused(ann, frame)).toMatchObject({ code: 'validation-failed', details: [{ path, message }] });
  });
});

it('TEXT-1: a text that is too long is too-large, together with another fault validation-failed', async () => {
  const conversationId = await group();
  const send = { action: 'send-message', conversationId, content: `\u0007${'x'.repeat(4_000)}` };
  expect(await refused(ann, send)).toMatchObject({ code: 'too-large' });
  expect(await refused(ann, { ...send, replyTo: -1 })).toMatchObject({ code: 'validation-failed' });
});

it('LIMIT-1: a frame that fails as internal costs no token', async () => {
  const before = async ({ operation }: { operation: string }) => {
    if (operation === 'tail') throw new Error('broken');
  };
  chat = new Chat({ memory: { before } });
  ann = await chat.connect('ann');
  const conversationId = await group();
  const tokens = () => [...chat.stores.state.buckets].filter(([key]) => key.includes('command'));
  const spent = structuredClone(tokens());
  expect(await chat.refusal(ann, 'send-message', { conversationId, content: 'hi' })).toMatchObject({
    code: 'internal',
  });
  expect(tokens()).toEqual(spent);
});

describe('CONV-1: creating again', () => {
  it('applies no other members and no other name', async () => {
    const conversationId = await group('bob');
    const again = { kind: 'group' as const, name: 'Other', members: ['cid'], clientRequestId: 'one' };
    const reply = await chat.ask(ann, 'create-conversation', again);
    expect(reply).toMatchObject({ conversationId, unchanged: true });
    expect(reply).not.toHaveProperty('name');
    const { items } = await chat.ask(ann, 'list-members', { conversationId });
    expect(items.map(({ userId }) => userId)).toEqual(['ann', 'bob']);
  });

  it("is a conflict with another user's id", async () => {
    const conversationId = await channel();
    const error = await chat.refusal(bob, 'create-conversation', { kind: 'channel', conversationId });
    expect(error).toMatchObject({ code: 'conflict' });
  });

  it.each([
    { kind: 'channel', members: ['bob'] },
    { kind: 'channel', conversationId: 'with:colon' },
    { kind: 'group', conversationId: 'mine' },
    { kind: 'direct', members: ['bob'], name: 'Us' },
    { kind: 'direct', members: ['bob', 'cid'] },
    { kind: 'group', members: ['ann'] },
  ])('takes no field without a meaning: %j', async (fields) => {
    expect(await refused(ann, { action: 'create-conversation', ...fields })).toMatchObject({
      code: 'validation-failed',
    });
  });

  it.each([
    ['channel', {}, /^c:[\w-]{32}$/],
    ['group', {}, /^g:[\w-]{32}$/],
    ['direct', { members: ['bob'] }, /^d:[\w-]{32}$/],
  ] as const)('derives the id of a %s', async (kind, fields, pattern) => {
    const reply = await chat.raw(ann, JSON.stringify({ action: 'create-conversation', kind, ...fields }));
    expect(reply?.data).toMatchObject({ conversationId: expect.stringMatching(pattern) });
  });
});

describe('MEMB-1: what a user hears of oneself outside the room', () => {
  it('a ban as what it is, and nothing of a mute, a role or an unban', async () => {
    const conversationId = await group('bob');
    await heard(bob);
    const subject = { conversationId, userId: 'bob' };
    await chat.ask(ann, 'update-member', { ...subject, mutedUntil: '2030-01-01T00:00:00.000Z' });
    await chat.ask(ann, 'update-member', { ...subject, role: 'admin' });
    expect(await heard(bob)).toEqual([]);
    await chat.ask(ann, 'update-member', { ...subject, banned: true });
    expect(await heard(bob)).toEqual(['member-updated']);
    await chat.ask(ann, 'update-member', { ...subject, banned: false });
    expect(await heard(bob)).toEqual([]);
  });
});

describe('JOIN-3, LEAVE-1: a user who is banned from a channel', () => {
  it('is forbidden every command but leave', async () => {
    const conversationId = await channel();
    await chat.ask(ann, 'update-member', { conversationId, userId: 'bob', banned: true });
    for (const action of ['join', 'history', 'list-members'] as const) {
      expect(await chat.refusal(bob, action, { conversationId })).toMatchObject({ code: 'forbidden' });
    }
    expect(await chat.ask(bob, 'leave', { conversationId })).toEqual({ conversationId, success: true });
  });
});

describe('ROLE-1, MEMB-2: the last owner', () => {
  it('may be muted, by oneself too, and then waits', async () => {
    const conversationId = await group('bob');
    const mutedUntil = new Date(chat.clock.now() + 60_000).toISOString();
    await chat.ask(ann, 'update-member', { conversationId, userId: 'ann', mutedUntil });
    const error = await chat.refusal(ann, 'send-message', { conversationId, content: 'hi' });
    expect(error).toMatchObject({ code: 'forbidden', details: [{ path: 'mutedUntil', message: mutedUntil }] });
    chat.clock.advance(60_000);
    await chat.ask(ann, 'send-message', { conversationId, content: 'hi' });
  });

  it('cannot leave, not even a group of one', async () => {
    const conversationId = await group();
    expect(await chat.refusal(ann, 'remove-member', { conversationId, userId: 'ann' })).toMatchObject({
      code: 'conflict',
    });
  });
});

it('RETRY-1: a user who gave up a role is told so', async () => {
  const conversationId = await group('bob');
  await chat.ask(ann, 'update-member', { conversationId, userId: 'bob', role: 'owner' });
  const step = { conversationId, userId: 'ann', role: 'member' as const };
  await chat.ask(ann, 'update-member', step);
  expect(await chat.refusal(ann, 'update-member', step)).toMatchObject({ code: 'forbidden' });
});

it('RETRY-1: a user who left is told so', async () => {
  const conversationId = await group('bob');
  await chat.ask(bob, 'remove-member', { conversationId, userId: 'bob' });
  expect(await chat.refusal(bob, 'remove-member', { conversationId, userId: 'bob' })).toMatchObject({
    code: 'conversation-not-found',
  });
  const lobby = await channel();
  await chat.ask(bob, 'remove-member', { conversationId: lobby, userId: 'bob' });
  expect(await chat.refusal(bob, 'remove-member', { conversationId: lobby, userId: 'bob' })).toMatchObject({
    code: 'not-joined',
  });
});
