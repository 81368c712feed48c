import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../shared/domain/ports.ts';
import { ENVIRONMENT } from '../../shared/platform/environment.ts';
import { createStores } from '../../shared/store/stores.ts';
import { once } from './once.ts';
import { TIME_LIMITS } from './time-limits.ts';

export const stores = /* @__PURE__ */ once((): Stores => {
  const marshallOptions = { removeUndefinedValues: true };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler: TIME_LIMITS }), { marshallOptions });
  // Some functions have one table only; the other's name is then absent, and a call on it fails as it should.
  const { [ENVIRONMENT.chatTable]: chat = '', [ENVIRONMENT.connectionsTable]: connections = '' } = process.env;
  return createStores(client, { chat, connections });
});
