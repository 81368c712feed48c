import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../shared/domain/ports.ts';
import { ENVIRONMENT } from '../../shared/platform/environment.ts';
import { createStores } from '../../shared/store/stores.ts';
import { once } from './once.ts';

/**
 * A call that hangs is given up and tried again within the handler's own time. Trying again is safe: a put that had been
 * done meets itself, and a transaction carries a token.
 */
const TIMEOUTS = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

export const stores = /* @__PURE__ */ once((): Stores => {
  const marshallOptions = { removeUndefinedValues: true };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler: TIMEOUTS }), { marshallOptions });
  // Some functions have one table only; the other's name is then absent, and a call on it fails as it should.
  const { [ENVIRONMENT.chatTable]: chat = '', [ENVIRONMENT.connectionsTable]: connections = '' } = process.env;
  return createStores(client, { chat, connections });
});
