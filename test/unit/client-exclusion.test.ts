import { beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import type { Conversation, ConversationEvents } from '../../client/src/index.ts';
import { memoryOutbox } from '../../client/src/outbox/storage.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import { NO_FAULTS } from '../support/fake-chat-connection.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { FakeLifecycle } from '../support/fake-lifecycle.ts';
import { HandClock } from '../support/fake-time.ts';

const GROUP = 'g:room';
const CHANNEL = 'general';

let clock: HandClock;
let server: FakeChatServer;
let ids: number;

beforeEach(() => {
  clock = new HandClock();
  server = new FakeChatServer({ clock, random: () => 0.5 });
  server.create(GROUP, ['ann', 'bob']);
  server.create(CHANNEL, ['ann', 'bob'], 'channel');
  ids = 0;
});

/** Ann's client, and what it tells of one conversation. */
async function open(id: string, join = true) {
  const client = createClient({
    url: 'wss://chat.example/prod',
    token: () => fakeToken('ann'),
    openSocket: server.openSocket,
    clock,
    lifecycle: new FakeLifecycle(),
    random: () => 0.5,
    outbox: memoryOutbox(),
    newId: () => `id-${++ids}`,
  });
  const room = client.conversations.get(id);
  const removed: string[] = [];
  const changes: ConversationEvents['state'][] = [];
  const failed: string[] = [];
  client.on('conversation-removed', ({ conversationId }) => removed.push(conversationId));
  room.on('state', (change) => changes.push(change));
  room.on('failed', ({ error }) => failed.push(error.code));
  client.connect().catch(() => {});
  if (join) room.join().catch(() => {});
  await clock.advance(500);
  expect(room.state).toBe(join ? 'live' : 'idle');
  return { client, room, removed, changes, failed };
}

function shown(room: Conversation) {
  return room.messages.map(({ content, status }) => `${content}: ${status}`);
}

function remove(conversationId: string) {
  server.as('bob', 'remove-member', { conversationId, userId: 'ann' });
}
function leave(conversationId: string) {
  server.as('ann', 'remove-member', { conversationId, userId: 'ann' });
}
function ban(conversationId: string) {
  server.as('bob', 'update-member', { conversationId, userId: 'ann', banned: true });
}

const WAYS = [
  ['a ban from a channel', CHANNEL, ban, 'forbidden'],
  ['a removal from a channel', CHANNEL, remove, 'not-joined'],
  ['leaving a channel on another device', CHANNEL, leave, 'not-joined'],
  ['a ban from a group', GROUP, ban, 'conversation-not-found'],
  ['a removal from a group', GROUP, remove, 'conversation-not-found'],
  ['leaving a group on another device', GROUP, leave, 'conversation-not-found'],
] as const;

describe('AUTH-1, MEMB-3: access ends', () => {
  it.each(WAYS)('by %s: at once, with what a refused command gives', async (_, id, end, code) => {
    const { room, removed, changes, failed } = await open(id);
    end(id);
    await clock.advance(50);
    expect([room.state, room.error?.code, room.role]).toEqual(['ended', code, undefined]);
    expect(changes.at(-1)).toMatchObject({ previous: 'live', current: 'ended', error: { code } });
    expect(removed).toEqual([id]);

    const refused = expect(room.send('too late')).rejects.toMatchObject({ code });
    expect([shown(room), failed]).toEqual([['too late: failed'], [code]]);
    await refused;
    await expect(room.retry(room.messages[0]?.clientMessageId ?? '')).rejects.toMatchObject({ code });
    // The server's own answer.
    await expect(async () => server.as('ann', 'history', { conversationId: id })).rejects.toMatchObject({ code });
  });

  it('fails at once what waits to be sent, and leaves what is on its way to its reply', async () => {
    const { room } = await open(CHANNEL);
    server.faults = { ...NO_FAULTS, delayMs: 400 };
    room.send('on its way');
    room.send('waiting');
    await clock.advance(250);
    ban(CHANNEL);
    // The reply, 200 ms after the command, comes before the ban; what follows it is not sent.
    server.faults = NO_FAULTS;
    await clock.advance(10);
    expect([room.state, shown(room)]).toEqual(['live', ['on its way: pending', 'waiting: pending']]);
    await clock.advance(195);
    expect([room.state, shown(room)]).toEqual(['ended', ['on its way: sent', 'waiting: failed']]);
    expect(server.messagesFor(CHANNEL, 'bob')).toHaveLength(1);
  });

  it.each([
    ['a ban', ban, 'forbidden'],
    ['a removal', remove, 'not-joined'],
  ])('by %s that overtakes a message: without waiting for what nobody gives any more', async (_, end, code) => {
    const { room } = await open(CHANNEL);
    server.faults = { ...NO_FAULTS, dropPush: 1 };
    server.as('bob', 'send-message', { conversationId: CHANNEL, content: 'lost' });
    server.faults = NO_FAULTS;
    end(CHANNEL);
    await clock.advance(50);
    expect([room.state, room.error?.code]).toEqual(['ended', code]);
  });

  it('while it is being joined: the entry counts after the answer that it overtook', async () => {
    const { room, removed } = await open(GROUP, false);
    for (let i = 0; i < 80; i += 1) server.as('bob', 'send-message', { conversationId: GROUP, content: `${i}` });
    room.join().catch(() => {});
    await clock.advance(15);
    expect(room.state).toBe('joining');
    remove(GROUP);
    await clock.advance(200);
    expect([room.state, room.error?.code, removed]).toEqual(['ended', 'conversation-not-found', [GROUP]]);
  });

  it.each([
    ['a ban from a channel', CHANNEL, ban, 'forbidden'],
    ['a removal from a group', GROUP, remove, 'conversation-not-found'],
  ])(
    'by %s while offline: with the next connection, and what was written meanwhile fails',
    async (_, id, end, code) => {
      const { room, removed, failed } = await open(id);
      for (const each of server.connections) each.cut();
      await clock.advance(0);
      room.send('offline');
      end(id);
      await clock.advance(5_000);
      expect([room.state, room.error?.code, removed, failed]).toEqual(['ended', code, [id], [code]]);
      expect(shown(room)).toEqual(['offline: failed']);
    },
  );

  it('MEMB-1: an old removal, before the user was back, ends nothing', async () => {
    remove(CHANNEL);
    const { room, removed } = await open(CHANNEL);
    const old = server.log(CHANNEL).entries[0];
    for (const each of server.connections) if (old) each.push(old);
    await clock.advance(3_000);
    expect([room.state, removed]).toEqual(['live', []]);
  });

  it('and begins again when the user is added: the next message asks the server', async () => {
    const { client, room } = await open(GROUP);
    remove(GROUP);
    await clock.advance(50);
    const log = server.log(GROUP);
    const membership = log.members.get('ann');
    if (membership) membership.active = true;
    for (const each of server.connections) each.push({ event: 'conversation-created', data: log.info });
    await clock.advance(50);
    expect([room.state, room.error]).toEqual(['idle', undefined]);
    const sent = room.send('back again');
    await clock.advance(500);
    expect(await sent).toMatchObject({ content: 'back again', seq: 2 });
    client.close();
  });

  it('not by a refusal of the join alone: a member may still send', async () => {
    const { room } = await open(GROUP, false);
    const { execute } = server;
    server.execute = (action, ...rest) => {
      if (action === 'join') throw new Refusal('conflict', 'too many are joined');
      return execute.call(server, action, ...rest);
    };
    room.join().catch(() => {});
    await clock.advance(100);
    expect([room.state, room.error?.code]).toEqual(['ended', 'conflict']);
    const sent = room.send('hello');
    await clock.advance(500);
    expect(await sent).toMatchObject({ content: 'hello' });
  });
});
