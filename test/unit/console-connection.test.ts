import { describe, expect, test } from 'vitest';
import { createConnection, reconnectDelayMs } from '../../client/console/connection.js';
import { FakeSocket, manualClock } from './console-fakes.ts';

function prepare({ random = () => 0 } = {}) {
  const clock = manualClock();
  const sockets: FakeSocket[] = [];
  const asked: boolean[] = [];
  const states: string[] = [];
  const connection = createConnection({
    url: 'ws://chat.test/local',
    getToken: async (fresh: boolean) => {
      asked.push(fresh);
      return `token-${asked.length}`;
    },
    openSocket: (url: string) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    clock,
    random,
  });
  connection.onChange(({ current }: { current: string }) => states.push(current));
  const last = () => sockets.at(-1) as FakeSocket;
  const opened = async () => {
    connection.connect();
    await clock.settle();
    last().opens();
  };
  return { clock, sockets, asked, states, connection, last, opened };
}

describe('console connection', () => {
  test('CONN-1: the token goes into the query', async () => {
    const { connection, clock, last, states } = prepare();
    connection.connect();
    await clock.settle();
    expect(last().url).toBe('ws://chat.test/local?token=token-1');
    last().opens();
    expect(states).toEqual(['connecting', 'open']);
  });

  test('CONN-6: waits are fully jittered between 1 and 30 s, and grow with each failure', () => {
    expect([1, 2, 3, 4, 5, 9].map((failures) => reconnectDelayMs(failures, () => 0.999_999))).toEqual([
      2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(reconnectDelayMs(9, () => 0)).toBe(1_000);
    expect(reconnectDelayMs(9, () => 0.5)).toBe(15_500);
  });

  test('CONN-6: after any close it comes back by itself', async () => {
    const { clock, sockets, states, opened, last } = prepare();
    await opened();
    last().dies();
    await clock.advance(999);
    expect(sockets).toHaveLength(1);
    await clock.advance(1);
    last().opens();
    expect(states).toEqual(['connecting', 'open', 'reconnecting', 'connecting', 'open']);
  });

  test('CONN-6: a refused handshake is tried again with a new token, a lost socket with any', async () => {
    const { clock, asked, opened, last, connection } = prepare();
    connection.connect();
    await clock.settle();
    last().dies();
    await clock.advance(1_000);
    last().opens();
    last().dies();
    await clock.advance(1_000);
    expect(asked).toEqual([false, true, false]);
    await opened();
  });

  test('CONN-6: reconnect false ends it, retryAfterMs makes the wait longer', async () => {
    const { clock, connection, opened, last, sockets, states } = prepare();
    await opened();
    connection.closing({ reason: 'draining', reconnect: true, retryAfterMs: 9_000 });
    last().dies();
    await clock.advance(8_999);
    expect(sockets).toHaveLength(1);
    await clock.advance(1);
    last().opens();
    connection.closing({ reason: 'too many connections', reconnect: false });
    last().dies();
    await clock.advance(120_000);
    expect([states.at(-1), sockets.length]).toEqual(['closed', 2]);
  });

  test('a token that cannot be had is a failure like any other', async () => {
    const clock = manualClock();
    const reasons: string[] = [];
    const connection = createConnection({
      url: 'ws://chat.test',
      getToken: () => Promise.reject(new Error('no such user')),
      openSocket: () => new FakeSocket(''),
      clock,
      random: () => 0,
    });
    connection.onChange(({ reason }: { reason: string }) => reasons.push(reason));
    connection.connect();
    await clock.settle();
    expect([connection.state, reasons.at(-1)]).toEqual(['reconnecting', 'no token: no such user']);
  });

  test('disconnect stops a wait, and late events of an old socket change nothing', async () => {
    const { clock, connection, opened, last, sockets } = prepare();
    await opened();
    const old = last();
    connection.disconnect();
    old.dies();
    await clock.advance(60_000);
    expect([connection.state, sockets.length]).toEqual(['closed', 1]);
  });

  test('ENV-1: a frame over 32 KiB is not sent', async () => {
    const { connection, opened, last } = prepare();
    await opened();
    expect(connection.send(JSON.stringify('é'.repeat(16_384)))).toBe('too-large');
    expect(connection.send('{"action":"ping"}')).toBe('sent');
    expect(last().sent).toEqual([{ action: 'ping' }]);
  });
});
