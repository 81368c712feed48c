import { describe, expect, it } from 'vitest';
import {
  type Connection,
  conversationRoom,
  type Room,
  type Subscription,
  userRoom,
} from '../../shared/domain/connection.ts';
import type { Member } from '../../shared/domain/conversation.ts';
import type { ConnectionStore, JoinWrite, Stores } from '../../shared/domain/ports.ts';
import { aConnection, aConversation, aMember, aMessage, aSubscription, NOW_MS, unique } from '../support/stored.ts';
import { atOnce, CROWD, type GetSubject, numbers } from './subject.ts';

function byKey({ userId, connectionId }: Subscription) {
  return `${userId} ${connectionId}`;
}
function sorted(rows: readonly Subscription[]) {
  return rows.toSorted((a, b) => (byKey(a) < byKey(b) ? -1 : 1));
}

async function all(store: ConnectionStore, room: Room, nowMs = NOW_MS, shards?: readonly number[]) {
  const rows: Subscription[] = [];
  for await (const page of store.subscriptions(room, nowMs, shards)) {
    expect(page.length).toBeGreaterThan(0);
    rows.push(...page);
  }
  return rows;
}

/** The connection with sorted rooms, because their order does not matter. */
function normal(connection: Connection | undefined) {
  return connection && { ...connection, rooms: new Set(connection.rooms.map((held) => JSON.stringify(held))) };
}

/** What every `ConnectionStore` must do for connections and subscriptions. */
export function connectionContract(subject: GetSubject): void {
  /** A conversation whose only member has an open connection. */
  const prepare = async (fields: Partial<Member> = {}) => {
    const { stores } = subject();
    const connection = aConnection();
    const { userId } = connection;
    const conversation = aConversation();
    const { conversationId } = conversation;
    const member = aMember({ conversationId, userId, ...fields });
    await stores.conversations.create(conversation, [member]);
    await stores.connections.open(connection);
    const room = conversationRoom(conversationId);
    const write: JoinWrite = { connection, room, shard: 0, maxRooms: 200 };
    return { stores, connections: stores.connections, connection, userId, member, room, write };
  };
  const another = async ({ conversations }: Stores, userId: string): Promise<Room> => {
    const conversation = aConversation();
    const { conversationId } = conversation;
    await conversations.create(conversation, [aMember({ conversationId, userId })]);
    return conversationRoom(conversationId);
  };
  const remove = ({ log }: Stores, member: Member) => {
    const entry = aMessage({ conversationId: member.conversationId, seq: 1 });
    return log.append(entry, [{ type: 'member', expected: member, next: { ...member, state: 'left' } }]);
  };
  /** Checks the invariant: a subscription exists if and only if the connection's row says so. */
  const expectWhole = async ({ connections }: Stores, { connectionId, userId }: Connection, room: Room) => {
    const row = await connections.connection(connectionId);
    const held = row?.rooms.some((one) => one.room.kind === room.kind && one.room.id === room.id) ?? false;
    const rows = await connections.subscriptionsOf(room, userId, NOW_MS);
    if (row) expect(rows.some((one) => one.connectionId === connectionId)).toBe(held);
    return { row, held, subscribed: rows.length > 0 };
  };

  describe('a connection', () => {
    it('comes back as it was opened, with the subscriptions of its rooms', async () => {
      const { connections } = subject().stores;
      const userId = unique('CN=a #|u');
      const rooms = [
        { room: userRoom(userId), shard: 0 },
        { room: conversationRoom('user:x'), shard: 3 },
      ];
      const connection = aConnection({ userId, rooms, expiresAt: NOW_MS + 1_234 });
      expect(await connections.connection(connection.connectionId)).toBeUndefined();
      await connections.open(connection);
      expect(normal(await connections.connection(connection.connectionId))).toEqual(normal(connection));
      expect(await all(connections, userRoom(userId))).toEqual([aSubscription(connection, userRoom(userId))]);
      const inShard = await connections.subscriptionsOf(conversationRoom('user:x'), userId, NOW_MS, [3]);
      expect(inShard).toEqual([aSubscription(connection, conversationRoom('user:x'), 3)]);
    });

    it('that is forgotten leaves its subscriptions for the stream to delete', async () => {
      const { connections, connection, userId } = await prepare();
      expect(await connections.forget(connection.connectionId)).toBe(true);
      expect(await connections.connection(connection.connectionId)).toBeUndefined();
      expect(await all(connections, userRoom(userId))).toHaveLength(1);
      expect(await connections.forget(connection.connectionId)).toBe(false);
      await connections.dropSubscription(userRoom(userId), 0, userId, connection.connectionId);
      await connections.dropSubscription(userRoom(userId), 0, userId, connection.connectionId);
      expect(await all(connections, userRoom(userId))).toEqual([]);
    });
  });

  describe('joining', () => {
    it('adds the room and the subscription, and may be repeated (JOIN-4)', async () => {
      const { connections, connection, room, write } = await prepare();
      for (const _ of numbers(2)) {
        expect(await connections.join(write)).toBe('joined');
        const joined = { ...connection, rooms: [...connection.rooms, { room, shard: 0 }] };
        expect(normal(await connections.connection(connection.connectionId))).toEqual(normal(joined));
        expect(await all(connections, room)).toEqual([aSubscription(connection, room)]);
      }
    });

    it('distinguishes a conversation’s room from the room of a user with the same id', async () => {
      const { stores, connections, connection, userId } = await prepare();
      const conversation = aConversation({ conversationId: userId });
      await stores.conversations.create(conversation, [aMember({ conversationId: userId, userId })]);
      const room = conversationRoom(userId);
      await connections.join({ connection, room, shard: 0, maxRooms: 200 });
      await connections.dropSubscription(userRoom(userId), 0, userId, connection.connectionId);
      expect(await all(connections, room)).toEqual([aSubscription(connection, room)]);
      expect(await all(connections, userRoom(userId))).toEqual([]);
    });

    it.each(['left', 'banned'] as const)('is refused to a user in the state %s', async (state) => {
      const { stores, connections, connection, room, write } = await prepare({ state });
      expect(await connections.join(write)).toBe('not-active');
      expect(await expectWhole(stores, connection, room)).toMatchObject({ held: false });
    });

    it('is refused to a user who never was a member', async () => {
      const { connections, room, write } = await prepare();
      const stranger = aConnection();
      await connections.open(stranger);
      expect(await connections.join({ ...write, connection: stranger })).toBe('not-active');
      expect(await all(connections, room)).toEqual([]);
    });

    it('needs the connection to be as it was read', async () => {
      const { stores, connections, connection, room, write } = await prepare();
      await connections.extend(connection, connection.tokenExpiresAt + 1, connection.expiresAt + 1);
      expect(await connections.join(write)).toBe('connection-changed');
      expect(await expectWhole(stores, connection, room)).toMatchObject({ held: false });
      const again = await connections.connection(connection.connectionId);
      expect(await connections.join({ ...write, connection: again as Connection })).toBe('joined');
      await connections.forget(connection.connectionId);
      expect(await connections.join({ ...write, connection: again as Connection })).toBe('connection-changed');
      expect(await connections.connection(connection.connectionId)).toBeUndefined();
    });

    it('keeps a room that was joined before in its shard', async () => {
      const { connections, room, write } = await prepare();
      await connections.join({ ...write, shard: 2 });
      expect(await connections.join({ ...write, shard: 5 })).toBe('connection-changed');
      expect(await connections.join({ ...write, shard: 2 })).toBe('joined');
      expect(await all(connections, room, NOW_MS, [0, 5])).toEqual([]);
      expect(await all(connections, room, NOW_MS, [2])).toHaveLength(1);
    });

    it('stops at the room limit, but a room that was joined before may still be joined', async () => {
      const { stores, connections, connection, userId, room, write } = await prepare();
      const second = await another(stores, userId);
      const third = await another(stores, userId);
      const join = (to: Room) => connections.join({ ...write, room: to, maxRooms: 2 });
      expect(await join(room)).toBe('joined');
      expect(await join(second)).toBe('joined');
      expect(await join(third)).toBe('too-many-rooms');
      expect(await join(second)).toBe('joined');
      expect(await expectWhole(stores, connection, third)).toMatchObject({ held: false, subscribed: false });
      expect(await connections.leave(connection, second, 0)).toBe('left');
      expect(await join(third)).toBe('joined');
    });

    it('never passes the limit when many rooms are joined at once', async () => {
      const { stores, connections, connection, userId, write } = await prepare();
      const rooms = await atOnce(8, () => another(stores, userId));
      const join = async (room: Room) => {
        for (;;) {
          const outcome = await connections.join({ ...write, room, maxRooms: 3 });
          if (outcome !== 'conflict') return outcome;
        }
      };
      const outcomes = await Promise.all(rooms.map((room) => join(room)));
      expect(outcomes.filter((outcome) => outcome === 'joined')).toHaveLength(3);
      expect(outcomes.filter((outcome) => outcome === 'too-many-rooms')).toHaveLength(5);
      for (const room of rooms) await expectWhole(stores, connection, room);
      expect((await connections.connection(connection.connectionId))?.rooms).toHaveLength(4);
    });

    it('makes the member of a channel in the same transaction (JOIN-3)', async () => {
      const { stores, connections, connection, userId } = await prepare();
      const conversation = aConversation({ kind: 'channel' });
      const { conversationId } = conversation;
      await stores.conversations.create(conversation, []);
      const room = conversationRoom(conversationId);
      const next = aMember({ conversationId, userId, kind: 'channel', readSeq: 7, readN: 5, deliveredSeq: 7 });
      const write = { connection, room, shard: 0, maxRooms: 1, becomes: { expected: undefined, next } };
      expect(await connections.join({ ...write, maxRooms: 0 })).toBe('too-many-rooms');
      expect(await stores.conversations.member(conversationId, userId)).toBeUndefined();
      expect(await connections.join(write)).toBe('joined');
      expect(await stores.conversations.member(conversationId, userId)).toEqual(next);
      expect(await stores.conversations.memberships(userId, { limit: 9 })).toMatchObject({
        conversationIds: expect.arrayContaining([conversationId]),
      });
      expect(await connections.join(write)).toBe('conflict');
    });

    it('makes a user who left a member again, but not one who was banned meanwhile', async () => {
      const { stores, connections, member, room, write } = await prepare({
        state: 'left',
        readSeq: 3,
        deliveredSeq: 3,
      });
      const next: Member = { ...member, state: 'active', readSeq: 5, readN: 5, deliveredSeq: 5 };
      const banned: Member = { ...member, state: 'banned' };
      const becomes = { expected: member, next };
      const entry = aMessage({ conversationId: room.id, seq: 1 });
      await stores.log.append(entry, [{ type: 'member', expected: member, next: banned }]);
      expect(await connections.join({ ...write, becomes })).toBe('conflict');
      expect(await all(connections, room)).toEqual([]);
      expect(await connections.join({ ...write, becomes: { expected: banned, next } })).toBe('joined');
      expect(await stores.conversations.member(room.id, member.userId)).toEqual(next);
    });

    it('and forgetting the connection at the same time leave no room that the connection does not name', async () => {
      for (const _ of numbers(5)) {
        const { stores, connections, connection, room, write } = await prepare();
        const forget = () => connections.forget(connection.connectionId);
        const [outcome] = await Promise.all([connections.join(write), forget()]);
        const { row, subscribed } = await expectWhole(stores, connection, room);
        expect(row).toBeUndefined();
        // If the join came first, the forgotten row named the room, so the stream's old image does.
        expect(subscribed).toBe(outcome === 'joined');
      }
    });

    it('and being removed at the same time end as one after the other would (MEMB-3)', async () => {
      for (const _ of numbers(5)) {
        const { stores, connections, connection, member, room, write } = await prepare();
        const [outcome, removed] = await Promise.all([connections.join(write), remove(stores, member)]);
        const { held } = await expectWhole(stores, connection, room);
        expect(held).toBe(outcome === 'joined');
        if (!removed.committed) continue;
        const subscription = aSubscription(connection, room);
        expect(await connections.unsubscribe(subscription)).toBe('unsubscribed');
        expect(await expectWhole(stores, connection, room)).toMatchObject({ held: false, subscribed: false });
      }
    });
  });

  describe('leaving', () => {
    it('removes the room and the subscription, and may be repeated (LEAVE-1)', async () => {
      const { connections, connection, room, write } = await prepare();
      await connections.join(write);
      for (const _ of numbers(2)) {
        expect(await connections.leave(connection, room, 0)).toBe('left');
        expect(normal(await connections.connection(connection.connectionId))).toEqual(normal(connection));
        expect(await all(connections, room)).toEqual([]);
      }
    });

    it('deletes the subscription of a connection that is gone, and creates no row', async () => {
      const { connections, connection, room, write } = await prepare();
      await connections.join(write);
      await connections.forget(connection.connectionId);
      expect(await connections.leave(connection, room, 0)).toBe('left');
      expect(await all(connections, room)).toEqual([]);
      expect(await connections.connection(connection.connectionId)).toBeUndefined();
    });

    it('is refused from a shard that does not hold the room', async () => {
      const { stores, connections, connection, room, write } = await prepare();
      await connections.join(write);
      expect(await connections.leave(connection, room, 4)).toBe('conflict');
      expect(await expectWhole(stores, connection, room)).toMatchObject({ held: true });
    });
  });

  describe('unsubscribing', () => {
    it('happens only to a user who is not an active member', async () => {
      const { stores, connections, connection, member, room, write } = await prepare();
      await connections.join(write);
      const subscription = aSubscription(connection, room);
      expect(await connections.unsubscribe(subscription)).toBe('member-active');
      expect(await expectWhole(stores, connection, room)).toMatchObject({ held: true });
      await remove(stores, member);
      expect(await connections.unsubscribe(subscription)).toBe('unsubscribed');
      expect(await expectWhole(stores, connection, room)).toMatchObject({ held: false, subscribed: false });
      expect(await connections.unsubscribe(subscription)).toBe('unsubscribed');
    });

    it('checks the membership even if the connection is gone', async () => {
      const { stores, connections, connection, member, room, write } = await prepare();
      await connections.join(write);
      await connections.forget(connection.connectionId);
      const subscription = aSubscription(connection, room);
      expect(await connections.unsubscribe(subscription)).toBe('member-active');
      await remove(stores, member);
      expect(await connections.unsubscribe(subscription)).toBe('unsubscribed');
      expect(await all(connections, room)).toEqual([]);
      expect(await connections.connection(connection.connectionId)).toBeUndefined();
    });

    it('happens to a user who never was a member', async () => {
      const { connections, room } = await prepare();
      const connection = aConnection();
      await connections.open({ ...connection, rooms: [...connection.rooms, { room, shard: 0 }] });
      expect(await connections.unsubscribe(aSubscription(connection, room))).toBe('unsubscribed');
      expect(normal(await connections.connection(connection.connectionId))).toEqual(normal(connection));
    });

    it('does not accept user rooms', async () => {
      const { connections, connection, userId } = await prepare();
      await expect(connections.unsubscribe(aSubscription(connection, userRoom(userId)))).rejects.toThrow('members');
    });
  });

  describe('extending', () => {
    it('moves the end of the connection and of each subscription', async () => {
      const { connections, connection, userId, room, write } = await prepare();
      await connections.join(write);
      const later = connection.expiresAt + 60_001;
      expect(await connections.extend(connection, later - 60_000, later)).toBe(true);
      const row = await connections.connection(connection.connectionId);
      expect(row).toMatchObject({ tokenExpiresAt: later - 60_000, expiresAt: later });
      for (const one of [room, userRoom(userId)]) {
        expect(await all(connections, one, later - 1)).toEqual([
          { ...aSubscription(connection, one), expiresAt: later },
        ]);
        expect(await all(connections, one, later)).toEqual([]);
      }
    });

    it('creates no row for what is gone', async () => {
      const { connections, connection, room, write } = await prepare();
      await connections.join(write);
      await connections.dropSubscription(room, 0, connection.userId, connection.connectionId);
      const later = connection.expiresAt + 1;
      expect(await connections.extend(connection, later, later)).toBe(true);
      expect(await all(connections, room)).toEqual([]);
      await connections.forget(connection.connectionId);
      expect(await connections.extend(connection, later, later)).toBe(false);
      expect(await connections.connection(connection.connectionId)).toBeUndefined();
    });

    it('never shortens', async () => {
      const { connections, connection, userId } = await prepare();
      expect(await connections.extend(connection, NOW_MS, NOW_MS + 1)).toBe(true);
      expect(normal(await connections.connection(connection.connectionId))).toEqual(normal(connection));
      expect(await all(connections, userRoom(userId), connection.expiresAt - 1)).toHaveLength(1);
    });

    it('at the same time as joins leaves all subscriptions with the same end', async () => {
      for (const _ of numbers(5)) {
        const { connections, connection, room, write } = await prepare();
        const later = connection.expiresAt + 5_000;
        const [outcome] = await Promise.all([connections.join(write), connections.extend(connection, later, later)]);
        const rows = await all(connections, room);
        expect(rows.map(({ expiresAt }) => expiresAt)).toEqual(outcome === 'joined' ? [later] : []);
      }
    });

    it('extends the many rooms of one connection', async () => {
      const { connections } = subject().stores;
      const prefix = unique('c');
      const rooms = numbers(35).map((i) => ({ room: conversationRoom(`${prefix}${i}`), shard: i % 3 }));
      const connection = aConnection({ rooms });
      await connections.open(connection);
      const later = connection.expiresAt + 1;
      expect(await connections.extend(connection, later, later)).toBe(true);
      for (const { room, shard } of rooms) {
        expect(await connections.subscriptionsOf(room, connection.userId, later - 1, [shard])).toHaveLength(1);
      }
    });
  });

  describe('subscriptions', () => {
    it('are read page by page to the end, without expired ones', async () => {
      const room = conversationRoom(unique('c'));
      const { connections } = subject().stores;
      const ends = numbers(CROWD).map((i) => NOW_MS + (i % 3) - 1);
      const opened = ends.map((expiresAt) => aConnection({ expiresAt, rooms: [{ room, shard: 0 }] }));
      for (const connection of opened) await connections.open(connection);
      const expected = opened
        .filter(({ expiresAt }) => expiresAt > NOW_MS)
        .map((connection) => aSubscription(connection, room));
      expect(sorted(await all(connections, room))).toEqual(sorted(expected));
      expect(sorted(await all(subject().smallPages.connections, room))).toEqual(sorted(expected));
    });

    describe('of which only the first are asked for', () => {
      const fill = async (ends: readonly number[]) => {
        const room = conversationRoom(unique('c'));
        const opened = ends.map((expiresAt, n) =>
          aConnection({ userId: `u${String(n).padStart(3, '0')}`, expiresAt, rooms: [{ room, shard: 0 }] }),
        );
        for (const connection of opened) await subject().stores.connections.open(connection);
        return { room, rows: opened.map((connection) => aSubscription(connection, room)) };
      };
      const LIVE = NOW_MS + 1;
      const JUST_ENDED = NOW_MS;
      const ENDED = NOW_MS - 60_000;

      it.each(['stores', 'smallPages'] as const)(
        'are those up to the limit, and it says if there are more: %s',
        async (of) => {
          const { connections } = subject()[of];
          const { room, rows } = await fill([LIVE, LIVE, LIVE, LIVE, LIVE]);
          for (const limit of [5, 6]) {
            expect(await connections.firstSubscriptions(room, NOW_MS, limit)).toEqual({
              subscriptions: rows,
              hasMore: false,
            });
          }
          const cut = { subscriptions: rows.slice(0, 4), hasMore: true };
          expect(await connections.firstSubscriptions(room, NOW_MS, 4)).toEqual(cut);
          const none = conversationRoom(unique('c'));
          expect(await connections.firstSubscriptions(none, NOW_MS, 4)).toEqual({ subscriptions: [], hasMore: false });
        },
      );

      it('counts expired rows, and deletes those that ended over a minute ago if there are more', async () => {
        const { connections } = subject().stores;
        const { room, rows } = await fill([ENDED, LIVE, JUST_ENDED, LIVE]);
        const live = [rows[1], rows[3]];
        expect(await connections.firstSubscriptions(room, NOW_MS, 4)).toEqual({ subscriptions: live, hasMore: false });
        expect(await all(connections, room, 0)).toHaveLength(4);
        expect(await connections.firstSubscriptions(room, NOW_MS, 3)).toEqual({
          subscriptions: [rows[1]],
          hasMore: true,
        });
        expect(sorted(await all(connections, room, 0))).toEqual(rows.slice(1));
        expect(await connections.firstSubscriptions(room, NOW_MS, 3)).toEqual({ subscriptions: live, hasMore: false });
      });

      it('reads past a page of expired rows alone, once', async () => {
        const { connections } = subject().stores;
        const { room, rows } = await fill([ENDED, JUST_ENDED, ENDED, LIVE, LIVE]);
        const live = rows.slice(3);
        expect(await connections.firstSubscriptions(room, NOW_MS, 3)).toEqual({ subscriptions: live, hasMore: false });
        expect(sorted(await all(connections, room, 0))).toEqual([rows[1], ...live]);
        const more = await fill([ENDED, JUST_ENDED, JUST_ENDED, JUST_ENDED, LIVE, LIVE]);
        const nothing = { subscriptions: [], hasMore: true };
        expect(await connections.firstSubscriptions(more.room, NOW_MS, 2)).toEqual(nothing);
      });
    });

    it('of several shards are read together', async () => {
      const room = conversationRoom(unique('c'));
      const { connections } = subject().smallPages;
      const opened = [0, 1, 9, 10].map((shard) => aConnection({ rooms: [{ room, shard }] }));
      for (const connection of opened) await connections.open(connection);
      const found = await all(connections, room, NOW_MS, [0, 1, 9, 10]);
      expect(new Set(found.map(({ shard }) => shard))).toEqual(new Set([0, 1, 9, 10]));
      expect(await all(connections, room)).toHaveLength(1);
      expect(await all(connections, room, NOW_MS, [1])).toMatchObject([{ shard: 1 }]);
    });

    it('of one user are read without those of others', async () => {
      const room = conversationRoom(unique('c'));
      const { connections } = subject().smallPages;
      const userId = unique('u');
      const users = [userId, userId, userId, `${userId}1`, `${userId}|x`, `${userId}-`, userId.slice(0, -1)];
      const opened = users.map((one) => aConnection({ userId: one, rooms: [{ room, shard: 0 }] }));
      for (const connection of opened) await connections.open(connection);
      await connections.open(aConnection({ userId, rooms: [{ room, shard: 0 }], expiresAt: NOW_MS }));
      const expected = opened.slice(0, 3).map((connection) => aSubscription(connection, room));
      expect(sorted(await connections.subscriptionsOf(room, userId, NOW_MS))).toEqual(sorted(expected));
    });
  });
}
