import { beforeEach, describe, expect, test } from 'vitest';
import { conversationRoom, MAYBE_NOT_OPEN_MS, userRoom } from '../../shared/domain/connection.ts';
import { isInRoom } from '../../shared/usecases/connections/live-connection.ts';
import { openConnection } from '../../shared/usecases/connections/open-connection.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

let chat: Chat;
let user: Client;
let conversationId: string;
/** The claims of the tokens that a test uses, by token. */
let tokens: Record<string, { userId: string; tokenExpiresAt: number }>;

beforeEach(async () => {
  tokens = {};
  chat = new Chat({
    verifyToken: async (token) => {
      if (token === 'unreachable') throw new Error('the issuer does not answer');
      return tokens[token];
    },
  });
  user = await chat.connect('olga');
  conversationId = await createGroup(chat, user);
});

function subscriptions() {
  return [...chat.stores.state.subscriptions.values()].filter((row) => row.connectionId === user.connectionId);
}
function end() {
  return user.tokenExpiresAt;
}
function until(time: number) {
  return chat.clock.advance(time - chat.clock.now());
}
function token(name: string, tokenExpiresAt: number, userId = 'olga') {
  tokens[name] = { userId, tokenExpiresAt };
  return { token: name };
}

describe('an access token (CONN-3)', () => {
  test('works to the last millisecond; then every command but ping and refresh-token gets token-expired', async () => {
    until(end() - 1);
    await chat.ask(user, 'send-message', { conversationId, content: 'in time' });
    until(end());
    expect(await chat.refusal(user, 'send-message', { conversationId, content: 'late' })).toMatchObject({
      code: 'token-expired',
    });
    expect(await chat.refusal(user, 'join', { conversationId })).toMatchObject({ code: 'token-expired' });
    expect((await chat.raw(user, '{"action":"shout"}'))?.data).toMatchObject({ code: 'token-expired' });
    await chat.ask(user, 'ping', {});
    until(end() + MINUTE_MS - 1);
    await chat.ask(user, 'ping', {});
  });

  test('CONN-5: a minute after its end a frame gets unauthorized, then closing, and the socket is closed', async () => {
    until(end() + MINUTE_MS);
    expect(await chat.command(user, 'ping', {})).toBeUndefined();
    const [error, closing] = chat.gateway.take(user.connectionId);
    const data = { code: 'unauthorized', message: 'unable to answer the ping; the connection has ended' };
    expect(error).toMatchObject({ event: 'error', requestId: expect.any(String), data });
    expect(closing).toMatchObject({ event: 'closing', data: { reconnect: true } });
    expect(chat.gateway.closed).toEqual([user.connectionId]);
    expect(await chat.stores.connections.connection(user.connectionId)).toBeUndefined();
    await chat.pump();
    expect(subscriptions()).toEqual([]);
  });

  test('CONN-5: a connection that the server does not know is told so and closed', async () => {
    await chat.stores.connections.forget(user.connectionId);
    expect(await chat.command(user, 'ping', {})).toBeUndefined();
    expect(chat.gateway.take(user.connectionId).map(({ event }) => event)).toEqual(['error', 'closing']);
    expect(chat.gateway.closed).toEqual([user.connectionId]);
  });
});

describe('refreshing (CONN-3)', () => {
  test('extends the connection and each of its subscriptions, and commands work again', async () => {
    until(end() + 30_000);
    const later = end() + 30 * MINUTE_MS;
    const reply = await chat.ask(user, 'refresh-token', token('new', later));
    expect(reply).toEqual({ expiresAt: new Date(later).toISOString() });
    expect(subscriptions().map(({ expiresAt }) => expiresAt)).toEqual([later + MINUTE_MS, later + MINUTE_MS]);
    await chat.ask(user, 'send-message', { conversationId, content: 'on it goes' });
    expect(await chat.ask(user, 'ping', {})).toMatchObject({ expiresAt: new Date(later).toISOString() });
    until(later);
    expect(await chat.refusal(user, 'send-message', { conversationId, content: 'late' })).toMatchObject({
      code: 'token-expired',
    });
  });

  test('never extends the rows beyond the longest life of a socket', async () => {
    const opened = user.tokenExpiresAt - HOUR_MS;
    await chat.ask(user, 'refresh-token', token('long', end() + 24 * HOUR_MS));
    const connection = await chat.stores.connections.connection(user.connectionId);
    expect(connection?.expiresAt).toBe(opened + 125 * MINUTE_MS);
  });

  test.each([
    ['that is not valid', () => ({ token: 'forged' })],
    ["of another user's", () => token('hers', end() + HOUR_MS, 'mia')],
    ['that ends earlier', () => token('short', end() - 1)],
    ['over 3 KiB', () => token('x'.repeat(3_073), end() + HOUR_MS)],
  ])('with a token %s is unauthorized, and the socket stays open', async (_, fields) => {
    expect(await chat.refusal(user, 'refresh-token', fields())).toMatchObject({
      code: 'unauthorized',
      retryable: false,
    });
    expect(chat.gateway.closed).toEqual([]);
    await chat.ask(user, 'ping', {});
  });

  test('takes a token of just 3 KiB', async () => {
    await chat.ask(user, 'refresh-token', token('x'.repeat(3_072), end() + HOUR_MS));
  });

  test('does not shorten what another frame of the connection extended further meanwhile', async () => {
    const { extend } = chat.stores.connections;
    chat.stores.connections.extend = async (connection, ...times) => {
      chat.stores.connections.extend = extend;
      await chat.ask(user, 'refresh-token', token('longer', end() + 20 * MINUTE_MS));
      return extend(connection, ...times);
    };
    await chat.ask(user, 'refresh-token', token('shorter', end() + 10 * MINUTE_MS));
    expect(await chat.ask(user, 'ping', {})).toMatchObject({
      expiresAt: new Date(end() + 20 * MINUTE_MS).toISOString(),
    });
  });

  test('CONN-5: tells a connection that ends meanwhile so, and closes it', async () => {
    const { extend } = chat.stores.connections;
    chat.stores.connections.extend = async (connection, ...times) => {
      await chat.stores.connections.forget(user.connectionId);
      return extend(connection, ...times);
    };
    expect(await chat.command(user, 'refresh-token', token('new', end() + HOUR_MS))).toBeUndefined();
    expect(chat.gateway.closed).toEqual([user.connectionId]);
  });

  test('with the same token again is no error', async () => {
    await chat.ask(user, 'refresh-token', token('same', end()));
    await chat.ask(user, 'refresh-token', token('same', end()));
  });

  test('while the issuer cannot be reached is our failure, not the token’s', async () => {
    expect(await chat.refusal(user, 'refresh-token', { token: 'unreachable' })).toMatchObject({
      code: 'internal',
      retryable: true,
    });
  });
});

describe('ping (CONN-4)', () => {
  test('names the user, the token’s end and the logs that are behind, if the user may read them', async () => {
    const mia = await chat.connect('mia');
    const other = await createGroup(chat, mia);
    for (const by of [user, user]) await chat.ask(by, 'send-message', { conversationId, content: 'x' });
    await chat.ask(mia, 'send-message', { conversationId: other, content: 'x' });
    const positions = [
      { conversationId, seq: 1 },
      { conversationId: other, seq: 0 },
      { conversationId: 'g:nowhere', seq: 0 },
    ];
    const pong = await chat.ask(user, 'ping', { positions });
    expect(pong).toEqual({
      ...{ at: new Date(chat.clock.now()).toISOString(), userId: 'olga', protocol: 'chat.v1' },
      ...{ expiresAt: new Date(end()).toISOString(), behind: [{ conversationId, head: 2 }] },
    });
    expect(await chat.ask(user, 'ping', { positions: [{ conversationId, seq: 2 }] })).toMatchObject({ behind: [] });
  });

  test('says nothing of a conversation that the user was removed from, nor of one without entries', async () => {
    const mia = await chat.connect('mia');
    const empty = await createGroup(chat, mia);
    await chat.ask(user, 'add-member', { conversationId, userId: 'mia' });
    await chat.ask(user, 'remove-member', { conversationId, userId: 'mia' });
    const positions = [conversationId, empty].map((id) => ({ conversationId: id, seq: 0 }));
    expect(await chat.ask(mia, 'ping', { positions })).toMatchObject({ behind: [] });
  });

  test('without positions reads nothing but the connection', async () => {
    const calls: string[] = [];
    const counted = new Chat({ memory: { before: async ({ operation }) => void calls.push(operation) } });
    const client = await counted.connect('mia');
    calls.length = 0;
    await counted.ask(client, 'ping', {});
    expect(calls).toEqual(['takeToken', 'connection']);
  });
});

describe('opening connections', () => {
  test('subscribes to the user room and nothing else', async () => {
    const client = await chat.connect('mia');
    const connection = await chat.stores.connections.connection(client.connectionId);
    expect(connection).toMatchObject({
      userId: 'mia',
      rooms: [{ room: userRoom('mia') }],
      expiresAt: client.tokenExpiresAt + MINUTE_MS,
    });
  });

  test('beyond 20, each new one closes the oldest, which is told not to come back (CONN-6)', async () => {
    const open: Client[] = [];
    for (let index = 0; index < 20; index += 1) {
      chat.clock.advance(1_000);
      open.push(await chat.connect('mia'));
    }
    expect(chat.gateway.closed).toEqual([]);
    for (let index = 0; index < 3; index += 1) {
      chat.clock.advance(1_000);
      await chat.connect('mia');
      // Only once, so that the clean-up of the others is still under way.
      if (index === 1) await chat.pump();
    }
    expect([...new Set(chat.gateway.closed)]).toEqual(open.slice(0, 3).map(({ connectionId }) => connectionId));
    const [closing] = chat.gateway.take(open[0]?.connectionId ?? '');
    expect(closing).toEqual({ event: 'closing', data: { reason: 'too many connections', reconnect: false } });
    await chat.pump();
    const left = await chat.stores.connections.subscriptionsOf(userRoom('mia'), 'mia', chat.clock.now());
    expect(left).toHaveLength(20);
  });

  test('asks the gateway about the others only from the 21st on', async () => {
    const asked: string[] = [];
    chat.gateway.state = (connectionId) => void asked.push(connectionId);
    const open: Client[] = [];
    for (let index = 0; index < 20; index += 1) {
      chat.clock.advance(1_000);
      open.push(await chat.connect('mia'));
    }
    expect(asked).toEqual([]);
    // One that was opened just as long ago as a handshake may take is asked about; one opened later is not.
    const [oldest, second] = open;
    chat.clock.advance(MAYBE_NOT_OPEN_MS - 18_000);
    await chat.connect('mia');
    expect(asked.sort()).toEqual([oldest?.connectionId, second?.connectionId].sort());
  });

  describe('when 20 are registered and some of them have lost their socket', () => {
    async function openTwenty(): Promise<Client[]> {
      const open: Client[] = [];
      for (let index = 0; index < 20; index += 1) {
        chat.clock.advance(1_000);
        open.push(await chat.connect('mia'));
      }
      return open;
    }
    const connectionsOf = async (userId: string) => {
      const rows = await chat.stores.connections.subscriptionsOf(userRoom(userId), userId, chat.clock.now());
      return rows.map(({ connectionId }) => connectionId).sort();
    };

    test('the lost ones are forgotten, and none that is in use is closed', async () => {
      const [first, ...others] = await openTwenty();
      await chat.disconnect(others[3] as Client, 'silently');
      await chat.disconnect(others[4] as Client, 'silently');
      chat.clock.advance(MINUTE_MS);
      const newest = await chat.connect('mia');
      expect(chat.gateway.closed).toEqual([]);
      await chat.pump();
      const left = [first, ...others.filter((_, index) => index !== 3 && index !== 4), newest];
      expect(await connectionsOf('mia')).toEqual(left.map((client) => client?.connectionId).sort());
    });

    test('the oldest that still has a socket is closed if that is not enough', async () => {
      const open = await openTwenty();
      chat.clock.advance(MINUTE_MS);
      const more = await chat.connect('mia');
      expect(chat.gateway.closed).toEqual([open[0]?.connectionId]);
      await chat.disconnect(open[1] as Client, 'silently');
      await chat.connect('mia');
      expect(chat.gateway.closed).toEqual([open[0]?.connectionId]);
      await chat.connect('mia');
      expect(chat.gateway.closed).toEqual([open[0]?.connectionId, open[2]?.connectionId]);
      expect(chat.gateway.open.has(more.connectionId)).toBe(true);
    });

    test('one counts as open while its handshake may be under way, or if the gateway does not know', async () => {
      const open = await openTwenty();
      await chat.disconnect(open[19] as Client, 'silently');
      await chat.connect('mia');
      expect(chat.gateway.closed).toEqual([open[0]?.connectionId]);
      chat.clock.advance(MINUTE_MS);
      chat.gateway.state = () => 'unknown';
      await chat.connect('mia');
      expect(chat.gateway.closed.slice(1)).toEqual([open[0]?.connectionId, open[1]?.connectionId]);
    });
  });

  test('a user may open 1/s, burst 20', async () => {
    for (let index = 0; index < 20; index += 1) await chat.connect('mia');
    await expect(chat.connect('mia')).rejects.toMatchObject({ statusCode: 429 });
    const next = chat.actor({ ...user, userId: 'mia', connectionId: 'one-more=' });
    await expect(openConnection(chat.deps, next)).rejects.toMatchObject({
      ...{ code: 'rate-limited', fields: { retryAfterMs: 1_000 } },
    });
    chat.clock.advance(1_000);
    await chat.connect('mia');
  });
});

describe('leaving and ending', () => {
  test('LEAVE-1: leaving ends delivery on this connection only; leaving what was not joined is no error', async () => {
    const phone = await chat.connect('olga');
    await chat.ask(phone, 'join', { conversationId });
    for (const _ of [1, 2])
      expect(await chat.ask(user, 'leave', { conversationId })).toEqual({ conversationId, success: true });
    const room = conversationRoom(conversationId);
    const left = await chat.stores.connections.subscriptionsOf(room, 'olga', chat.clock.now());
    expect(left.map(({ connectionId }) => connectionId)).toEqual([phone.connectionId]);
    expect(await chat.ask(user, 'history', { conversationId })).toMatchObject({ head: 0 });
  });

  test('the next delivery cleans up a dead connection whose end was never reported', async () => {
    const mia = await chat.connect('mia');
    await chat.ask(user, 'add-member', { conversationId, userId: 'mia' });
    await chat.ask(mia, 'join', { conversationId });
    await quietDown(chat);
    await chat.disconnect(mia, 'silently');
    await chat.ask(user, 'send-message', { conversationId, content: 'anybody there?' });
    await chat.pump();
    expect(await chat.stores.connections.connection(mia.connectionId)).toBeUndefined();
    const { subscriptions: rows } = chat.stores.state;
    expect([...rows.values()].filter(({ userId }) => userId === 'mia')).toEqual([]);
  });

  test('a channel named like its user is another room than the user’s own', async () => {
    await chat.ask(user, 'create-conversation', { kind: 'channel', conversationId: 'olga' });
    const connection = await chat.stores.connections.connection(user.connectionId);
    expect(connection && isInRoom(connection, 'olga')).toBe(false);
    await chat.ask(user, 'join', { conversationId: 'olga' });
    const joined = await chat.stores.connections.connection(user.connectionId);
    expect(joined && isInRoom(joined, 'olga')).toBe(true);
    await chat.ask(user, 'leave', { conversationId: 'olga' });
    const room = await chat.stores.connections.subscriptionsOf(userRoom('olga'), 'olga', chat.clock.now());
    expect(room.map(({ connectionId }) => connectionId)).toEqual([user.connectionId]);
  });

  test('CONN-5: nothing is pushed to a connection after its end', async () => {
    const mia = await chat.connect('mia', MINUTE_MS);
    await chat.ask(user, 'add-member', { conversationId, userId: 'mia' });
    await chat.ask(mia, 'join', { conversationId });
    await chat.pump();
    chat.gateway.take(mia.connectionId);
    until(mia.tokenExpiresAt + MINUTE_MS);
    await chat.ask(user, 'send-message', { conversationId, content: 'too late' });
    await chat.pump();
    expect(chat.gateway.take(mia.connectionId)).toEqual([]);
  });
});
