import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Target } from '../../scripts/emulator/aws-environment.ts';

/** An item as stored. */
export type Item = Record<string, unknown>;

/** Reads the emulator's tables as their owner would. No test writes a chat's data this way. */
export class Tables {
  readonly client: DynamoDBDocumentClient;

  constructor({ endpoint, region, credentials }: Target) {
    this.client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  }

  /** All items of a partition, in order of their sort key. */
  async partition(tableName: string, pk: string): Promise<Item[]> {
    return this.#all((ExclusiveStartKey) =>
      this.client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      ),
    );
  }

  /** All items of a table. */
  async everything(tableName: string): Promise<Item[]> {
    return this.#all((ExclusiveStartKey) =>
      this.client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey })),
    );
  }

  close(): void {
    this.client.destroy();
  }

  async #all(page: (start: Item | undefined) => Promise<{ Items?: Item[]; LastEvaluatedKey?: Item }>): Promise<Item[]> {
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await page(start);
      items.push(...Items);
      start = LastEvaluatedKey;
    } while (start);
    return items;
  }
}
