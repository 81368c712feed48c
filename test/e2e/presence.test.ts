import { describe, expect } from 'vitest';
import { type DeployedClient, test } from '../support/deployed-chat.ts';
import type { Frame } from '../support/socket-client.ts';

/** A presence frame about this user. */
function about({ userId }: DeployedClient, ...events: readonly string[]) {
  return ({ event = '', data }: Frame) => events.includes(event) && data.userId === userId;
}

function online(user: DeployedClient) {
  return about(user, 'user:online');
}
function offline(user: DeployedClient) {
  return about(user, 'user:offline');
}

/** What a client was told about a user, in order. */
function seen(client: DeployedClient, user: DeployedClient): (string | undefined)[] {
  return client
    .pushed('user:online', 'user:offline')
    .filter(about(user, 'user:online', 'user:offline'))
    .map(({ event }) => event);
}

describe.concurrent('presence', () => {
  test('PRES-1: the first of several tabs announces the user, and one that closes announces nothing', async ({
    chat,
  }) => {
    const [alice, tab, other, carol] = await chat.connectAll('alice', 'bob', 'bob', 'carol');
    const conversationId = await chat.channel(alice, carol);

    await tab.ask('join', { conversationId });
    const came = await alice.next(online(tab));
    await other.ask('join', { conversationId });
    await tab.socket.kill();
    await carol.ask('leave', { conversationId });
    await alice.next(offline(carol));

    expect(came.data).toMatchObject({ conversationId, userId: tab.userId, status: 'online' });
    expect(seen(alice, tab)).toEqual(['user:online']);
  });

  test('PRES-1: a reload within five seconds announces nothing', async ({ chat }) => {
    const [alice, bob, carol] = await chat.connectAll('alice', 'bob', 'carol');
    const conversationId = await chat.channel(alice, bob, carol);
    await alice.next(online(bob));
    await alice.next(online(carol));

    await bob.socket.kill();
    const again = await chat.connect('bob');
    await again.ask('join', { conversationId });
    await carol.socket.kill();
    await alice.next(offline(carol));
    await again.say(conversationId, 'reloaded');
    await alice.hears('reloaded');

    expect(seen(alice, bob)).toEqual(['user:online']);
    expect(seen(alice, carol)).toEqual(['user:online', 'user:offline']);
  });

  test('PRES-1: a user who comes back after being offline is announced again, with a higher version', async ({
    chat,
  }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const first = await alice.next(online(bob));

    await bob.ask('leave', { conversationId });
    const gone = await alice.next(offline(bob));
    await bob.ask('join', { conversationId });
    const back = await alice.next(online(bob));

    expect(Math.abs(Date.parse(gone.data.lastSeenAt) - Date.now())).toBeLessThan(30_000);
    const versions = [first, gone, back].map(({ data }) => data.version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(3);
  });

  test('JOIN-1: a user who joins is told who is in this room, each user once', async ({ chat }) => {
    const [alice, tab, other] = await chat.connectAll('alice', 'bob', 'bob');
    const conversationId = await chat.channel(alice, tab, other);
    const elsewhere = await chat.channel(alice);

    const joined = await tab.ask('join', { conversationId });
    const there = await tab.ask('join', { conversationId: elsewhere });

    const both = [alice.userId, tab.userId].map((userId) => ({ userId, status: 'online' }));
    expect(joined.online.toSorted((a, b) => a.userId.localeCompare(b.userId))).toEqual(both);
    expect(there.online.map(({ userId }) => userId).toSorted()).toEqual(both.map(({ userId }) => userId));
  });
});
