import { beforeEach, describe, expect, test } from 'vitest';
import { broadcastAgain } from '../../shared/delivery/broadcast.ts';
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

beforeEach(async () => {
  chat = new Chat();
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

function redrive() {
  const detail = { conversationId, from: 1, to: 2 };
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

  test('LOG-2: after a redrive a reader still sees which reactions are the reader’s own', async () => {
    const { seq } = await send(owner, 'like this');
    await chat.ask(member, 'add-reaction', { conversationId, seq, emoji: '👍' });
    await quietDown(chat);
    await redrive();
    expect(got(phone)).toEqual(['2 reaction-added']);
  });

  test('a throttled post is tried again three times, then dropped and reported', async () => {
    chat.gateway.verdict = (connectionId) => (connectionId === member.connectionId ? 'later' : undefined);
    await send(owner, 'hello');
    await chat.pump();
    expect(got(phone)).toEqual(['1 receive-message']);
    expect(chat.reports.map(({ stage, count }) => [stage, count])).toEqual([['delivery-dropped', 1]]);
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

  test('a retry older than a minute is dropped, whichever attempt it is', async () => {
    chat.gateway.verdict = () => 'later';
    const { connectionId } = member;
    const times = { connectedAt: 0, expiresAt: chat.clock.now() + 600_000 };
    const startedAt = chat.clock.now() - 60_001;
    const reports: unknown[] = [];
    await broadcastAgain(
      {
        ...{ stores: chat.stores, connections: chat.stores.connections, gateway: chat.gateway, clock: chat.clock },
        ...{ random: () => 0.5, report: (stage) => reports.push(stage), unsubscribe: async () => undefined },
        publish: () => Promise.reject(new Error('nothing should be published')),
      },
      {
        attempt: 1,
        startedAt,
        texts: ['{"event":"user-typing","data":{"conversationId":"c","userId":"u","isTyping":true}}'],
        connections: [{ connectionId, ...times }],
      },
    );
    expect(reports).toEqual(['delivery-dropped']);
  });
});
