import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { eachMessage, type QueueMessage } from '../../functions/middleware/queue-event.ts';
import { readEach } from '../../functions/middleware/stream-event.ts';
import { comesAgain } from '../support/batches.ts';

const KEYS = { pk: { S: 'L#general' }, sk: { S: '000000000007' } };

function record(recordId: string, fields: object = {}) {
  const NewImage = marshall({ pk: 'L#general', sk: recordId, n: 1 });
  return {
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: recordId, ApproximateCreationDateTime: 1, Keys: KEYS, NewImage },
    ...fields,
  };
}

describe('a batch of a stream', () => {
  const cannotBeRead = [
    ['that says nothing', {}],
    ['that is no object', 'x'],
    ['of an unknown kind of change', record('2', { eventName: 'RENAME' })],
    ['whose image is not an item', record('2', { dynamodb: { ...record('2').dynamodb, NewImage: { pk: 'x' } } })],
    ['without a time', record('2', { dynamodb: { SequenceNumber: '2', Keys: KEYS } })],
  ] as const;

  test.each(cannotBeRead)('with a record %s: the others are read', (_, bad) => {
    const errors: unknown[] = [];
    const read = readEach(
      { Records: [record('1'), bad, record('3')] },
      ({ recordId }) => recordId,
      (error) => errors.push(error),
    );
    expect(read).toEqual(['1', '3']);
    expect(errors).toHaveLength(1);
  });

  test('with a record that cannot be read tells which item it is about, if it says so', () => {
    const keys: unknown[] = [];
    const bad = [record('1', { eventName: 'RENAME' }), {}];
    readEach(
      { Records: bad },
      () => undefined,
      (_, key) => keys.push(key),
    );
    expect(keys).toEqual([{ pk: 'L#general', sk: '000000000007' }, undefined]);
  });
});

describe('a batch of a queue', () => {
  function message(messageId: string, body: string = '{}', fields: object = {}) {
    return { messageId, body, attributes: { ApproximateReceiveCount: '1' }, ...fields };
  }
  function handle(records: readonly unknown[], work: (message: QueueMessage) => Promise<void>) {
    const reports: string[] = [];
    const errors: unknown[] = [];
    const report = (stage: string, error: unknown) => {
      reports.push(stage);
      errors.push(error);
    };
    const options = { stage: 'work', report, limitMs: 100 };
    return { reports, errors, done: eachMessage({ Records: records }, options, work) };
  }
  test.each([
    ['that is no JSON', message('b', '{')],
    ['without a body', { messageId: 'b', attributes: { ApproximateReceiveCount: '1' } }],
    ['without attributes', { messageId: 'b', body: '{}' }],
  ])('with a message %s: that comes again, the others are done', async (_, bad) => {
    const handled: unknown[] = [];
    const { done, reports } = handle([message('a', '"a"'), bad, message('c', '"c"')], async ({ body }) => {
      handled.push(body);
    });
    expect(await done).toEqual(comesAgain('b'));
    expect(handled).toEqual(['a', 'c']);
    expect(reports).toEqual(['work']);
  });

  test('with a message that hangs: that comes again, the others are done', async () => {
    const { done, errors } = handle([message('a', '"a"'), message('b', '"b"')], ({ body }) =>
      body === 'a' ? new Promise(() => undefined) : Promise.resolve(),
    );
    expect(await done).toEqual(comesAgain('a'));
    expect(errors).toEqual([new Error('not done within 100 ms')]);
  });

  test('leaves no timer behind, which would keep the function awake', async () => {
    const [set, clear] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
    onTestFinished(() => void vi.restoreAllMocks());
    await handle([message('a')], async () => undefined).done;
    const timers = set.mock.calls.flatMap(([, ms], index) => (ms === 100 ? [set.mock.results[index]?.value] : []));
    expect(timers).toHaveLength(1);
    expect(clear).toHaveBeenCalledWith(timers[0]);
  });

  test('tells of a message whether it came before', async () => {
    const again: boolean[] = [];
    const second = message('b', '{}', { attributes: { ApproximateReceiveCount: '2' } });
    await handle([message('a'), second], async (one) => void again.push(one.again)).done;
    expect(again).toEqual([false, true]);
  });
});
