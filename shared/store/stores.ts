import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../domain/ports.ts';
import { createConnectionStore } from './connection-store.ts';
import { createConversationStore } from './conversation-store.ts';
import { createLogStore, type StoreOptions } from './log-store.ts';
import type { Tables } from './subscriptions.ts';

/** All stores on their tables. */
export function createStores(client: DynamoDBDocumentClient, tables: Tables, options: StoreOptions = {}): Stores {
  return {
    log: createLogStore(client, tables.chat, options),
    conversations: createConversationStore(client, tables.chat, options),
    connections: createConnectionStore(client, tables, options),
  };
}
