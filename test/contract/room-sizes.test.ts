import { readFile } from 'node:fs/promises';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import '../support/provided.ts';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { toSubscriptionItem } from '../../shared/store/items.ts';
import { createStores } from '../../shared/store/stores.ts';
import { Chat, type Client } from '../support/chat.ts';
import { type CallCounter, countCalls } from '../support/counting-client.ts';
import { openTables, type TestTables } from '../support/tables.ts';
import { numbers } from './subject.ts';

const SIZES = [10, 1_000, 10_000] as const;
const BATCH_ITEMS = 25;
const BATCHES_AT_ONCE = 8;
const PAUSE_MS = 60_000;

/** The rows of the document's table of room sizes: command → read units of a room of each size. */
async function documented(): Promise<Map<string, readonly number[]>> {
  const text = await readFile(new URL('../../docs/table.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)`, in a room of 10, 1,000 and 10,000 \|(.*)\|$/gm)];
  return new Map(rows.map(([, name = '', units = '']) => [name, units.split('|').map(Number)]));
}

const rows = await documented();

/** What is counted: the rows of a room's subscriptions are all that grows. */
const COUNTED: Record<string, (chat: Chat, ann: Client, conversationId: string) => Promise<unknown>> = {
  join: (chat, ann, conversationId) => chat.ask(ann, 'join', { conversationId }),
  typing: (chat, ann, conversationId) => chat.command(ann, 'typing', { conversationId, isTyping: true }),
  mark: (chat, ann, conversationId) => chat.ask(ann, 'mark', { conversationId, readSeq: 1 }),
  'set-status': (chat, ann) => chat.ask(ann, 'set-status', { status: 'away' }),
};

describe('what a command reads in a room of any size', () => {
  let opened: TestTables;
  let client: DynamoDBDocumentClient;
  let counter: CallCounter;
  beforeAll(async () => {
    opened = await openTables(inject('emulator'));
    client = DynamoDBDocumentClient.from(opened.client, { marshallOptions: { removeUndefinedValues: true } });
    counter = countCalls(client);
  });
  afterAll(() => opened?.close());

  /** Puts the subscriptions of this many connections, one for each user, without the stores. */
  async function fill(conversationId: string, count: number, expiresAt: number): Promise<void> {
    const room = conversationRoom(conversationId);
    const puts = numbers(count).map((n) => {
      const id = String(n).padStart(6, '0');
      const ends = { connectedAt: expiresAt - 3_600_000, expiresAt };
      const Item = toSubscriptionItem({ room, shard: 0, userId: `user-${id}`, connectionId: `Kx1y2z${id}=`, ...ends });
      return { PutRequest: { Item } };
    });
    const batches = numbers(Math.ceil(count / BATCH_ITEMS)).map((n) =>
      puts.slice((n - 1) * BATCH_ITEMS, n * BATCH_ITEMS),
    );
    for (let first = 0; first < batches.length; first += BATCHES_AT_ONCE) {
      const some = batches.slice(first, first + BATCHES_AT_ONCE);
      const send = (batch: typeof puts) =>
        client.send(new BatchWriteCommand({ RequestItems: { [opened.tables.connections]: batch } }));
      await Promise.all(some.map(send));
    }
  }

  it.each(SIZES)('docs/table.md says how much: %i connections', async (size) => {
    const chat = new Chat({ broken: () => createStores(client, opened.tables) });
    const ann = await chat.connect(`ann-${size}`);
    const { conversationId } = await chat.ask(ann, 'create-conversation', {
      kind: 'channel',
      conversationId: `room-${size}`,
    });
    await chat.ask(ann, 'join', { conversationId });
    for (const content of ['one', 'two']) await chat.ask(ann, 'send-message', { conversationId, content });
    await fill(conversationId, size - 1, chat.clock.now() + 3_600_000);
    const counted: Record<string, number> = {};
    for (const [name, run] of Object.entries(COUNTED)) {
      chat.clock.advance(PAUSE_MS);
      counter.reset();
      await run(chat, ann, conversationId);
      counted[name] = counter.readUnits;
    }
    const column = SIZES.indexOf(size);
    expect(counted).toEqual(Object.fromEntries([...rows].map(([name, units]) => [name, units[column]])));
    expect(Object.keys(counted)).toEqual([...rows.keys()]);
  });
});
