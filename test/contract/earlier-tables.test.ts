import { readdir, readFile } from 'node:fs/promises';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import '../support/provided.ts';
import { conversationRoom, userRoom } from '../../shared/domain/connection.ts';
import { createStores } from '../../shared/store/stores.ts';
import { Chat, type Client } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { answersTo, STRANGE_IDS, type StoredItem, type TableDump } from '../support/table-dump.ts';
import { openTables, type TestTables } from '../support/tables.ts';

const BATCH_ITEMS = 25;
const folder = new URL('../fixtures/', import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));

describe.each(files)('tables that an earlier version wrote: %s', (file) => {
  let dump: TableDump;
  let opened: TestTables;
  let chat: Chat;
  let ann: Client;
  let group: string;

  beforeEach(async () => {
    dump = JSON.parse(await readFile(new URL(file, folder), 'utf8'));
    opened = await openTables(inject('emulator'));
    await load(opened.client, opened.tables.chat, dump.chat);
    await load(opened.client, opened.tables.connections, dump.connections);
    chat = new Chat({ broken: () => createStores(DynamoDBDocumentClient.from(opened.client), opened.tables) });
    chat.clock.advance(dump.now - chat.clock.now() + 60_000);
    ann = await chat.connect('ann');
    const { items } = await chat.ask(ann, 'list-conversations', {});
    group = items.find(({ kind }) => kind === 'group')?.conversationId ?? '';
  });
  afterEach(() => opened.close());

  test('say what they said, in lists, members and history', async () => {
    const { items } = await chat.ask(ann, 'list-conversations', {});
    expect(items.map(({ conversationId }) => conversationId).sort()).toEqual(Object.keys(dump.answers).sort());
    expect(items.map(({ kind }) => kind).sort()).toEqual(['channel', 'direct', 'group']);
    expect(await answersTo(chat, ann, Object.keys(dump.answers))).toMatchObject(dump.answers);
    const ids = dump.answers[group]?.members.items.map(({ userId }) => userId);
    expect(ids).toEqual(expect.arrayContaining([...STRANGE_IDS]));
  });

  test('take what is new: join, send, answer, edit, react, delete, mark', async () => {
    const { head } = dump.answers[group]?.history ?? { head: Number.NaN };
    const inGroup = { conversationId: group };
    expect(await chat.ask(ann, 'join', inGroup)).toMatchObject({ role: 'owner', conversation: { slowModeSeconds: 5 } });
    const sent = await chat.ask(ann, 'send-message', { ...inGroup, content: 'new', replyTo: 1, mentions: ['bob'] });
    expect(sent.seq).toBe(head + 1);
    const again = { ...inGroup, content: 'first', clientMessageId: 'm1', after: 0 };
    expect(await chat.ask(ann, 'send-message', again)).toMatchObject({ seq: 1, duplicate: true });
    await chat.ask(ann, 'edit-message', { ...inGroup, seq: 1, content: 'edited' });
    await chat.ask(ann, 'add-reaction', { ...inGroup, seq: 2, emoji: '🚀' });
    await chat.ask(ann, 'remove-reaction', { ...inGroup, seq: 2, emoji: '❤️' });
    await chat.ask(ann, 'delete-message', { ...inGroup, seq: sent.seq });
    expect(await chat.ask(ann, 'mark', { ...inGroup, readSeq: sent.seq })).toMatchObject({ readSeq: sent.seq });
    const { entries } = await chat.ask(ann, 'history', { ...inGroup, limit: 100 });
    expect(entries.map(({ data }) => data.seq)).toEqual(Array.from({ length: head + 5 }, (_, index) => index + 1));
    expect(entries[0]?.data).toMatchObject({ content: 'edited', rev: head + 2 });
    expect(entries[1]?.data).toMatchObject({
      reactions: expect.arrayContaining([{ emoji: '🚀', count: 1, mine: true }]),
    });
    expect(entries[sent.seq - 1]?.data).toMatchObject({ deletedAt: expect.any(String) });
  });

  test('keep who may do what: muted, removed, banned, slowed down, and users with strange ids', async () => {
    const inGroup = { conversationId: group };
    const say = { ...inGroup, content: 'hi' };
    const refusal = async (userId: string) => chat.refusal(await chat.connect(userId), 'send-message', say);
    const muted = { code: 'forbidden', details: [{ path: 'mutedUntil', message: '2099-01-01T00:00:00.000Z' }] };
    expect(await refusal('mia')).toMatchObject(muted);
    for (const userId of ['rita', 'bea'])
      expect(await refusal(userId)).toMatchObject({ code: 'conversation-not-found' });
    for (const userId of STRANGE_IDS) await chat.ask(await chat.connect(userId), 'send-message', say);
    const bob = await chat.connect('bob');
    expect(await chat.ask(bob, 'join', inGroup)).toMatchObject({ role: 'admin' });
    await chat.ask(bob, 'remove-member', { ...inGroup, userId: STRANGE_IDS[0] });
    await chat.ask(ann, 'update-member', { ...inGroup, userId: 'mia', mutedUntil: null });
    await chat.ask(ann, 'add-member', { ...inGroup, userId: 'rita' });
    const unbanned = await chat.ask(ann, 'update-member', { ...inGroup, userId: 'bea', banned: false });
    expect(unbanned).not.toHaveProperty('unchanged');
    await chat.ask(await chat.connect('mia'), 'send-message', say);
  });

  test('hold connections that still get frames, are unsubscribed by a removal, and are cleaned up', async () => {
    const { connections } = chat.deps.stores;
    const room = conversationRoom(group);
    const [bobs] = await connections.subscriptionsOf(room, 'bob', chat.clock.now());
    chat.gateway.open.add(bobs?.connectionId ?? '');
    await chat.command(ann, 'typing', { conversationId: group, isTyping: true });
    expect(chat.gateway.take(bobs?.connectionId ?? '')).toMatchObject([{ event: 'user-typing' }]);
    await chat.ask(ann, 'remove-member', { conversationId: group, userId: 'bob' });
    expect(await connections.subscriptionsOf(room, 'bob', 0)).toEqual([]);

    const [anns] = (await connections.subscriptionsOf(room, 'ann', 0)).filter(
      ({ connectionId }) => connectionId !== ann.connectionId,
    );
    const OldImage = dump.connections.find(({ pk }) => pk?.S === `K#${anns?.connectionId}`);
    const dynamodb = { SequenceNumber: '1', ApproximateCreationDateTime: chat.clock.now() / 1000, OldImage };
    const event = { Records: [{ eventName: 'REMOVE', dynamodb }] };
    expect(await invoke(chat.functions['connection-changes'], event)).toEqual({ batchItemFailures: [] });
    for (const one of [room, userRoom('ann')]) {
      const left = await connections.subscriptionsOf(one, 'ann', 0);
      expect(left.map(({ connectionId }) => connectionId)).not.toContain(anns?.connectionId);
    }
    expect(await connections.presence(userRoom('ann'), 'ann')).toMatchObject({ status: 'busy' });
  });
});

async function load(client: DynamoDBClient, table: string, items: readonly StoredItem[]): Promise<void> {
  for (let first = 0; first < items.length; first += BATCH_ITEMS) {
    const puts = items.slice(first, first + BATCH_ITEMS).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  }
}
