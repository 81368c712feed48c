import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import '../support/provided.ts';
import { createStores } from '../../shared/store/stores.ts';
import { Chat } from '../support/chat.ts';
import { COUNTED, LOOKS, prepareScene, type Step } from '../support/command-scenes.ts';
import { type CallCounter, countCalls } from '../support/counting-client.ts';
import { documentedCosts, documentedLooks } from '../support/documented-costs.ts';
import { openTables, type TestTables } from '../support/tables.ts';

const [rows, looks] = [await documentedCosts(), await documentedLooks()];

describe('docs/table.md says what it costs', () => {
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

  /** What the last of the steps costs, as the document writes it. */
  async function costOf(steps: readonly Step[]): Promise<string> {
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
    return `${operations.length}: ${counted} | ${counter.readUnits || '–'} | ${counter.writeUnits || '–'}`;
  }

  it.each(Object.entries(COUNTED))('%s', async (name, steps) => {
    expect(rows.get(name)).toBe(await costOf(steps));
  });

  it.each(Object.entries(LOOKS))('a look at presence: %s', async (name, steps) => {
    expect(looks.get(name)).toBe(await costOf(steps));
  });
});
