import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import '../support/provided.ts';
import { type Connection, conversationRoom, userRoom } from '../../shared/domain/connection.ts';
import type { Member } from '../../shared/domain/conversation.ts';
import type { Change, Stores } from '../../shared/domain/ports.ts';
import { RATES } from '../../shared/protocol/limits.ts';
import { createStores } from '../../shared/store/stores.ts';
import { type CallCounter, countCalls } from '../support/counting-client.ts';
import {
  aConnection,
  aConversation,
  aMember,
  aMessage,
  anEntry,
  aPresence,
  aSubscription,
  NOW_MS,
  unique,
} from '../support/stored.ts';
import { openTables, type TestTables } from '../support/tables.ts';
import { numbers } from './subject.ts';

const TEXT = 'A message of usual length, about one hundred characters, as people write them to each other all day.';
const KEYCAP = '#️⃣';

/** A busy group: 60 messages and an edit in the log, 50 members, 25 connections. ann has one more connection. */
async function prepare(stores: Stores) {
  const conversation = aConversation();
  const { conversationId } = conversation;
  const ann = aMember({ conversationId, userId: unique('ann'), role: 'owner' });
  const others = numbers(49).map((i) => aMember({ conversationId, userId: `${unique('user')}-${i}` }));
  await stores.conversations.create(conversation, [ann, ...others]);
  for (const seq of numbers(60)) await stores.log.append(aMessage({ conversationId, seq, content: TEXT }), []);
  const edit = anEntry({ conversationId, seq: 61 }, { kind: 'message-updated', targetSeq: 60, content: TEXT });
  await stores.log.append(edit, []);
  const room = conversationRoom(conversationId);
  for (const { userId } of others.slice(0, 25)) {
    await stores.connections.open(aConnection({ userId, rooms: [{ room, shard: 0 }] }));
  }
  const connection = aConnection({ userId: ann.userId });
  await stores.connections.open(connection);
  return { stores, conversationId, ann, others, room, connection, userId: ann.userId };
}

type Scene = Awaited<ReturnType<typeof prepare>>;

/** What is counted, named as in the document. Only the last step counts, the steps before it prepare. */
const PATTERNS: Record<string, readonly ((scene: Scene) => Promise<unknown>)[]> = {
  'log.tail, 25': [({ stores, conversationId }) => stores.log.tail(conversationId, 25)],
  'log.head': [({ stores, conversationId }) => stores.log.head(conversationId)],
  'log.read, 50': [({ stores, conversationId }) => stores.log.read(conversationId, { limit: 50, from: 'newest' })],
  'log.since, 50': [({ stores, conversationId }) => stores.log.since(conversationId, 11, 61)],
  'log.since, 50 of 24 KB': [
    async ({ stores, conversationId }) => {
      // As large as an entry may be (ENV-1), but for its other fields.
      const content = 'x'.repeat(23_500);
      for (const n of numbers(50)) await stores.log.append(aMessage({ conversationId, seq: 61 + n, content }), []);
    },
    ({ stores, conversationId }) => stores.log.since(conversationId, 61, 111),
  ],
  'log.entry': [({ stores, conversationId }) => stores.log.entry(conversationId, 60)],
  'log.append, a message': [(scene) => append(scene)],
  'log.append, lost': [({ stores, conversationId }) => stores.log.append(aMessage({ conversationId, seq: 60 }), [])],
  'log.append, with a message and a reaction': [(scene) => append(scene, message(scene), reaction(scene))],
  'log.append, with a message': [(scene) => append(scene, message(scene))],
  'log.append, with a message and an older edit': [
    (scene) => append(scene, message(scene), { type: 'strip-edit', seq: 61 }),
  ],
  'log.append, with a member': [(scene) => append(scene, { type: 'member', expected: scene.ann, next: away(scene) })],
  'log.append, with the last send': [
    (scene) => append(scene, { type: 'last-sent', expected: scene.ann, at: scene.ann.joinedAt }),
  ],
  'log.append, with the sender': [(scene) => append(scene, { type: 'sender', expected: scene.ann })],
  'log.append, with the conversation': [(scene) => append(scene, { type: 'conversation', changes: { name: 'New' } })],
  'log.reactions': [
    (scene) => append(scene, reaction(scene)),
    ({ stores, conversationId, userId }) => stores.log.reactions(conversationId, userId, 1, 61),
  ],
  'conversations.conversation': [({ stores, conversationId }) => stores.conversations.conversation(conversationId)],
  'conversations.conversations, each': [
    ({ stores, conversationId }) => stores.conversations.conversations([conversationId]),
  ],
  'conversations.create, with 2 members': [
    ({ stores }) => {
      const conversation = aConversation();
      const { conversationId } = conversation;
      const members = ['ann', 'bob'].map((userId) => aMember({ conversationId, userId }));
      return stores.conversations.create(conversation, members);
    },
  ],
  'conversations.member': [({ stores, conversationId, userId }) => stores.conversations.member(conversationId, userId)],
  'conversations.members, each': [
    ({ stores, conversationId, userId }) => stores.conversations.members([{ conversationId, userId }]),
  ],
  'conversations.memberPage, 50': [
    ({ stores, conversationId }) => stores.conversations.memberPage(conversationId, { limit: 50 }),
  ],
  'conversations.memberships, 25': [({ stores, userId }) => stores.conversations.memberships(userId, { limit: 25 })],
  'conversations.raiseMarks': [(scene) => raise(scene, 60)],
  'conversations.raiseMarks, nothing to raise': [(scene) => raise(scene, 60), (scene) => raise(scene, 60)],
  'connections.open': [({ stores, userId }) => stores.connections.open(aConnection({ userId }))],
  'connections.connection': [({ stores, connection }) => stores.connections.connection(connection.connectionId)],
  'connections.forget': [({ stores, connection }) => stores.connections.forget(connection.connectionId)],
  'connections.extend, 1 room': [
    ({ stores, connection }) => {
      const later = connection.expiresAt + 60_000;
      return stores.connections.extend(connection, later, later);
    },
  ],
  'connections.join': [(scene) => join(scene)],
  'connections.join, a channel for the first time': [
    ({ stores, connection, userId }) => {
      const conversationId = unique('c');
      const next = aMember({ conversationId, userId, kind: 'channel' });
      const room = conversationRoom(conversationId);
      return stores.connections.join({
        connection,
        room,
        shard: 0,
        maxRooms: 200,
        becomes: { expected: undefined, next },
      });
    },
  ],
  'connections.join, the 200th room': [fullConnection, (scene) => join(scene)],
  'connections.leave, one of 200 rooms': [
    fullConnection,
    (scene) => join(scene),
    ({ stores, connection, room }) => stores.connections.leave(connection, room, 0),
  ],
  'connections.connection, of 200 rooms': [
    fullConnection,
    ({ stores, connection }) => stores.connections.connection(connection.connectionId),
  ],
  'connections.forget, of 200 rooms': [
    fullConnection,
    ({ stores, connection }) => stores.connections.forget(connection.connectionId),
  ],
  'connections.leave': [
    (scene) => join(scene),
    ({ stores, connection, room }) => stores.connections.leave(connection, room, 0),
  ],
  'connections.unsubscribe': [
    (scene) => join(scene),
    (scene) => append(scene, { type: 'member', expected: scene.ann, next: away(scene) }),
    ({ stores, connection, room }) => stores.connections.unsubscribe(aSubscription(connection, room)),
  ],
  'connections.dropSubscription': [
    ({ stores, connection, userId }) =>
      stores.connections.dropSubscription(userRoom(userId), 0, userId, connection.connectionId),
  ],
  'connections.subscriptions, 25': [
    async ({ stores, room }) => {
      for await (const page of stores.connections.subscriptions(room, NOW_MS)) expect(page).toHaveLength(25);
    },
  ],
  'connections.firstSubscriptions, 25 of 25': [
    async ({ stores, room }) => {
      const first = await stores.connections.firstSubscriptions(room, NOW_MS, 25);
      expect(first).toMatchObject({ subscriptions: { length: 25 }, hasMore: false });
    },
  ],
  'connections.firstSubscriptions, with an ended row among more': [
    async ({ stores, room }) => {
      const ended = aConnection({ userId: 'a', expiresAt: NOW_MS - 60_000, rooms: [{ room, shard: 0 }] });
      await stores.connections.open(ended);
    },
    async ({ stores, room }) => {
      const first = await stores.connections.firstSubscriptions(room, NOW_MS, 25);
      expect(first).toMatchObject({ subscriptions: { length: 24 }, hasMore: true });
    },
  ],
  'connections.subscriptionsOf': [
    ({ stores, userId }) => stores.connections.subscriptionsOf(userRoom(userId), userId, NOW_MS),
  ],
  'connections.takeToken, from a full bucket': [(scene) => token(scene)],
  'connections.takeToken, from one in use': [(scene) => token(scene), (scene) => token(scene)],
  'connections.takeToken, refused': [...numbers(5).map(() => (scene: Scene) => token(scene)), (scene) => token(scene)],
  'connections.presence': [
    ({ stores, room, userId }) => stores.connections.putPresence(aPresence({ room, userId }), undefined),
    ({ stores, room, userId }) => stores.connections.presence(room, userId),
  ],
  'connections.putPresence': [
    ({ stores, room, userId }) => stores.connections.putPresence(aPresence({ room, userId }), undefined),
  ],
  'connections.statuses, each': [({ stores, userId }) => stores.connections.statuses([userId])],
};

function append({ stores, conversationId }: Scene, ...changes: Change[]) {
  return stores.log.append(aMessage({ conversationId, seq: 62, content: TEXT }), changes);
}

function message(_: Scene): Change {
  return { type: 'message', seq: 60, expectedRev: 60, set: { rev: 62, content: TEXT, editSeq: 62 } };
}

function reaction({ userId }: Scene): Change {
  return { type: 'put-reaction', userId, seq: 60, emoji: KEYCAP };
}

function away({ ann }: Scene): Member {
  return { ...ann, state: 'left' };
}

function raise({ stores, conversationId, userId }: Scene, seq: number) {
  return stores.conversations.raiseMarks(conversationId, userId, { readSeq: seq, readN: seq, deliveredSeq: seq });
}

function join({ stores, connection, room }: { stores: Stores; connection: Connection; room: Scene['room'] }) {
  return stores.connections.join({ connection, room, shard: 0, maxRooms: 200 });
}

/** Puts ann's connection into 199 rooms, with ids as the server makes them. */
async function fullConnection({ stores, connection, userId }: Scene): Promise<void> {
  for (const _ of numbers(199)) {
    const conversationId = randomUUID();
    const next = aMember({ conversationId, userId, kind: 'channel' });
    const becomes = { expected: undefined, next };
    await stores.connections.join({
      connection,
      room: conversationRoom(conversationId),
      shard: 0,
      maxRooms: 200,
      becomes,
    });
  }
}

function token({ stores, userId }: Scene) {
  return stores.connections.takeToken({ rate: 'typing', userId, conversationId: 'c' }, RATES.typing, NOW_MS);
}

/** The rows of the document's table of access patterns: function → operations, read units, write units. */
async function documented(): Promise<Map<string, string>> {
  const text = await readFile(new URL('../../docs/table.md', import.meta.url), 'utf8');
  const rows = [
    ...text.matchAll(/^\| `([a-zA-Z]+\.[a-zA-Z]+)`([^|]*)\| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm),
  ];
  return new Map(
    rows.map(([, name, variant, operations, , read, write]) => [
      `${name}${variant?.trimEnd()}`,
      `${operations}: ${read} read, ${write} written`,
    ]),
  );
}

describe('docs/table.md', () => {
  let opened: TestTables;
  let stores: Stores;
  let counter: CallCounter;
  let rows: Map<string, string>;
  beforeAll(async () => {
    opened = await openTables(inject('emulator'));
    const client = DynamoDBDocumentClient.from(opened.client);
    counter = countCalls(client);
    stores = createStores(client, opened.tables);
    rows = await documented();
  });
  afterAll(() => opened?.close());

  it.each(Object.entries(PATTERNS))('says what it costs: %s', async (name, steps) => {
    const scene = await prepare(stores);
    for (const step of steps) {
      counter.reset();
      await step(scene);
    }
    const operations = counter.calls.map(({ operation }) => operation).join(', ');
    const cost = `${operations}: ${counter.readUnits || '–'} read, ${counter.writeUnits || '–'} written`;
    expect(rows.get(name)).toBe(cost);
  });

  it('lists every function of the stores', () => {
    const functions = Object.entries(stores).flatMap(([store, port]) =>
      Object.keys(port).map((name) => `${store}.${name}`),
    );
    const listed = new Set([...rows.keys()].map((name) => name.split(',')[0]));
    expect([...listed].sort()).toEqual(functions.sort());
    expect([...rows.keys()].sort()).toEqual(Object.keys(PATTERNS).sort());
  });
});
