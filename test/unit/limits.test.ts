import { beforeEach, describe, expect, test } from 'vitest';
import { TAIL_ENTRIES } from '../../shared/domain/log-tail.ts';
import { LIMITS, RATES } from '../../shared/protocol/limits.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup, quietDown, setRole } from '../support/groups.ts';

let chat: Chat;
let owner: Client;
let member: Client;
let phone: Client;
let conversationId: string;

beforeEach(async () => {
  chat = new Chat();
  owner = await chat.connect('olga');
  member = await chat.connect('mia');
  phone = await chat.connect('mia');
  conversationId = await createGroup(chat, owner, member, phone);
});

const say = { content: 'hi' };
function send(client: Client, fields: object = say) {
  return chat.command(client, 'send-message', { conversationId, ...say, ...fields });
}
async function isSent(client: Client, fields?: object) {
  return (await send(client, fields))?.event === 'message-sent';
}

async function sentOf(count: number, by: (index: number) => Client): Promise<number> {
  let sent = 0;
  for (let index = 0; index < count; index += 1) if (await isSent(by(index))) sent += 1;
  return sent;
}

describe('sends per user and conversation: 5/s, burst 20', () => {
  test('are limited over all connections of the user, and refused with the exact time to wait', async () => {
    expect(await sentOf(25, (index) => (index % 2 ? member : phone))).toBe(20);
    const error = await chat.refusal(phone, 'send-message', { conversationId, ...say });
    expect(error).toMatchObject({ code: 'rate-limited', retryable: true, retryAfterMs: 200 });
    chat.clock.advance(199);
    expect(await isSent(member)).toBe(false);
    chat.clock.advance(1);
    expect(await isSent(member)).toBe(true);
    expect(await isSent(member)).toBe(false);
  });

  test('are counted separately for each user and each conversation', async () => {
    await sentOf(20, () => member);
    expect(await isSent(owner)).toBe(true);
    const other = await createOther();
    expect((await chat.command(member, 'send-message', { conversationId: other, ...say }))?.event).toBe('message-sent');
  });

  test('are not used up by edits, reactions and refused sends', async () => {
    await send(member);
    for (let edit = 0; edit < 19; edit += 1) {
      await chat.ask(member, 'edit-message', { conversationId, seq: 1, content: `edit ${edit}` });
    }
    for (let wrong = 0; wrong < 10; wrong += 1) await send(member, { replyTo: 2 });
    expect(await sentOf(25, () => member)).toBe(19);
  });

  test('start afresh for a user who has none of the newest 25 entries, as the table says', async () => {
    expect(await sentOf(25, () => member)).toBe(20);
    await sentOf(20, () => owner);
    expect(await isSent(member)).toBe(false);
    chat.clock.advance(800);
    expect(await sentOf(9, () => owner)).toBe(4);
    await chat.ask(owner, 'add-reaction', { conversationId, seq: 1, emoji: '👍' });
    expect(
      chat.stores.state
        .log(conversationId)
        .current.slice(-TAIL_ENTRIES)
        .map(({ senderId }) => senderId),
    ).toEqual(Array(TAIL_ENTRIES).fill('olga'));
    expect(await sentOf(25, () => member)).toBe(20);
    expect(LIMITS[0]?.what).toContain(`none of the newest ${TAIL_ENTRIES} entries`);
  });

  test('a duplicate is answered even when the limit is used up', async () => {
    await send(member, { clientMessageId: 'm1' });
    await sentOf(25, () => member);
    expect(await chat.ask(member, 'send-message', { conversationId, ...say, clientMessageId: 'm1' })).toMatchObject({
      duplicate: true,
    });
  });

  test('SEND-3: the same message again costs a token of the bucket of other commands, each time', async () => {
    const first = await chat.ask(member, 'send-message', { conversationId, ...say, clientMessageId: 'm1' });
    const again = async () =>
      chat.command(member, 'send-message', { conversationId, ...say, clientMessageId: 'm1', after: 0 });
    const { burst } = RATES.command;
    for (let time = 0; time < burst; time += 1) expect((await again())?.data).toEqual({ ...first, duplicate: true });
    expect((await again())?.data).toMatchObject({ code: 'rate-limited', retryAfterMs: 100 });
    chat.clock.advance(100);
    expect((await again())?.data).toMatchObject({ seq: first.seq, duplicate: true });
    expect(chat.stores.state.log(conversationId).current).toHaveLength(1);
  });

  test('SEND-3: a message whose own put was answered to nobody is not refused for want of a token', async () => {
    for (let command = 0; command < RATES.command.burst; command += 1) await chat.ask(member, 'ping', {});
    const { append } = chat.stores.log;
    chat.stores.log.append = async (entry, changes) => {
      chat.stores.log.append = append;
      const outcome = await append(entry, changes);
      return outcome.committed ? { committed: false, winner: entry } : outcome;
    };
    expect((await send(member))?.event).toBe('message-sent');
    expect(chat.stores.state.log(conversationId).current).toHaveLength(1);
  });

  async function createOther(): Promise<string> {
    return (await chat.ask(owner, 'create-conversation', { kind: 'group', members: ['mia'] })).conversationId;
  }
});

describe('entries per conversation: 50/s, burst 100', () => {
  let crowd: Client[];

  /** Ten users send in turn, so that none of them meets the limit per user first. */
  beforeEach(async () => {
    crowd = [];
    for (let user = 0; user < 10; user += 1) crowd.push(await chat.connect(`u${user}`));
    await chat.ask(owner, 'send-message', { conversationId, content: 'the first' });
    for (const { userId } of crowd) await chat.ask(owner, 'add-member', { conversationId, userId });
    await quietDown(chat);
    await sentOf(100, (index) => crowd[index % 10] as Client);
  });

  test('messages, edits and reactions beyond them must wait', async () => {
    const target = { conversationId, seq: 1 };
    expect(await chat.refusal(owner, 'send-message', { conversationId, ...say })).toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 20,
    });
    expect(await chat.refusal(owner, 'edit-message', { ...target, content: 'x' })).toMatchObject({
      code: 'rate-limited',
    });
    expect(await chat.refusal(owner, 'add-reaction', { ...target, emoji: '👍' })).toMatchObject({
      code: 'rate-limited',
    });
    expect(await chat.refusal(owner, 'add-member', { conversationId, userId: 'new' })).toMatchObject({
      code: 'rate-limited',
    });
    chat.clock.advance(20);
    expect(await isSent(owner)).toBe(true);
  });

  test('removals, bans, mutes, roles, deletions and settings are never refused', async () => {
    await chat.ask(owner, 'delete-message', { conversationId, seq: 1 });
    await chat.ask(owner, 'remove-member', { conversationId, userId: 'u0' });
    await chat.ask(owner, 'update-member', { conversationId, userId: 'u1', banned: true });
    await chat.ask(owner, 'update-member', { conversationId, userId: 'u2', mutedUntil: '2030-01-01T00:00:00.000Z' });
    await chat.ask(owner, 'update-member', { conversationId, userId: 'u3', role: 'admin' });
    await chat.ask(owner, 'update-conversation', { conversationId, slowModeSeconds: 10 });
    expect(await chat.refusal(owner, 'send-message', { conversationId, ...say })).toMatchObject({
      code: 'rate-limited',
    });
  });
});

describe('slow mode', () => {
  beforeEach(() => chat.ask(owner, 'update-conversation', { conversationId, slowModeSeconds: 30 }));

  test('applies to members, over all their connections, and says how long to wait', async () => {
    expect(await isSent(member)).toBe(true);
    chat.clock.advance(10_000);
    const error = await chat.refusal(phone, 'send-message', { conversationId, ...say });
    expect(error).toMatchObject({ code: 'rate-limited', retryAfterMs: 20_000 });
    chat.clock.advance(20_000);
    expect(await isSent(phone)).toBe(true);
  });

  test('applies to nobody else, and no longer to members once it is off', async () => {
    expect([await isSent(owner), await isSent(owner)]).toEqual([true, true]);
    await setRole(chat, owner, conversationId, 'mia', 'admin');
    expect([await isSent(member), await isSent(member)]).toEqual([true, true]);
    await setRole(chat, owner, conversationId, 'mia', 'member');
    await chat.ask(owner, 'update-conversation', { conversationId, slowModeSeconds: 0 });
    expect([await isSent(member), await isSent(member)]).toEqual([true, true]);
  });

  test('SEND-3: does not refuse the duplicate of what was sent', async () => {
    await send(member, { clientMessageId: 'm1' });
    expect(await chat.ask(member, 'send-message', { conversationId, ...say, clientMessageId: 'm1' })).toMatchObject({
      duplicate: true,
    });
  });

  test('is not used up by a send that was refused', async () => {
    await chat.refusal(member, 'send-message', { conversationId, ...say, replyTo: 99 });
    expect(await isSent(member)).toBe(true);
  });
});

describe('slow mode and leaving (MEMB-2)', () => {
  test.each(['channel', 'group'] as const)('a member of a %s who comes back waits as long', async (kind) => {
    const { conversationId } = await chat.ask(owner, 'create-conversation', { kind, clientRequestId: 'slow' });
    const enter = () =>
      kind === 'channel'
        ? chat.ask(member, 'join', { conversationId })
        : chat.ask(owner, 'add-member', { conversationId, userId: 'mia' });
    await enter();
    await chat.ask(owner, 'update-conversation', { conversationId, slowModeSeconds: 30 });
    await chat.ask(member, 'send-message', { conversationId, ...say });
    for (const wait of [20_000, 10_000]) {
      await chat.ask(member, 'remove-member', { conversationId, userId: 'mia' });
      chat.clock.advance(10_000);
      await enter();
      const error = await chat.refusal(member, 'send-message', { conversationId, ...say });
      expect(error).toMatchObject({ code: 'rate-limited', retryAfterMs: wait });
    }
    await chat.ask(owner, 'update-member', { conversationId, userId: 'mia', banned: true });
    await chat.ask(owner, 'update-member', { conversationId, userId: 'mia', banned: false });
    await enter();
    expect(await chat.refusal(member, 'send-message', { conversationId, ...say })).toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 10_000,
    });
    chat.clock.advance(10_000);
    await chat.ask(member, 'send-message', { conversationId, ...say });
  });
});

test('leaves per user share the bucket of joins, whether the room was joined or not', async () => {
  let left = 0;
  for (let index = 0; index < 110; index += 1) {
    const reply = await chat.command(index % 2 ? member : phone, 'leave', { conversationId });
    if (reply?.event === 'left-conversation') left += 1;
  }
  expect(left).toBe(RATES.join.burst);
  expect(await chat.refusal(phone, 'leave', { conversationId })).toMatchObject({
    code: 'rate-limited',
    retryAfterMs: 100,
  });
});

test('joins per user: 10/s, burst 100, over all connections', async () => {
  const joined = async (client: Client) =>
    (await chat.command(client, 'join', { conversationId }))?.event === 'joined-conversation';
  let count = 0;
  for (let index = 0; index < 110; index += 1) if (await joined(index % 2 ? member : phone)) count += 1;
  expect(count).toBe(100);
  expect(await chat.refusal(phone, 'join', { conversationId })).toMatchObject({
    code: 'rate-limited',
    retryAfterMs: 100,
  });
});
