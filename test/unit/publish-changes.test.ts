import { describe, expect, test } from 'vitest';
import {
  type ChatChange,
  type PublishDeps,
  publishChanges,
  type Undelivered,
} from '../../shared/delivery/publish-changes.ts';
import { type BusEvent, busEvents } from '../../shared/domain/bus-events.ts';
import type { Conversation, Member } from '../../shared/domain/conversation.ts';
import type { Entry } from '../../shared/domain/entry.ts';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const AT = new Date(NOW).toISOString();

function entry(conversationId: string, seq: number, content = 'hello'): Entry {
  return {
    ...{ kind: 'receive-message', conversationId, seq, rev: seq, content, reactions: [], at: AT, senderId: 'u' },
    ...{
      senderTat: 0,
      origin: 'socket=1',
      n: seq,
      lastMessageSeq: seq,
      owners: 1,
      members: 2,
      slowModeSeconds: 0,
      tat: 0,
    },
  };
}

function appended(conversationId: string, seq: number, content?: string, ageMs = 0): ChatChange {
  const record = { recordId: `${conversationId}/${seq}`, createdAt: NOW - ageMs };
  return { ...record, type: 'entry', entry: entry(conversationId, seq, content) };
}

function activated(conversationId: string, userId: string, fields: Partial<Member> = {}): ChatChange {
  const marks = { readSeq: 0, readN: 0, deliveredSeq: 0 };
  const member: Member = {
    ...{ conversationId, userId, kind: 'group', state: 'active', role: 'member', joinedAt: AT },
    ...marks,
    ...fields,
  };
  return { recordId: `${conversationId}/${userId}`, createdAt: NOW, type: 'member-became-active', member };
}

function group(conversationId: string): Conversation {
  return {
    ...{ conversationId, epoch: 'e', kind: 'group', createdBy: 'u', createdAt: AT },
    initial: { owners: 1, members: 2 },
  };
}

interface Bus {
  readonly events: BusEvent[];
  readonly givenUp: Undelivered[];
  readonly reports: string[];
  /** How many times positions were given up. */
  readonly gaveUp: () => number;
  readonly deps: PublishDeps;
}

/** A bus that refuses the events for which `refuses` is true. */
function bus(refuses: (event: BusEvent) => boolean = () => false): Bus {
  const events: BusEvent[] = [];
  const givenUp: Undelivered[] = [];
  const reports: string[] = [];
  let gaveUp = 0;
  const deps: PublishDeps = {
    conversations: { conversation: async (id) => group(id) },
    publish: async (all) => {
      for (const { type, detail } of all) busEvents[type].parse(detail);
      events.push(...all.filter((event) => !refuses(event)));
      return all.filter(refuses);
    },
    giveUp: async (positions) => {
      gaveUp += 1;
      givenUp.push(...positions);
    },
    now: () => NOW,
    report: (stage, error) => void reports.push(`${stage}: ${(error as Error).message}`),
  };
  return { events, givenUp, reports, gaveUp: () => gaveUp, deps };
}

function ranges(events: readonly BusEvent[]) {
  return events.flatMap(({ type, detail }) =>
    type === 'entries-appended' ? [[detail.conversationId, detail.from, detail.to]] : [],
  );
}

function isOf(id: string) {
  return (event: BusEvent) => event.type === 'entries-appended' && event.detail.conversationId === id;
}

describe('publishChanges', () => {
  test("makes one event of a batch's entries for each conversation, ascending, with what caused them", async () => {
    const { deps, events, gaveUp } = bus();
    const changes = [appended('a', 2), appended('b', 7), appended('a', 1), appended('b', 8), appended('a', 3)];
    expect(await publishChanges(deps, changes)).toEqual([]);
    expect(gaveUp()).toBe(0);
    expect(ranges(events)).toEqual([
      ['a', 1, 3],
      ['b', 7, 8],
    ]);
    expect(events[0]).toMatchObject({
      detail: { entries: [{ origin: 'socket=1', frame: { data: { seq: 1 } } }, {}, {}] },
    });
  });

  test('splits a group so that each event stays well below the limit of the bus, and leaves no entry out', async () => {
    const { deps, events } = bus();
    const changes = Array.from({ length: 100 }, (_, index) => appended('a', index + 1, '"'.repeat(4_000)));
    await publishChanges(deps, changes);
    expect(ranges(events)[0]?.[1]).toBe(1);
    expect(ranges(events).at(-1)?.[2]).toBe(100);
    for (const [index, [, from]] of ranges(events).slice(1).entries())
      expect(from).toBe(Number(ranges(events)[index]?.[2]) + 1);
    for (const { detail } of events) expect(Buffer.byteLength(JSON.stringify(detail))).toBeLessThan(160 * 1024);
  });

  test('returns the records of the events that the bus refused, and only those', async () => {
    const { deps, events, givenUp } = bus(isOf('b'));
    const failed = await publishChanges(deps, [appended('a', 1), appended('b', 4), appended('b', 5)]);
    expect(failed.toSorted()).toEqual(['b/4', 'b/5']);
    expect(ranges(events)).toEqual([['a', 1, 1]]);
    expect(givenUp).toEqual([]);
  });

  test('gives up after a minute of refusals, so that newer entries are not held up; keeps the positions', async () => {
    const { deps, givenUp, reports } = bus(() => true);
    const changes = [appended('old', 3, 'x', 60_001), appended('old', 4, 'x', 60_001), appended('new', 1, 'x', 59_000)];
    expect(await publishChanges(deps, changes)).toEqual(['new/1']);
    expect(givenUp).toEqual([{ conversationId: 'old', from: 3, to: 4 }]);
    expect(reports).toEqual([]);
  });

  test('keeps a group while one of its entries is young, as it will come again as a whole', async () => {
    const { deps, givenUp } = bus(() => true);
    const failed = await publishChanges(deps, [appended('a', 1, 'x', 90_000), appended('a', 2)]);
    expect(failed.toSorted()).toEqual(['a/1', 'a/2']);
    expect(givenUp).toEqual([]);
  });

  test('fails as a whole if the positions cannot be kept, so that nothing is lost', async () => {
    const { deps } = bus(() => true);
    const giveUp = () => Promise.reject(new Error('no queue'));
    await expect(publishChanges({ ...deps, giveUp }, [appended('a', 1, 'x', 90_000)])).rejects.toThrow('no queue');
  });

  test('MEMB-1: announces a conversation to its new members, but not to the connection that did it', async () => {
    const { deps, events } = bus();
    await publishChanges(deps, [activated('g', 'u'), activated('g', 'v', { origin: 'socket=1' })]);
    expect(events).toMatchObject([
      {
        type: 'frames-to-rooms',
        detail: {
          rooms: [
            { kind: 'user', id: 'u' },
            { kind: 'user', id: 'v' },
          ],
          frames: [{ event: 'conversation-created', data: { conversationId: 'g' } }],
          except: 'socket=1',
        },
      },
    ]);
  });

  test('announces no channel, since users join it themselves, and no conversation that does not exist', async () => {
    const { deps, events, reports } = bus();
    await publishChanges(deps, [activated('c', 'u', { kind: 'channel' })]);
    const conversations = { conversation: async () => undefined };
    expect(await publishChanges({ ...deps, conversations }, [activated('g', 'u')])).toEqual([]);
    expect([events, reports]).toEqual([[], []]);
  });

  test('returns the records of an announcement that was refused; after a minute it is dropped, and reported', async () => {
    const { deps, givenUp, reports } = bus(() => true);
    const aged = (ageMs: number): ChatChange => ({ ...activated('g', 'v'), createdAt: NOW - ageMs });
    expect(await publishChanges(deps, [aged(60_000)])).toEqual(['g/v']);
    expect(reports).toEqual([]);
    expect(await publishChanges(deps, [aged(60_001)])).toEqual([]);
    expect(reports).toEqual(['delivery-dropped: a conversation was not announced']);
    expect(givenUp).toEqual([]);
  });

  test('a conversation that cannot be read holds up no entry of others, and its announcement ends after a minute', async () => {
    const { deps, events, reports } = bus();
    const conversations = { conversation: () => Promise.reject(new Error('not a conversation')) };
    const failing = { ...deps, conversations };
    expect(await publishChanges(failing, [activated('g', 'v'), appended('a', 1)])).toEqual(['g/v']);
    expect(ranges(events)).toEqual([['a', 1, 1]]);
    const old: ChatChange = { ...activated('g', 'v'), createdAt: NOW - 60_001 };
    expect(await publishChanges(failing, [old, appended('a', 2)])).toEqual([]);
    expect(ranges(events).at(-1)).toEqual(['a', 2, 2]);
    const unread = 'announce-conversation: not a conversation';
    expect(reports).toEqual([unread, unread, 'delivery-dropped: a conversation was not announced']);
  });
});
