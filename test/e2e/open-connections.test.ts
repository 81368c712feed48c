import { describe, expect } from 'vitest';
import type { Connection } from '../../shared/domain/connection.ts';
import { type DeployedChat, type DeployedClient, test } from '../support/deployed-chat.ts';
import { Refused } from '../support/socket-client.ts';

/** Connects as soon as the rate of connects allows: twenty at once, then one a second. */
async function connectInTime(chat: DeployedChat, name: string): Promise<DeployedClient> {
  for (;;) {
    const client = await chat.connect(name).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
    });
    if (client) return client;
  }
}

describe('a user with many connections', () => {
  test('CONN-6: has the oldest closed and told not to come back, if more than 20 are open', async ({ chat }) => {
    const oldest = await chat.connect('alice');
    const others = await chat.connectAll(...Array.from({ length: 19 }, () => 'alice'));
    expect(await oldest.ask('ping', {})).toMatchObject({ userId: oldest.userId });
    expect(oldest.pushed('closing')).toEqual([]);

    const newest = await connectInTime(chat, 'alice');
    const closing = await oldest.next('closing');
    await oldest.socket.closed;

    expect(closing.data).toEqual({ reason: 'too many connections', reconnect: false });
    expect(await newest.ask('ping', {})).toMatchObject({ userId: newest.userId });
    expect([newest, ...others].flatMap((client) => client.pushed('closing'))).toEqual([]);
    expect(await chat.stores.connectionsOf(oldest.userId)).toHaveLength(20);
  });

  test('CONN-6: has a connection that only looks open forgotten, and none closed that is in use', async ({ chat }) => {
    const clients = await chat.connectAll(...Array.from({ length: 19 }, () => 'alice'));
    const userId = clients[0]?.userId ?? '';
    const [one] = await chat.stores.connectionsOf(userId);
    // The row of a socket whose end was never reported, older than any that is in use.
    const connectionId = 'GoneWithoutGoodbye=';
    await chat.stores.stores.connections.open({
      ...(one as Connection),
      connectionId,
      connectedAt: Date.now() - 120_000,
    });

    const newest = await connectInTime(chat, 'alice');

    const left = await chat.stores.connectionsOf(userId);
    expect(left.map((connection) => connection.connectionId)).not.toContain(connectionId);
    expect(left).toHaveLength(20);
    for (const client of [newest, ...clients]) expect(await client.ask('ping', {})).toMatchObject({ userId });
    expect(clients.flatMap((client) => client.pushed('closing'))).toEqual([]);
  });

  test("LIMIT-1: is refused connects beyond the rate, while another user's are accepted", async ({ chat }) => {
    const attempts = await Promise.allSettled(Array.from({ length: 50 }, () => chat.connect('alice')));

    const refused = attempts.filter(({ status }) => status === 'rejected');
    expect(attempts.length - refused.length).toBeGreaterThanOrEqual(20);
    expect(refused.length).toBeGreaterThan(0);
    await chat.connect('bob');
  });
});
