import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import '../support/provided.ts';
import { createStores } from '../../shared/store/stores.ts';
import { openTables, type TestTables } from '../support/tables.ts';
import { changeContract } from './change-contract.ts';
import { connectionContract } from './connection-contract.ts';
import { conversationContract } from './conversation-contract.ts';
import { logContract } from './log-contract.ts';
import { rateAndPresenceContract } from './rate-and-presence-contract.ts';
import type { Subject } from './subject.ts';

describe('the stores in DynamoDB', () => {
  let opened: TestTables;
  let subject: Subject;
  beforeAll(async () => {
    opened = await openTables(inject('emulator'));
    const client = DynamoDBDocumentClient.from(opened.client);
    subject = {
      stores: createStores(client, opened.tables),
      smallPages: createStores(client, opened.tables, { pageSize: 2 }),
    };
  });
  afterAll(() => opened?.close());
  for (const contract of [
    logContract,
    changeContract,
    conversationContract,
    connectionContract,
    rateAndPresenceContract,
  ]) {
    contract(() => subject);
  }
});
