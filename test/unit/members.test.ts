import { beforeEach, describe, expect, test } from 'vitest';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { Chat } from '../support/chat.ts';
import { createGroup, createPeopleOfEveryStanding, type PeopleOfEveryStanding, quietDown } from '../support/groups.ts';

let chat: Chat;
let people: PeopleOfEveryStanding;
let conversationId: string;

beforeEach(async () => {
  chat = new Chat();
  people = await createPeopleOfEveryStanding(chat);
  ({ conversationId } = people);
});

function row(userId: string) {
  return chat.stores.state.member(conversationId, userId);
}
function log() {
  return chat.stores.state.log(conversationId).current;
}
function about(userId: string, fields: object = {}) {
  return { conversationId, userId, ...fields };
}

describe('adding (MEMB-0)', () => {
  test('any user can be added, starts at the head, and may read everything before it', async () => {
    await chat.ask(people.owner, 'send-message', { conversationId, content: 'before' });
    expect(await chat.ask(people.admin, 'add-member', about('otto'))).toMatchObject({
      userId: 'otto',
      role: 'member',
      by: 'ada',
    });
    const { seq, n } = log().at(-1) ?? {};
    expect(row('otto')).toMatchObject({ state: 'active', readSeq: seq, readN: n, deliveredSeq: seq });
    const { entries } = await chat.ask(people.outsider, 'history', { conversationId });
    expect(entries.map(({ data }) => data.content)).toContain('before');
    expect((await chat.ask(people.outsider, 'list-conversations', {})).items).toMatchObject([
      { conversationId, unread: 0 },
    ]);
  });

  test('RETRY-1: adding a member again changes nothing, whatever role is asked for', async () => {
    const before = log().length;
    const reply = await chat.ask(people.owner, 'add-member', about('ada', { role: 'member' }));
    expect(reply).toEqual({ conversationId, userId: 'ada', role: 'admin', by: 'olga', unchanged: true });
    expect(log()).toHaveLength(before);
  });

  test('adding a user again does not lower the marks', async () => {
    await chat.ask(people.owner, 'send-message', { conversationId, content: 'x' });
    await chat.ask(people.member, 'mark', { conversationId, readSeq: 99 });
    const before = row('mia')?.readSeq ?? 0;
    await chat.ask(people.owner, 'remove-member', about('mia'));
    await chat.ask(people.owner, 'add-member', about('mia'));
    expect(row('mia')?.readSeq).toBeGreaterThan(before);
  });

  test('adding a banned user, a 1,001st member, or anybody in a channel is a conflict', async () => {
    expect(await chat.refusal(people.owner, 'add-member', about('bob'))).toMatchObject({ code: 'conflict' });
    const newest = log().at(-1);
    if (newest) chat.stores.state.putEntries(conversationId, [{ ...newest, members: 1_000 }]);
    expect(await chat.refusal(people.owner, 'add-member', about('new'))).toMatchObject({ code: 'conflict' });
    const channel = await chat.ask(people.owner, 'create-conversation', { kind: 'channel' });
    const add = { conversationId: channel.conversationId, userId: 'new' };
    expect(await chat.refusal(people.owner, 'add-member', add)).toMatchObject({ code: 'conflict' });
  });

  test('MEMB-1: the added user is told in the user room', async () => {
    await chat.ask(people.owner, 'add-member', about('otto'));
    await chat.pump();
    expect(chat.gateway.take(people.outsider.connectionId)).toMatchObject([
      { event: 'conversation-created', data: { conversationId } },
    ]);
  });
});

describe('removing (MEMB-2)', () => {
  test('a removal ends membership and delivery before the reply (MEMB-3)', async () => {
    await chat.ask(people.member, 'join', { conversationId });
    expect(await chat.ask(people.admin, 'remove-member', about('mia'))).toMatchObject({
      userId: 'mia',
      role: 'member',
      by: 'ada',
    });
    const subscribed = await chat.stores.connections.subscriptionsOf(conversationRoom(conversationId), 'mia', 0);
    expect(subscribed).toEqual([]);
    expect(row('mia')).toMatchObject({ state: 'left', role: 'member' });
    expect(await chat.refusal(people.member, 'history', { conversationId })).toMatchObject({
      code: 'conversation-not-found',
    });
  });

  test('removing one who left or is banned changes nothing; one who never was there is user-not-found', async () => {
    for (const userId of ['rita', 'bob']) {
      expect(await chat.ask(people.admin, 'remove-member', about(userId))).toMatchObject({ userId, unchanged: true });
    }
    expect(row('bob')?.state).toBe('banned');
    expect(await chat.refusal(people.admin, 'remove-member', about('otto'))).toMatchObject({ code: 'user-not-found' });
  });

  test('everybody may leave but the last owner', async () => {
    await chat.ask(people.member, 'remove-member', about('mia'));
    expect(await chat.refusal(people.owner, 'remove-member', about('olga'))).toMatchObject({ code: 'conflict' });
    await chat.ask(people.owner, 'update-member', about('ada', { role: 'owner' }));
    await chat.ask(people.owner, 'remove-member', about('olga'));
    expect(await chat.refusal(people.admin, 'remove-member', about('ada'))).toMatchObject({ code: 'conflict' });
  });

  test('an owner who is removed and added again gets the role of the new addition', async () => {
    await chat.ask(people.owner, 'update-member', about('ada', { role: 'owner' }));
    await chat.ask(people.owner, 'remove-member', about('ada'));
    await chat.ask(people.owner, 'add-member', about('ada'));
    expect(row('ada')).toMatchObject({ state: 'active', role: 'member' });
    expect(log().at(-1)).toMatchObject({ owners: 1, members: 4 });
  });

  test('MEMB-3: a removal that finds the member already removed still cleans up', async () => {
    await chat.ask(people.member, 'join', { conversationId });
    const member = row('mia');
    if (member) chat.stores.state.putMember({ ...member, state: 'left' });
    await chat.ask(people.owner, 'remove-member', about('mia'));
    const connection = await chat.stores.connections.connection(people.member.connectionId);
    expect(connection?.rooms.map(({ room }) => room.kind)).toEqual(['user']);
  });

  test('MEMB-3: a removal also drops ended subscriptions, as a refresh under way may extend them', async () => {
    const short = await chat.connect('mia', 5_000);
    await chat.ask(short, 'join', { conversationId });
    chat.clock.advance(70_000);
    await chat.ask(people.owner, 'remove-member', about('mia'));
    const left = await chat.stores.connections.subscriptionsOf(conversationRoom(conversationId), 'mia', 0);
    expect(left).toEqual([]);
  });

  test('a channel still works after more members are removed than it was created with', async () => {
    const { conversationId: id, owner, member, other } = await createPeopleOfEveryStanding(chat, 'channel');
    await chat.ask(owner, 'remove-member', { conversationId: id, userId: member.userId });
    await chat.ask(owner, 'remove-member', { conversationId: id, userId: other.userId });
    expect(await chat.ask(owner, 'send-message', { conversationId: id, content: 'still here' })).toMatchObject({
      seq: 6,
    });
  });
});

describe('updating (MEMB-2)', () => {
  const update = (userId: string, fields: object) => chat.ask(people.owner, 'update-member', about(userId, fields));

  test('a ban may name a user who left, and ends delivery; lifting it leaves the user as one who left', async () => {
    await chat.ask(people.member, 'join', { conversationId });
    await update('rita', { banned: true });
    await update('mia', { banned: true });
    expect([row('rita')?.state, row('mia')?.state]).toEqual(['banned', 'banned']);
    expect(await chat.stores.connections.subscriptionsOf(conversationRoom(conversationId), 'mia', 0)).toEqual([]);
    await update('mia', { banned: false });
    expect(row('mia')?.state).toBe('left');
    await chat.ask(people.owner, 'add-member', about('mia'));
    expect(row('mia')?.state).toBe('active');
  });

  test('RETRY-1: an update to what is already so changes nothing', async () => {
    const before = log().length;
    const until = '2030-01-01T00:00:00.000Z';
    expect(await update('ada', { role: 'admin' })).toEqual({
      ...about('ada'),
      role: 'admin',
      by: 'olga',
      unchanged: true,
    });
    expect(await update('bob', { banned: true })).toMatchObject({ banned: true, unchanged: true });
    expect(await update('mia', { banned: false })).toMatchObject({ unchanged: true });
    expect(await update('mia', { mutedUntil: null })).toMatchObject({ mutedUntil: null, unchanged: true });
    expect(log()).toHaveLength(before);
    await update('mia', { mutedUntil: until });
    expect(await update('mia', { mutedUntil: until })).toMatchObject({ unchanged: true });
  });

  test('the last owner can neither step down nor be banned', async () => {
    for (const fields of [{ role: 'admin' }, { banned: true }] as const) {
      expect(await chat.refusal(people.owner, 'update-member', about('olga', fields))).toMatchObject({
        code: 'conflict',
      });
    }
    await update('ada', { role: 'owner' });
    await update('olga', { role: 'member' });
    expect(log().at(-1)).toMatchObject({ owners: 1 });
  });

  test('a role or mute for a user who is not a member, or a ban for one who never was, is user-not-found', async () => {
    for (const userId of ['rita', 'bob', 'otto']) {
      for (const fields of [{ role: 'admin' }, { mutedUntil: '2030-01-01T00:00:00.000Z' }] as const) {
        expect(await chat.refusal(people.owner, 'update-member', about(userId, fields))).toMatchObject({
          code: 'user-not-found',
        });
      }
    }
    expect(await chat.refusal(people.owner, 'update-member', about('otto', { banned: true }))).toMatchObject({
      code: 'user-not-found',
    });
  });
});

describe('a direct conversation', () => {
  test('CONV-1: refuses member commands', async () => {
    const { owner, member } = people;
    const direct = await chat.ask(owner, 'create-conversation', { kind: 'direct', members: ['mia'] });
    const of = (userId: string) => ({ conversationId: direct.conversationId, userId });
    expect(await chat.refusal(owner, 'add-member', of('max'))).toMatchObject({ code: 'conflict' });
    for (const userId of ['mia', 'olga']) {
      expect(await chat.refusal(owner, 'remove-member', of(userId))).toMatchObject({ code: 'conflict' });
      expect(await chat.refusal(member, 'update-member', { ...of(userId), banned: true })).toMatchObject({
        code: 'conflict',
      });
    }
    const rename = { conversationId: direct.conversationId, name: 'Us' };
    expect(await chat.refusal(owner, 'update-conversation', rename)).toMatchObject({ code: 'forbidden' });
  });
});

test('CONV-2, RETRY-1: update-conversation names what changed; the same update again changes nothing', async () => {
  const id = await createGroup(chat, people.owner, people.member);
  const both = { conversationId: id, name: 'A  b', slowModeSeconds: 9 };
  expect(await chat.ask(people.owner, 'update-conversation', both)).toMatchObject({
    seq: 1,
    changes: { slowModeSeconds: 9 },
    by: 'olga',
  });
  expect(await chat.ask(people.owner, 'update-conversation', both)).toMatchObject({ unchanged: true });
  expect(await chat.ask(people.owner, 'update-conversation', { conversationId: id, slowModeSeconds: 0 })).toMatchObject(
    {
      seq: 2,
    },
  );
  await quietDown(chat);
  const { conversation } = await chat.ask(people.member, 'join', { conversationId: id });
  expect(conversation).toMatchObject({ name: both.name });
  expect(conversation).not.toHaveProperty('slowModeSeconds');
});

test('JOIN-1: a join says until when the user is muted, as long as the mute lasts', async () => {
  const until = new Date(chat.clock.now() + 60_000).toISOString();
  expect(await chat.ask(people.member, 'join', { conversationId })).not.toHaveProperty('mutedUntil');
  await chat.ask(people.admin, 'update-member', { ...about('mia'), mutedUntil: until });
  expect(await chat.ask(people.member, 'join', { conversationId })).toMatchObject({
    role: 'member',
    mutedUntil: until,
  });
  chat.clock.advance(60_000);
  expect(await chat.ask(people.member, 'join', { conversationId })).not.toHaveProperty('mutedUntil');
});
