import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Key, parseKey } from '../../shared/store/keys.ts';
import type { Target } from './aws-environment.ts';

/**
 * Deletes the rows of connections that ended with an earlier emulator, which never told of it: their users would be
 * shown as online until the rows expire. The stack's own clean-up does the rest, as after any lost connection.
 * Only right after an emulator was started, when there can be no other connections.
 * @returns how many there were
 */
export async function forgetConnections({ endpoint, region, credentials }: Target, tableName: string): Promise<number> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  let forgotten = 0;
  try {
    for await (const { Items = [] } of paginateScan(
      { client },
      { TableName: tableName, ProjectionExpression: 'pk, sk' },
    )) {
      for (const key of (Items as Key[]).filter((item) => parseKey(item).item === 'connection')) {
        await client.send(new DeleteCommand({ TableName: tableName, Key: { pk: key.pk, sk: key.sk } }));
        forgotten += 1;
      }
    }
    return forgotten;
  } finally {
    client.destroy();
  }
}
