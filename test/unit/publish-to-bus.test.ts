import type { EventBridgeClient, PutEventsCommandInput, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import { BUS_MAX_BYTES, createPublisher, entryBytes } from '../../shared/delivery/publish-to-bus.ts';
import type { BusEvent } from '../../shared/domain/bus-events.ts';

/** A bus that keeps the calls it gets. `answer` gives the refusals, or throws. */
function fakeBus(
  answer: (entries: readonly PutEventsRequestEntry[]) => readonly (string | undefined)[] = () => [],
  now = () => 0,
) {
  const calls: (readonly PutEventsRequestEntry[])[] = [];
  const send = async ({ input }: { input: PutEventsCommandInput }) => {
    const entries = input.Entries ?? [];
    calls.push(entries);
    const codes = answer(entries);
    return { Entries: entries.map((_, index) => (codes[index] ? { ErrorCode: codes[index] } : { EventId: 'e' })) };
  };
  return { calls, publish: createPublisher({ send } as unknown as EventBridgeClient, 'the-bus', now) };
}

function event(id: number, bytes = 10): BusEvent {
  return {
    type: 'frames-to-rooms',
    detail: {
      rooms: [{ kind: 'user', id: `u${id}` }],
      frames: [{ event: 'closing', data: { reason: 'x'.repeat(bytes) } }],
    },
  };
}
function events(count: number, bytes?: number) {
  return Array.from({ length: count }, (_, index) => event(index, bytes));
}

describe('publishing to the bus', () => {
  test('names the source and the type of the event, with the detail as JSON', async () => {
    const { calls, publish } = fakeBus();
    const one = event(1);
    expect(await publish([one])).toEqual([]);
    const Detail = JSON.stringify(one.detail);
    expect(calls).toEqual([[{ EventBusName: 'the-bus', Source: 'parley', DetailType: 'frames-to-rooms', Detail }]]);
  });

  test('sends at most ten events and 256 KB in a call', async () => {
    const { calls, publish } = fakeBus();
    await publish(events(25));
    expect(calls.map(({ length }) => length)).toEqual([10, 10, 5]);
    calls.length = 0;
    await publish(events(5, 100 * 1024));
    expect(calls.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  test('takes an answer that names no entries for acceptance of all', async () => {
    const client = { send: async () => ({}) } as unknown as EventBridgeClient;
    expect(await createPublisher(client, 'the-bus')(events(2))).toEqual([]);
  });

  test('fills a call to the last byte', async () => {
    const { calls, publish } = fakeBus();
    const rest = BUS_MAX_BYTES - 2 * entryBytes(event(1, 0));
    await publish([event(1, Math.floor(rest / 2)), event(2, Math.ceil(rest / 2))]);
    await publish([event(1, Math.floor(rest / 2)), event(2, Math.ceil(rest / 2) + 1)]);
    expect(calls.map(({ length }) => length)).toEqual([2, 1, 1]);
  });

  test('makes no call without events', async () => {
    const { calls, publish } = fakeBus();
    expect(await publish([])).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('returns what was refused within a call that succeeded', async () => {
    const { publish } = fakeBus((entries) =>
      entries.map(({ Detail }) => (Detail?.includes('"u3"') ? 'ThrottlingException' : undefined)),
    );
    const all = events(12);
    expect(await publish(all)).toEqual([all[3]]);
  });

  test('returns all events of a call that failed, and sends the others', async () => {
    let calls = 0;
    const { publish } = fakeBus(() => {
      calls += 1;
      if (calls === 1) throw new Error('no answer');
      return [];
    });
    const all = events(12);
    expect(await publish(all)).toEqual(all.slice(0, 10));
    expect(calls).toBe(2);
  });

  test('begins no call after ten seconds, and gives back what it did not send, within the function’s time', async () => {
    let nowMs = 1_000;
    const { calls, publish } = fakeBus(
      () => {
        nowMs += 5_000;
        return [];
      },
      () => nowMs,
    );
    const all = events(35);
    expect(await publish(all)).toEqual(all.slice(20));
    expect(calls).toHaveLength(2);
  });

  test('an event above the limit goes alone, and those around it fill their calls as if it were not there', async () => {
    const { calls, publish } = fakeBus();
    const half = 100 * 1024;
    await publish([event(1, half), event(2, 300 * 1024), event(3, half), event(4, half), event(5, half)]);
    expect(calls.map((call) => call.map(({ Detail }) => Detail?.match(/"u(\d)"/)?.[1]))).toEqual([
      ['1'],
      ['2'],
      ['3', '4'],
      ['5'],
    ]);
  });
});
