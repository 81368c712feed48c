import { beforeEach, describe, expect, test } from 'vitest';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { PRESENCE_ROOM_MAX } from '../../shared/protocol/limits.ts';
import { settlePresence } from '../../shared/usecases/presence/settle-presence.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';

let chat: Chat;
let owner: Client;
let member: Client;
let conversationId: string;

beforeEach(async () => {
  chat = new Chat();
  owner = await chat.connect('olga');
  member = await chat.connect('mia');
  conversationId = await createGroup(chat, owner, member);
});

/** What olga was sent since the last call: each event, with its status if it has one. */
function seen() {
  return chat.gateway
    .take(owner.connectionId)
    .map(({ event, data }) => [event, (data as { status?: string }).status].filter(Boolean).join(' '));
}
function wait(ms: number) {
  return chat.clock.advance(ms);
}

describe('presence (PRES-1)', () => {
  test('tells the room when a user comes, and within 30 s when a user is gone', async () => {
    await chat.ask(member, 'leave', { conversationId });
    await chat.pump();
    expect(seen()).toEqual([]);
    wait(7_000);
    await chat.pump();
    expect(seen()).toEqual(['user:offline']);
    await chat.ask(member, 'join', { conversationId });
    await chat.pump();
    expect(seen()).toEqual(['user:online online']);
  });

  test('says nothing when one of several tabs closes', async () => {
    const tab = await chat.connect('mia');
    await chat.ask(tab, 'join', { conversationId });
    await chat.pump('quiet');
    expect(seen()).toEqual([]);
    await chat.disconnect(member);
    await chat.pump('quiet');
    expect(seen()).toEqual([]);
    await chat.disconnect(tab);
    await chat.pump('quiet');
    expect(seen()).toEqual(['user:offline']);
  });

  /** The clean-up of a connection was given up on: its row is gone, and nothing will delete its subscriptions. */
  function orphan({ connectionId }: Client) {
    chat.stores.state.connections.delete(connectionId);
    chat.gateway.open.delete(connectionId);
  }

  test('heals at the next look: a subscription whose connection is gone shows nobody online', async () => {
    const tab = await chat.connect('mia');
    await chat.ask(tab, 'join', { conversationId });
    await chat.pump('quiet');
    orphan(member);
    await chat.disconnect(tab);
    await chat.pump('quiet');
    expect(seen()).toEqual(['user:offline']);
    const room = conversationRoom(conversationId);
    expect(await chat.stores.connections.subscriptionsOf(room, 'mia', chat.clock.now())).toEqual([]);
  });

  test('heals at the next delivery: the post finds no socket and no row', async () => {
    wait(120_000);
    orphan(member);
    await chat.ask(owner, 'send-message', { conversationId, content: 'hello' });
    await chat.pump('quiet');
    expect(seen()).toEqual(['user:offline']);
  });

  test('says nothing about a reload within 5 s', async () => {
    await chat.disconnect(member);
    await chat.pump();
    wait(5_000);
    const again = await chat.connect('mia');
    await chat.ask(again, 'join', { conversationId });
    await chat.pump('quiet');
    expect(seen()).toEqual([]);
  });

  test('says nothing about a second join', async () => {
    await chat.ask(member, 'join', { conversationId });
    await chat.pump('quiet');
    expect(seen()).toEqual([]);
  });

  test('versions grow for each user and room, whether the user comes, goes or sets a status', async () => {
    const versions: number[] = [];
    for (let times = 0; times < 3; times += 1) {
      await chat.ask(member, 'leave', { conversationId });
      await chat.pump('quiet');
      await chat.ask(member, 'join', { conversationId });
      await chat.pump('quiet');
      await chat.ask(member, 'set-status', { status: times % 2 ? 'busy' : 'away' });
      const frames = chat.gateway.take(owner.connectionId);
      versions.push(...frames.map(({ data }) => (data as { version: number }).version));
    }
    expect(versions).toHaveLength(9);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  describe('a status in many rooms', () => {
    const ROOMS = 12;
    let rooms: string[];
    beforeEach(async () => {
      rooms = [];
      for (let n = 0; n < ROOMS; n += 1) {
        const { conversationId } = await chat.ask(owner, 'create-conversation', { kind: 'group', members: ['mia'] });
        for (const client of [owner, member]) await chat.ask(client, 'join', { conversationId });
        rooms.push(conversationId);
        wait(5_000);
      }
      await chat.pump('quiet');
      chat.gateway.take(owner.connectionId);
    });

    test('costs 300 ms in all if the gateway hangs, not in each room', async () => {
      chat.gateway.verdict = () => {
        wait(300);
        return 'later';
      };
      const before = chat.clock.now();
      await chat.ask(member, 'set-status', { status: 'away' });
      expect(chat.clock.now() - before).toBe(300);
      expect(chat.reports.map(({ stage, count }) => [stage, count])).toEqual([['deliver-ephemeral', 2 * (ROOMS + 1)]]);
    });

    test('is told where it was settled, although another room failed: a repeated command says nothing there', async () => {
      const { putPresence } = chat.stores.connections;
      chat.stores.connections.putPresence = async (row, version) => {
        if (row.room.id === rooms[5]) throw new Error('throttled');
        return putPresence(row, version);
      };
      expect(await chat.refusal(member, 'set-status', { status: 'away' })).toMatchObject({ code: 'internal' });
      const told = seen().filter((event) => event === 'user:online away').length;
      const settled = await Promise.all(
        [conversationId, ...rooms].map((id) => chat.stores.connections.presence(conversationRoom(id), 'mia')),
      );
      expect(told).toBeGreaterThan(0);
      expect(told).toBe(settled.filter((row) => row?.status === 'away').length);
      chat.stores.connections.putPresence = putPresence;
      await chat.ask(member, 'set-status', { status: 'away' });
      expect(seen()).toHaveLength(ROOMS + 1 - told);
    });
  });

  test('is level-triggered: a check that is late, repeated or needless announces the present state once', async () => {
    const room = conversationRoom(conversationId);
    expect(await settlePresence(chat.deps, room, 'mia')).toBeUndefined();
    expect(await settlePresence(chat.deps, room, 'nobody')).toBeUndefined();
    await chat.ask(member, 'leave', { conversationId });
    expect(await settlePresence(chat.deps, room, 'mia')).toMatchObject({ event: 'user:offline' });
    expect(await settlePresence(chat.deps, room, 'mia')).toBeUndefined();
  });

  test('counts a subscription that has ended as gone when it is checked', async () => {
    wait(member.tokenExpiresAt + 60_000 - chat.clock.now());
    expect(await settlePresence(chat.deps, conversationRoom(conversationId), 'mia')).toMatchObject({
      event: 'user:offline',
    });
  });

  const DAY_MS = 86_400_000;
  const row = () => chat.stores.connections.presence(conversationRoom(conversationId), 'mia');

  test('has a row that ends a day after it was last written, and is written anew while the user is there', async () => {
    const room = conversationRoom(conversationId);
    const first = await row();
    expect(first).toMatchObject({ online: true, expiresAt: (first?.lastSeenAt ?? 0) + DAY_MS });
    wait(DAY_MS / 2 - 1 - (chat.clock.now() - (first?.lastSeenAt ?? 0)));
    const later = await chat.connect('mia', DAY_MS);
    await chat.ask(later, 'join', { conversationId });
    await chat.pump('quiet');
    expect(await row()).toEqual(first);
    wait(1);
    const frames = chat.gateway.take(owner.connectionId);
    expect(await settlePresence(chat.deps, room, 'mia')).toBeUndefined();
    const next = await row();
    expect(next).toMatchObject({ ...first, version: chat.clock.now(), expiresAt: chat.clock.now() + DAY_MS });
    expect(frames).toEqual([]);
  });

  test('of a user who is gone is not kept alive, and a later visit has a higher version without the row', async () => {
    await chat.ask(member, 'leave', { conversationId });
    await chat.pump('quiet');
    const gone = await row();
    expect(gone).toMatchObject({ online: false, expiresAt: (gone?.lastSeenAt ?? 0) + DAY_MS });
    wait(DAY_MS - 1);
    expect(await settlePresence(chat.deps, conversationRoom(conversationId), 'mia')).toBeUndefined();
    expect(await row()).toEqual(gone);
    // Time-to-live may be days late: until then the row counts, whatever its end.
    wait(2 * DAY_MS);
    expect(await row()).toEqual(gone);
    chat.stores.state.presence.clear();
    const again = await chat.connect('mia', DAY_MS);
    await chat.ask(again, 'join', { conversationId });
    await chat.pump('quiet');
    expect(await row()).toMatchObject({ online: true, version: expect.any(Number) });
    expect((await row())?.version).toBeGreaterThan(gone?.version as number);
  });

  test('set by a user stays as long as the user is there, over many connections', async () => {
    await chat.ask(member, 'set-status', { status: 'busy' });
    let connection = member;
    for (let hours = 0; hours < 60; hours += 2) {
      const next = await chat.connect('mia', 7_200_000);
      await chat.ask(next, 'join', { conversationId });
      await chat.disconnect(connection);
      await chat.pump('quiet');
      for (const [key, versions] of chat.stores.state.presence) {
        if ((versions.current?.expiresAt ?? 0) <= chat.clock.now()) chat.stores.state.presence.delete(key);
      }
      wait(7_000_000);
      connection = next;
    }
    expect(await row()).toMatchObject({ online: true, status: 'busy' });
    const last = await chat.connect('mia', 7_200_000);
    const { online } = await chat.ask(last, 'join', { conversationId });
    expect(online).toContainEqual({ userId: 'mia', status: 'busy' });
  });

  test('is not sent to rooms with over 100 connections', async () => {
    const { state } = chat.stores;
    const [row] = [...state.subscriptions.values()].filter(({ room }) => room.kind === 'conversation');
    if (!row) throw new Error('nobody joined');
    for (let index = 0; index < 99; index += 1)
      state.putSubscription({ ...row, userId: 'crowd', connectionId: `c${index}` });
    chat.streams.changes.length = 0;
    await chat.ask(member, 'set-status', { status: 'busy' });
    expect(seen()).toEqual([]);
    await chat.ask(member, 'leave', { conversationId });
    await chat.pump('quiet');
    expect(seen()).toEqual(['user:offline']);
  });
});

describe('set-status', () => {
  test('is sent to the rooms that the connection joined; the last one wins', async () => {
    expect(await chat.ask(member, 'set-status', { status: 'away' })).toEqual({ status: 'away' });
    await chat.ask(member, 'set-status', { status: 'busy' });
    await chat.ask(member, 'set-status', { status: 'busy' });
    expect(seen()).toEqual(['user:online away', 'user:online busy']);
    const { online } = await chat.ask(owner, 'join', { conversationId });
    expect(online).toContainEqual({ userId: 'mia', status: 'busy' });
  });

  test('belongs to the user: it holds on all devices, and in a room that is joined later', async () => {
    const phone = await chat.connect('mia');
    await chat.ask(phone, 'set-status', { status: 'busy' });
    await chat.ask(member, 'leave', { conversationId });
    await chat.pump('quiet');
    await chat.ask(member, 'join', { conversationId });
    await chat.pump('quiet');
    expect(seen()).toEqual(['user:offline', 'user:online busy']);
  });

  test('ends with the last connection', async () => {
    await chat.ask(member, 'set-status', { status: 'busy' });
    await chat.disconnect(member);
    await chat.pump('quiet');
    await quietDown(chat);
    const again = await chat.connect('mia');
    await chat.ask(again, 'join', { conversationId });
    await chat.pump('quiet');
    expect(seen()).toEqual(['user:online online']);
  });

  test('leaves no status behind when it comes from a connection that has just ended', async () => {
    await chat.disconnect(member);
    await chat.pump('quiet');
    seen();
    expect(await chat.command(member, 'set-status', { status: 'busy' })).toBeUndefined();
    await chat.pump('quiet');
    const { online } = await chat.ask(owner, 'join', { conversationId });
    expect(online.map(({ userId }) => userId)).toEqual(['olga']);
    expect(await chat.stores.connections.presence({ kind: 'user', id: 'mia' }, 'mia')).toMatchObject({ online: false });
  });
});

describe('typing (TYPE-1)', () => {
  const type = (by: Client, isTyping = true) => chat.command(by, 'typing', { conversationId, isTyping });

  test('is sent to the others in the room, not to the typist’s own devices, and is not stored', async () => {
    const phone = await chat.connect('mia');
    await chat.ask(phone, 'join', { conversationId });
    await quietDown(chat);
    await type(member);
    await type(member, false);
    expect(chat.gateway.take(owner.connectionId)).toEqual([
      { event: 'user-typing', data: { conversationId, userId: 'mia', isTyping: true } },
      { event: 'user-typing', data: { conversationId, userId: 'mia', isTyping: false } },
    ]);
    expect(chat.gateway.take(phone.connectionId)).toEqual([]);
    expect(chat.stores.state.log(conversationId).current).toEqual([]);
  });

  test('beyond 5 at once and 1/s is dropped silently', async () => {
    for (let times = 0; times < 9; times += 1) expect(await type(member)).toBeUndefined();
    expect(seen()).toHaveLength(5);
    wait(1_000);
    await type(member);
    await type(member);
    expect(seen()).toHaveLength(1);
  });

  test.each([
    ['as many connections as it may', 0, 1],
    ['one more', 1, 0],
  ])('is sent to a room of %s', async (_, more, told) => {
    const room = conversationRoom(conversationId);
    const here = [...chat.stores.state.subscriptions.values()].filter(({ room: { id } }) => id === conversationId);
    const times = { connectedAt: chat.clock.now(), tokenExpiresAt: chat.clock.now() + 60_000 };
    for (let n = here.length; n < PRESENCE_ROOM_MAX + more; n += 1) {
      const connection = { connectionId: `k${n}`, userId: `guest${n}`, expiresAt: times.tokenExpiresAt, ...times };
      await chat.stores.connections.open({ ...connection, rooms: [{ room, shard: 0 }] });
    }
    await quietDown(chat);
    await type(member);
    expect(chat.gateway.take(owner.connectionId)).toHaveLength(told);
  });

  test('costs no command token', async () => {
    for (let times = 0; times < 60; times += 1) await type(member);
    await chat.ask(member, 'ping', {});
  });
});
