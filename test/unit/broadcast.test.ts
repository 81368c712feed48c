import { beforeEach, describe, expect, test } from 'vitest';
import { broadcastAgain } from '../../shared/delivery/broadcast.ts';
import type { BusEvent } from '../../shared/domain/bus-events.ts';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { Chat, type Client } from '../support/chat.ts';
import { onTheBus } from '../support/chat-streams.ts';
import { createGroup, quietDown } from '../support/groups.ts';
import { entriesOf } from '../support/reference-log.ts';

let chat: Chat;
let owner: Client;
let member: Client;
let phone: Client;
let conversationId: string;
/** The stores' operations that began. */
let calls: string[];

beforeEach(async () => {
  calls = [];
  chat = new Chat({ memory: { before: async ({ operation }) => void calls.push(operation) } });
  owner = await chat.connect('olga');
  member = await chat.connect('mia');
  phone = await chat.connect('mia');
  conversationId = await createGroup(chat, owner, member, phone);
});

function got(client: Client) {
  return entriesOf(chat.gateway.take(client.connectionId), conversationId).map(
    ({ event, data }) => `${data.seq} ${event}`,
  );
}
function send(client: Client, content: string) {
  return chat.ask(client, 'send-message', { conversationId, content });
}
function removeMia() {
  return chat.ask(owner, 'remove-member', { conversationId, userId: 'mia' });
}

function redrive(from = 1, to = 2) {
  const detail = { conversationId, from, to };
  return chat.streams.broadcast(onTheBus({ type: 'entries-appended', detail }));
}

describe('broadcast', () => {
  test('SEND-5, LOG-3: an entry goes to every connection but the one that sent it', async () => {
    await send(member, 'hello');
    await chat.pump();
    expect([got(owner), got(phone), got(member)]).toEqual([['1 receive-message'], ['1 receive-message'], []]);
  });

  test('ENV-6: entries committed together come in one batch, without the receiving connection’s own', async () => {
    await send(member, 'one');
    await send(owner, 'two');
    await send(member, 'three');
    const before = chat.gateway.posts.length;
    await chat.pump();
    expect(chat.gateway.posts.slice(before)).toHaveLength(3);
    expect(got(owner)).toEqual(['1 receive-message', '3 receive-message']);
    expect(got(member)).toEqual(['2 receive-message']);
    expect(got(phone)).toEqual(['1 receive-message', '2 receive-message', '3 receive-message']);
  });

  test('MEMB-1: a removed user is told in the user room, and is told nothing else', async () => {
    await removeMia();
    await send(owner, 'after');
    await chat.pump();
    expect([got(member), got(phone)]).toEqual([['1 member-left'], ['1 member-left']]);
  });

  test('MEMB-2: a user who leaves gets the reply on this device, and is told on the others', async () => {
    await chat.ask(member, 'remove-member', { conversationId, userId: 'mia' });
    await chat.pump();
    expect([got(owner), got(member), got(phone)]).toEqual([['1 member-left'], [], ['1 member-left']]);
  });

  test('MEMB-1: a user who is removed twice is told of both removals, even in one batch', async () => {
    await removeMia();
    await chat.ask(owner, 'add-member', { conversationId, userId: 'mia' });
    await removeMia();
    await chat.pump();
    expect(got(phone)).toEqual(['1 member-left', '3 member-left']);
  });

  test('MEMB-1: a user who was removed, added and has joined again by then gets all of it, in the room', async () => {
    await removeMia();
    await chat.ask(owner, 'add-member', { conversationId, userId: 'mia' });
    await chat.ask(member, 'join', { conversationId });
    await send(owner, 'welcome back');
    await chat.pump();
    expect(got(member)).toEqual(['1 member-left', '2 member-joined', '3 receive-message']);
    expect(got(phone)).toEqual(['1 member-left']);
  });

  test('a message costs one reading of its room, and nothing for users who were not removed', async () => {
    await send(owner, 'hello');
    calls.length = 0;
    await chat.pump();
    expect(calls).toEqual(['subscriptions']);
  });

  test('MEMB-3: unsubscribes the removed user if the handler died before it did so', async () => {
    await removeMia();
    const { state } = chat.stores;
    const row = state.connections.get(member.connectionId);
    if (!row) throw new Error('no such connection');
    const place = { room: conversationRoom(conversationId), shard: 0 };
    state.putConnection(member.connectionId, { ...row, rooms: [...row.rooms, place] });
    const { userId, connectionId, connectedAt, expiresAt } = row;
    state.putSubscription({ userId, connectionId, connectedAt, expiresAt, ...place });
    await send(owner, 'after');
    await chat.pump();
    expect(got(member)).toEqual(['1 member-left']);
    expect(await chat.stores.connections.connection(member.connectionId)).toMatchObject({
      rooms: [{ room: { kind: 'user' } }],
    });
  });

  test('a redrive reads the log and posts what it now holds at those positions', async () => {
    const { seq } = await send(owner, 'first');
    await chat.ask(owner, 'edit-message', { conversationId, seq, content: 'second' });
    await chat.pump();
    got(member);
    await redrive();
    const [message] = chat.gateway.take(member.connectionId);
    expect(message).toMatchObject({ event: 'receive-message', data: { seq: 1, content: 'second', rev: 2 } });
  });

  test('a redrive posts the positions that it names, and no others', async () => {
    for (const content of ['one', 'two', 'three', 'four']) await send(owner, content);
    await quietDown(chat);
    await redrive(2, 3);
    expect(got(member)).toEqual(['2 receive-message', '3 receive-message']);
  });

  test('LOG-2: after a redrive a reader still sees which reactions are the reader’s own', async () => {
    const { seq } = await send(owner, 'like this');
    await chat.ask(member, 'add-reaction', { conversationId, seq, emoji: '👍' });
    await quietDown(chat);
    await redrive();
    expect(got(phone)).toEqual(['2 reaction-added']);
  });

  test('a throttled post is tried again three times, then dropped and reported', async () => {
    let retries = 0;
    chat.streams.bus.refuses = (event) => {
      if (event['detail-type'] === 'delivery-retry') retries += 1;
      return false;
    };
    chat.gateway.verdict = (connectionId) => (connectionId === member.connectionId ? 'later' : undefined);
    await send(owner, 'hello');
    await chat.pump();
    expect(got(phone)).toEqual(['1 receive-message']);
    expect(retries).toBe(3);
    expect(chat.reports).toEqual([{ stage: 'delivery-dropped', error: new Error('retries are used up'), count: 1 }]);
    chat.gateway.verdict = () => undefined;
    await chat.pump();
    expect(got(member)).toEqual([]);
  });

  test('a throttled post arrives with the retry, once the gateway accepts it', async () => {
    const start = chat.clock.now();
    chat.gateway.verdict = (connectionId) =>
      connectionId === member.connectionId && chat.clock.now() < start + 15_000 ? 'later' : undefined;
    await send(owner, 'hello');
    await chat.pump();
    expect(got(member)).toEqual(['1 receive-message']);
    expect(chat.reports).toEqual([]);
  });

  test('an ephemeral frame that was throttled comes with the retry too', async () => {
    const start = chat.clock.now();
    chat.gateway.verdict = () => (chat.clock.now() < start + 15_000 ? 'later' : undefined);
    const frames = [{ event: 'user-typing', data: { conversationId, userId: 'olga', isTyping: true } }];
    const detail = { rooms: [conversationRoom(conversationId)], frames, exceptUserId: 'olga' };
    await chat.streams.broadcast(onTheBus({ type: 'frames-to-rooms', detail }));
    expect(chat.streams.bus.events).toMatchObject([{ detail: { attempt: 1, startedAt: start } }]);
    await chat.pump();
    expect(chat.gateway.take(phone.connectionId)).toEqual(frames);
  });

  test('a retry that the bus does not take is dropped, and reported with its connections', async () => {
    chat.gateway.verdict = (connectionId) => (connectionId === owner.connectionId ? undefined : 'later');
    chat.streams.bus.refuses = (event) => event['detail-type'] === 'delivery-retry';
    await send(owner, 'hello');
    await chat.pump();
    expect(chat.reports).toEqual([
      { stage: 'delivery-dropped', error: new Error('the bus did not take the retry'), count: 2 },
    ]);
  });

  describe('a retry', () => {
    const text = JSON.stringify({ event: 'user-typing', data: { conversationId: 'c', userId: 'u', isTyping: true } });
    const retry = async (detail: { attempt: number; ageMs?: number }) => {
      const { connectionId } = member;
      const connections = [{ connectionId, connectedAt: 0, expiresAt: chat.clock.now() + 600_000 }];
      const startedAt = chat.clock.now() - (detail.ageMs ?? 0);
      const { attempt } = detail;
      const events: BusEvent[] = [];
      const deps = {
        ...{ stores: chat.stores, connections: chat.stores.connections, gateway: chat.gateway, clock: chat.clock },
        ...{ random: () => 0.5, unsubscribe: async () => undefined },
        report: (stage: string, error: unknown, count = 1) => void chat.reports.push({ stage, error, count }),
        publish: async (all: readonly BusEvent[]) => {
          events.push(...all);
          return [];
        },
      };
      await broadcastAgain(deps, { attempt, startedAt, texts: [text], connections });
      return events.map((event) => [event.type, (event.detail as { attempt?: number }).attempt]);
    };

    // Its own posting takes ten seconds, less the last wait.
    test.each([
      ['of the second attempt', { attempt: 2 }, [['delivery-retry', 3]]],
      ['of the third', { attempt: 3 }, []],
      ['that is younger than a minute', { attempt: 1, ageMs: 50_000 }, [['delivery-retry', 2]]],
      ['that is older than a minute, whichever attempt it is', { attempt: 1, ageMs: 60_001 }, []],
    ])('%s is handed on or dropped', async (_, detail, events) => {
      chat.gateway.verdict = () => 'later';
      expect(await retry(detail)).toEqual(events);
      expect(chat.reports.map(({ stage }) => stage)).toEqual(events.length > 0 ? [] : ['delivery-dropped']);
    });

    test('that posts all it owes reports nothing, though it was the last', async () => {
      expect(await retry({ attempt: 3 })).toEqual([]);
      expect(chat.gateway.take(member.connectionId)).toHaveLength(1);
      expect(chat.reports).toEqual([]);
    });
  });
});
