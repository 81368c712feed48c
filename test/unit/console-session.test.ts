import { describe, expect, test } from 'vitest';
import { timeline } from '../../client/console/log.js';
import { createSession } from '../../client/console/session.js';
import { FakeSocket, joinedData, manualClock, messageEntry } from './console-fakes.ts';

const EXPIRES_AT = '2026-01-02T00:00:00.000Z';

async function prepare() {
  const clock = manualClock();
  const sockets: FakeSocket[] = [];
  let ids = 0;
  const session = createSession({
    url: 'ws://chat.test',
    me: 'alice',
    getToken: async () => 'token',
    openSocket: (url: string) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    clock,
    random: () => 0,
    newId: () => `id-${++ids}`,
  });
  const socket = () => sockets.at(-1) as FakeSocket;
  const reply = (command: Record<string, unknown>, event: string, data: object) =>
    socket().receives({ event, requestId: command.requestId, data });
  const pong = (behind: object[] = []) =>
    reply(socket().take('ping'), 'pong', { at: EXPIRES_AT, userId: 'alice', expiresAt: EXPIRES_AT, behind });
  const open = async () => {
    await clock.settle();
    socket().opens();
    await clock.settle();
    pong();
  };
  const content = () => {
    const log = session.rooms.all.get('general')?.log;
    return log ? timeline(log).map((item) => item.data.content) : [];
  };
  session.connection.connect();
  await open();
  session.rooms.open('general', true);
  reply(socket().take('join'), 'joined-conversation', joinedData([messageEntry(1), messageEntry(2)], 2));
  await clock.settle();
  return { clock, session, socket, reply, pong, open, content };
}

function sent(seq: number, command: Record<string, unknown>) {
  return messageEntry(seq, { senderId: 'alice', content: command.content, clientMessageId: command.clientMessageId })
    .data;
}

describe('console session', () => {
  test('SEND-6: one message is in flight, each is sent with its id and the position (SEND-3, SEND-4)', async () => {
    const { clock, session, socket, reply, content } = await prepare();
    session.outbox.add('general', 'one');
    session.outbox.add('general', 'two');
    const first = socket().take('send-message');
    expect(first).toMatchObject({ conversationId: 'general', content: 'one', clientMessageId: 'id-1', after: 2 });
    expect(socket().has('send-message')).toBe(false);
    reply(first, 'message-sent', sent(3, first));
    await clock.settle();
    const second = socket().take('send-message');
    expect(second).toMatchObject({ content: 'two', after: 3 });
    reply(second, 'message-sent', sent(4, second));
    await clock.settle();
    expect([content(), session.outbox.of('general')]).toEqual([['message 1', 'message 2', 'one', 'two'], []]);
  });

  test('RETRY-1: without an answer it is sent again under the same id; SEND-5: a push ends the wait', async () => {
    const { clock, session, socket, content } = await prepare();
    session.outbox.add('general', 'lost');
    const first = socket().take('send-message');
    await clock.advance(10_000);
    const second = socket().take('send-message');
    expect(second.clientMessageId).toBe(first.clientMessageId);
    socket().receives({ event: 'receive-message', data: sent(3, first) });
    await clock.settle();
    expect([content().at(-1), session.outbox.of('general')]).toEqual(['lost', []]);
  });

  test('errors: retryable ones wait and try again, others fail and can be tried by hand', async () => {
    const { clock, session, socket, reply } = await prepare();
    session.outbox.add('general', 'hello');
    const limited = { code: 'rate-limited', message: 'unable to send', retryable: true, retryAfterMs: 700 };
    reply(socket().take('send-message'), 'message-error', limited);
    await clock.advance(699);
    expect(socket().has('send-message')).toBe(false);
    await clock.advance(1);
    const muted = { code: 'forbidden', message: 'unable to send; muted', retryable: false };
    reply(socket().take('send-message'), 'message-error', muted);
    await clock.settle();
    expect(session.outbox.of('general')).toMatchObject([{ state: 'failed', error: 'unable to send; muted' }]);
    session.outbox.retry('id-1');
    expect(socket().take('send-message').clientMessageId).toBe('id-1');
  });

  test('errors: behind catches up, not-joined joins, then both send again', async () => {
    const { clock, session, socket, reply } = await prepare();
    session.outbox.add('general', 'hello');
    reply(socket().take('send-message'), 'message-error', { code: 'behind', message: 'unable to send; behind' });
    await clock.settle();
    const page = { conversationId: 'general', entries: [messageEntry(3)], head: 3, hasMore: false };
    reply(socket().take('history'), 'history', page);
    await clock.settle();
    const again = socket().take('send-message');
    expect(again.after).toBe(3);
    reply(again, 'message-error', { code: 'not-joined', message: 'unable to send; not joined' });
    await clock.settle();
    reply(socket().take('join'), 'joined-conversation', joinedData([], 3));
    await clock.settle();
    expect(socket().has('send-message')).toBe(true);
  });

  test('LOG-5: a gap that stays is filled from history after 1.5 s', async () => {
    const { clock, socket, reply, content } = await prepare();
    socket().receives(messageEntry(4));
    await clock.advance(1_499);
    expect(socket().has('history')).toBe(false);
    await clock.advance(1);
    const asked = socket().take('history');
    expect(asked).toMatchObject({ conversationId: 'general', after: 2 });
    const entries = [messageEntry(3), messageEntry(4)];
    reply(asked, 'history', { conversationId: 'general', entries, head: 4, hasMore: false });
    await clock.settle();
    expect(content()).toEqual(['message 1', 'message 2', 'message 3', 'message 4']);
    await clock.advance(60_000);
    expect(socket().has('history')).toBe(false);
  });

  test('LOG-5: a gap that closes by itself asks for nothing', async () => {
    const { clock, socket } = await prepare();
    socket().receives(messageEntry(4));
    await clock.advance(1_000);
    socket().receives(messageEntry(3));
    await clock.advance(5_000);
    expect(socket().has('history')).toBe(false);
  });

  test('CONN-4: the heartbeat tells positions, and a pong that names a higher head is followed', async () => {
    const { clock, socket, pong } = await prepare();
    await clock.advance(120_000);
    expect(socket().sent.at(-1)).toMatchObject({ positions: [{ conversationId: 'general', seq: 2 }] });
    pong([{ conversationId: 'general', head: 3 }]);
    expect(socket().take('history')).toMatchObject({ after: 2 });
  });

  test('a server that answers no ping is left', async () => {
    const { clock, session } = await prepare();
    await clock.advance(120_000 + 20_000);
    expect(session.connection.state).toBe('reconnecting');
  });

  test('after a reconnect it joins with its position, then sends what waited', async () => {
    const { clock, session, socket, reply, open, content } = await prepare();
    session.outbox.add('general', 'in the tunnel');
    socket().dies();
    await clock.advance(1_000);
    await open();
    const join = socket().take('join');
    expect(join).toMatchObject({ conversationId: 'general', after: 2 });
    expect(socket().has('send-message')).toBe(false);
    reply(join, 'joined-conversation', joinedData([messageEntry(3)], 3));
    await clock.settle();
    const resent = socket().take('send-message');
    expect(resent).toMatchObject({ clientMessageId: 'id-1', after: 3 });
    reply(resent, 'message-sent', sent(4, resent));
    await clock.settle();
    expect(content()).toEqual(['message 1', 'message 2', 'message 3', 'in the tunnel']);
  });

  test('LOG-6: another epoch, or a position beyond the head: the copy is dropped and joined afresh', async () => {
    const { clock, socket, reply, open, content } = await prepare();
    socket().dies();
    await clock.advance(1_000);
    await open();
    reply(socket().take('join'), 'joined-conversation', joinedData([], 1));
    await clock.settle();
    const fresh = socket().take('join');
    expect(fresh).not.toHaveProperty('after');
    reply(fresh, 'joined-conversation', joinedData([messageEntry(1, { content: 'restored' })], 1));
    expect(content()).toEqual(['restored']);
  });

  test('MEMB-1: a frame of a conversation that is not joined is no gap; being removed stops the room', async () => {
    const { clock, session, socket } = await prepare();
    socket().receives({ event: 'member-left', data: { conversationId: 'other', seq: 9, n: 1, userId: 'alice' } });
    await clock.advance(5_000);
    expect(socket().has('history')).toBe(false);
    socket().receives({ event: 'member-left', data: { conversationId: 'general', seq: 3, n: 2, userId: 'alice' } });
    expect(session.rooms.all.get('general')?.state).toBe('out');
  });

  test('PRES-1: an older version of a presence is dropped', async () => {
    const { session, socket } = await prepare();
    const presence = (event: string, version: number) =>
      socket().receives({ event, data: { conversationId: 'general', userId: 'bob', status: 'online', version } });
    presence('user:online', 5);
    presence('user:offline', 4);
    expect(session.rooms.all.get('general')?.presence.get('bob')?.status).toBe('online');
    presence('user:offline', 6);
    expect(session.rooms.all.get('general')?.presence.get('bob')?.status).toBeUndefined();
  });
});
