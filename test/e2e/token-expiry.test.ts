import { describe, expect } from 'vitest';
import type { Connection } from '../../shared/domain/connection.ts';
import { type DeployedChat, type DeployedClient, test } from '../support/deployed-chat.ts';
import { tokenWith } from '../support/tokens.ts';

const SHORT_S = 2;
const GRACE_MS = 60_000;

/** Sends commands until one gets token-expired. Waits for each answer, so that it needs no sleep. */
async function untilExpired(client: DeployedClient): Promise<void> {
  for (;;) {
    const { event, data } = await client.command('leave', { conversationId: 'nowhere' });
    if (event === 'error' && data.code === 'token-expired') return;
    expect(event).toBe('left-conversation');
  }
}

/** Moves the end of a client's token in the server's rows, because a test cannot wait for a minute. */
async function endAt(chat: DeployedChat, client: DeployedClient, tokenExpiresAt: number): Promise<void> {
  for (const connection of await chat.stores.connectionsOf(client.userId)) {
    const ended: Connection = { ...connection, tokenExpiresAt, expiresAt: tokenExpiresAt + GRACE_MS };
    await chat.stores.stores.connections.open(ended);
  }
}

describe('a token that expires', () => {
  test('CONN-3: commands but ping and refresh-token are refused until the token is refreshed', async ({ chat }) => {
    const [alice, bob] = [await chat.connect('alice', { lifetimeSeconds: SHORT_S }), await chat.connect('bob')];
    const conversationId = await chat.channel(bob, alice);
    await untilExpired(alice);

    const send = { conversationId, content: 'too late' };
    expect(await alice.command('send-message', send)).toMatchObject({
      event: 'message-error',
      data: { code: 'token-expired', retryable: false },
    });
    const { expiresAt, at } = await alice.ask('ping', {});
    expect(expiresAt < at).toBe(true);
    await bob.say(conversationId, 'still pushed in the minute after');
    await alice.hears('still pushed in the minute after');
    const refreshed = await alice.ask('refresh-token', { token: await chat.token('alice', 600) });
    const sent = await alice.say(conversationId, 'in time again');

    expect(Date.parse(refreshed.expiresAt)).toBeGreaterThan(Date.now() + 500_000);
    expect((await alice.ask('ping', {})).expiresAt).toBe(refreshed.expiresAt);
    expect(sent.seq).toBe(2);
  });

  test('CONN-3: a bad token is refused, and the socket stays open', async ({ chat }) => {
    const alice = await chat.connect('alice');
    const { issuer } = chat.stack;
    const sub = alice.userId;
    const now = Math.floor(Date.now() / 1000);
    const bad = {
      "another user's": await chat.token('bob'),
      'of an earlier end': await chat.token('alice', 60),
      expired: await tokenWith(issuer, { sub, exp: now - 1 }),
      'of another audience': await tokenWith(issuer, { sub, aud: 'another', exp: now + 7_200 }),
      'no token': 'abc',
      'too long': 'x'.repeat(4_000),
    };

    for (const [what, token] of Object.entries(bad)) {
      const error = await alice.refusal('refresh-token', { token });
      expect([what, error.code, error.retryable]).toEqual([what, 'unauthorized', false]);
    }
    expect(await alice.ask('ping', {})).toMatchObject({ userId: alice.userId });
    expect(alice.pushed('closing')).toEqual([]);
  });

  test('CONN-5: nothing is pushed after the grace period, and the next frame ends the socket', async ({ chat }) => {
    const [alice, bob] = [await chat.connect('alice', { lifetimeSeconds: SHORT_S }), await chat.connect('bob')];
    const conversationId = await chat.channel(bob, alice);
    await untilExpired(alice);
    await endAt(chat, alice, Date.now() - GRACE_MS - 1);

    await bob.say(conversationId, 'not for alice');
    const error = await alice.provoke({ action: 'ping' });
    const closing = await alice.next('closing');
    await alice.socket.closed;

    expect(error.data).toMatchObject({ code: 'unauthorized', retryable: false });
    expect(closing.data).toMatchObject({ reconnect: true });
    expect(alice.pushed('receive-message')).toEqual([]);
    expect(await chat.stores.connectionsOf(alice.userId)).toEqual([]);
  });

  test('CONN-5: a connection that the server does not know is told so and closed', async ({ chat }) => {
    for (const action of ['ping', 'leave', 'join'] as const) {
      const alice = await chat.connect('alice');
      const [connection] = await chat.stores.connectionsOf(alice.userId);
      await chat.stores.stores.connections.forget(connection?.connectionId ?? '');

      const conversationId = await chat.channel(await chat.connect('bob'));
      const error = await alice.provoke(action === 'ping' ? { action } : { action, conversationId });
      const { data } = await alice.next('closing');
      await alice.socket.closed;

      expect([action, error.data.code, data.reconnect]).toEqual([action, 'unauthorized', true]);
    }
  });
});
