import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Target } from '../../scripts/emulator/aws-environment.ts';
import { MEMBERSHIPS_INDEX } from '../../shared/platform/memberships-index.ts';
import type { Tables } from '../../shared/store/subscriptions.ts';

const KEYS: Pick<CreateTableCommandInput, 'KeySchema' | 'BillingMode'> = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};

/** The chat table as the stack makes it, without stream and backups, which no store sees. */
const CHAT_TABLE: Omit<CreateTableCommandInput, 'TableName'> = {
  ...KEYS,
  AttributeDefinitions: ['pk', 'sk', MEMBERSHIPS_INDEX.pk, MEMBERSHIPS_INDEX.sk].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: MEMBERSHIPS_INDEX.name,
      KeySchema: [
        { AttributeName: MEMBERSHIPS_INDEX.pk, KeyType: 'HASH' },
        { AttributeName: MEMBERSHIPS_INDEX.sk, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

/** The connections table. Without time-to-live, so that no row is deleted during a test. */
const CONNECTIONS_TABLE: Omit<CreateTableCommandInput, 'TableName'> = {
  ...KEYS,
  AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
};

/** Empty tables that belong to one test. */
export interface TestTables {
  readonly client: DynamoDBClient;
  readonly tables: Tables;
  /** Deletes the tables. */
  close(): Promise<void>;
}

/** Creates both tables under names that nobody else uses. */
export async function openTables({ endpoint, region, credentials }: Target): Promise<TestTables> {
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const suffix = randomUUID();
  const tables = { chat: `chat-${suffix}`, connections: `connections-${suffix}` };
  const names = Object.values(tables);
  await client.send(new CreateTableCommand({ TableName: tables.chat, ...CHAT_TABLE }));
  await client.send(new CreateTableCommand({ TableName: tables.connections, ...CONNECTIONS_TABLE }));
  for (const TableName of names) {
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
  }
  const close = async () => {
    for (const TableName of names) await client.send(new DeleteTableCommand({ TableName }));
    client.destroy();
  };
  return { client, tables, close };
}
