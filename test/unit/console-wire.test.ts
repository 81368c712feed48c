import { describe, expect, test } from 'vitest';
import { EXAMPLES } from '../../client/web/console/examples.ts';
import { FrameLog } from '../../client/web/console/wire/frame-log.ts';
import { Wire } from '../../client/web/console/wire/wire.ts';
import { claimsOf } from '../../client/web/src/session/claims.ts';
import { actionNames } from '../../shared/protocol/actions.ts';
import { FRAME_MAX_BYTES } from '../../shared/protocol/limits.ts';
import { parseFields, readEnvelope } from '../../shared/protocol/parse-command.ts';
import { fakeSockets } from '../support/fake-socket.ts';

describe('console examples', () => {
  const context = {
    conversationId: 'general',
    seq: 7,
    position: 9,
    me: 'alice',
    other: 'bob',
    id: crypto.randomUUID(),
    now: new Date('2026-01-01T00:00:00.000Z'),
  };

  test('every action of the protocol has one', () => {
    const shown = new Set(EXAMPLES.map((example) => JSON.parse(example.text(context)).action));
    expect([...shown].sort()).toEqual([...actionNames].sort());
  });

  test.each(EXAMPLES.map((example) => [example.title, example] as const))(
    '%s is a frame to send as it is',
    (_, each) => {
      const { action, fields, refusal, requestId } = readEnvelope(each.text(context), () => true);
      if (!action || !fields) throw refusal;
      expect(requestId).toMatch(/^raw-/);
      expect(() => parseFields(action, fields)).not.toThrow();
    },
  );
});

describe('console frame log', () => {
  test('it keeps the newest frames only', () => {
    const log = new FrameLog(3);
    for (const number of [1, 2, 3, 4]) log.add('out', `{"action":"a${number}"}`);
    expect(log.frames.map((frame) => frame.title)).toEqual(['a2', 'a3', 'a4']);
  });

  test('it keeps 500 unless told otherwise', () => {
    const log = new FrameLog();
    for (let number = 1; number <= 502; number += 1) log.add('in', `{"event":"e${number}"}`);
    expect([log.frames.length, log.frames[0]?.title]).toEqual([500, 'e3']);
  });

  test('a token is not kept: frames get copied into mails', () => {
    const log = new FrameLog();
    log.add('out', '{"action":"refresh-token","token":"aaa.bbb.ccc"}');
    expect(log.frames[0]?.text).toBe('{"action":"refresh-token","token":"(not shown)"}');
  });

  test('it says what a frame is: errors with their code, batches with their number', () => {
    const log = new FrameLog();
    log.add('in', '{"event":"error","data":{"code":"not-joined"}}');
    log.add('in', '{"event":"batch","data":{"frames":[{},{}]}}');
    log.add('in', '{"message":"Forbidden"}');
    log.add('out', 'hello');
    expect(log.frames.map(({ title, isError }) => [title, isError])).toEqual([
      ['error not-joined', true],
      ['batch of 2', false],
      ['Forbidden', false],
      ['not JSON', false],
    ]);
  });
});

describe('console wire', () => {
  async function prepare() {
    const { sockets, openSocket } = fakeSockets();
    const heard: string[] = [];
    const wire = new Wire(openSocket, (direction, text) => heard.push(`${direction} ${text}`));
    const open = async () => {
      const outer = await wire.openSocket('ws://chat.test', []);
      const inner = sockets.at(-1);
      if (!inner) throw new Error('no socket was opened');
      return { outer, inner };
    };
    return { wire, heard, open };
  }

  test('every frame of both directions is heard, and handed on', async () => {
    const { heard, open } = await prepare();
    const { outer, inner } = await open();
    const received: unknown[] = [];
    outer.onmessage = ({ data }: { data: unknown }) => received.push(data);
    inner.open();
    outer.send('{"action":"ping"}');
    inner.raw('{"event":"pong"}');
    expect(heard).toEqual(['out {"action":"ping"}', 'in {"event":"pong"}']);
    expect([inner.sent, received]).toEqual([[{ action: 'ping' }], ['{"event":"pong"}']]);
  });

  test('a raw frame goes out on the very socket, and its answer is heard', async () => {
    const { wire, heard, open } = await prepare();
    const { inner } = await open();
    inner.open();
    expect(wire.send('{"action":"dance"}')).toBe('sent');
    inner.raw('{"event":"error"}');
    expect([inner.sent, heard]).toEqual([[{ action: 'dance' }], ['out {"action":"dance"}', 'in {"event":"error"}']]);
  });

  test('ENV-1: a raw frame over 32 KiB is told of and not sent, one of just 32 KiB goes', async () => {
    const { wire, heard, open } = await prepare();
    (await open()).inner.open();
    const filled = (bytes: number) => `"${'é'.repeat((bytes - 2) / 2)}"`;
    expect([wire.send(filled(FRAME_MAX_BYTES + 2)), heard]).toEqual(['too-large', []]);
    expect([wire.send(filled(FRAME_MAX_BYTES)), heard.length]).toEqual(['sent', 1]);
  });

  test('before the socket is open, and after it was closed or lost, nothing is sent', async () => {
    const { wire, open } = await prepare();
    const first = await open();
    expect(wire.send('{}')).toBe('not-open');
    first.inner.open();
    first.outer.close();
    expect([wire.send('{}'), first.inner.closedByClient]).toEqual(['not-open', true]);
    const second = await open();
    second.inner.open();
    second.inner.end();
    expect(wire.send('{}')).toBe('not-open');
  });

  test('CONN-5: during a handover a raw frame takes the newer socket', async () => {
    const { wire, open } = await prepare();
    const [first, second] = [await open(), await open()];
    first.inner.open();
    second.inner.open();
    wire.send('{"action":"ping"}');
    expect([first.inner.sent, second.inner.sent]).toEqual([[], [{ action: 'ping' }]]);
    second.outer.close();
    wire.send('{"action":"ping"}');
    expect(first.inner.sent).toHaveLength(1);
  });
});

describe('token claims', () => {
  test('are read for display, and anything else is none', () => {
    const payload = Buffer.from(JSON.stringify({ sub: 'zoë', exp: 7 })).toString('base64url');
    expect(claimsOf(`x.${payload}.y`)).toEqual({ sub: 'zoë', exp: 7 });
    expect(claimsOf('hello')).toBeUndefined();
  });
});
