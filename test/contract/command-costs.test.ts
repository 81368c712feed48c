import { readFile } from 'node:fs/promises';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import '../support/provided.ts';
import { actionNames } from '../../shared/protocol/actions.ts';
import { createStores } from '../../shared/store/stores.ts';
import { Chat } from '../support/chat.ts';
import { COUNTED, prepareScene } from '../support/command-scenes.ts';
import { type CallCounter, countCalls } from '../support/counting-client.ts';
import { openTables, type TestTables } from '../support/tables.ts';

/** The rows of the document's table of commands: command → calls, read units, write units. */
async function documented(): Promise<Map<string, string>> {
  const text = await readFile(new URL('../../docs/table.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)`([^|]*)\| (\d+): ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm)];
  return new Map(
    rows.map(([, name, variant, calls, operations, read, write]) => [
      `${name}${variant?.trimEnd()}`,
      `${calls}: ${operations} | ${read} | ${write}`,
    ]),
  );
}

const rows = await documented();

describe('no command costs more than docs/table.md says', () => {
  let opened: TestTables;
  let counter: CallCounter;
  let chat: Chat;
  beforeEach(async () => {
    opened = await openTables(inject('emulator'));
    const client = DynamoDBDocumentClient.from(opened.client, { marshallOptions: { removeUndefinedValues: true } });
    counter = countCalls(client);
    const verifyToken = async () => ({ userId: 'ann', tokenExpiresAt: chat.clock.now() + 7_200_000 });
    chat = new Chat({ broken: () => createStores(client, opened.tables), verifyToken });
  });
  afterEach(() => opened.close());

  it.each(Object.entries(COUNTED))('%s', async (name, steps) => {
    const scene = await prepareScene(chat);
    for (const step of steps) {
      counter.reset();
      await step(scene);
    }
    const operations = counter.calls.map(({ operation }) => operation);
    const counted = [...Map.groupBy(operations, (operation) => operation)]
      .map(([operation, calls]) => (calls.length > 1 ? `${calls.length} ${operation}` : operation))
      .sort()
      .join(', ');
    const cost = `${operations.length}: ${counted} | ${counter.readUnits || '–'} | ${counter.writeUnits || '–'}`;
    expect(rows.get(name)).toBe(cost);
  });

  it('has a row for every action, and measures every row', () => {
    const actions = new Set([...rows.keys()].map((name) => name.split(',')[0]));
    expect([...actions].sort()).toEqual([...actionNames, 'unknown-action', 'handshake'].sort());
    expect([...rows.keys()].sort()).toEqual(Object.keys(COUNTED).sort());
  });
});
