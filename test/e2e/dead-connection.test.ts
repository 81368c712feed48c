import { describe, expect } from 'vitest';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { test } from '../support/deployed-chat.ts';
import { aConnection } from '../support/stored.ts';

describe('a connection that died silently', () => {
  test('a broadcast gets a 410, serves the others, and has the rows deleted', async ({ chat }) => {
    const [alice, bob, dan] = await chat.connectAll('alice', 'bob', 'dan');
    const conversationId = await chat.channel(alice, bob, dan);
    await dan.ask('leave', { conversationId });
    const { stores } = chat.stores;
    const now = Date.now();
    const dead = aConnection({ userId: dan.userId, connectedAt: now - 120_000, expiresAt: now + 600_000 });
    await stores.connections.open(dead);
    const room = conversationRoom(conversationId);
    expect(await stores.connections.join({ connection: dead, room, shard: 0, maxRooms: 200 })).toBe('joined');
    await dan.socket.close();
    // A user who was not announced as online is not announced as offline, and the check of dan's join may come late.
    await expect
      .poll(() => stores.connections.presence(room, dan.userId), { timeout: 20_000 })
      .toMatchObject({ online: true });

    await alice.say(conversationId, 'is anybody there?');
    await bob.hears('is anybody there?');
    // dan's last connection in the room is gone only when the rows of the dead one are.
    await bob.next(({ event, data }) => event === 'user:offline' && data.userId === dan.userId);

    expect(await stores.connections.connection(dead.connectionId)).toBeUndefined();
    expect(await chat.stores.itemsWith(dead.connectionId)).toEqual([]);
    await alice.say(conversationId, 'and again');
    await bob.hears('and again');
  });

  test('a 410 for a connection younger than a minute is ignored, because it may not be open yet', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const { stores } = chat.stores;
    const now = Date.now();
    const young = aConnection({ userId: bob.userId, connectedAt: now, expiresAt: now + 600_000 });
    await stores.connections.open(young);
    await stores.connections.join({
      connection: young,
      room: conversationRoom(conversationId),
      shard: 0,
      maxRooms: 200,
    });

    for (const text of ['one', 'two']) {
      await alice.say(conversationId, text);
      await bob.hears(text);
    }

    expect(await stores.connections.connection(young.connectionId)).toBeDefined();
    await stores.connections.forget(young.connectionId);
  });
});
