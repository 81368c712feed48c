import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { throughConflicts } from './conflicts.ts';
import { type Expressions, expressions } from './expressions.ts';
import type { Item } from './items.ts';
import type { Key } from './keys.ts';

/** `item`: after the write, or, if the condition failed, what was there instead. */
export type WriteOutcome =
  | { readonly written: true; readonly item: Item }
  | { readonly written: false; readonly item: Item | undefined };

/** One conditional update; a failed condition is an answer, not an error. */
export function updateItem(
  client: DynamoDBDocumentClient,
  TableName: string,
  Key: Key,
  what: Required<Expressions>,
): Promise<WriteOutcome> {
  return answered(async () => {
    const command = new UpdateCommand({
      TableName,
      Key,
      ...expressions(what),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const { Attributes = {} } = await throughConflicts(() => client.send(command));
    return Attributes;
  });
}

/** One conditional put. Throws a `TransactionConflictException` if a transaction holds the item. */
export function putItem(
  client: DynamoDBDocumentClient,
  TableName: string,
  Item: Item,
  condition: NonNullable<Expressions['condition']>,
): Promise<WriteOutcome> {
  return answered(async () => {
    const expression = expressions({ condition });
    await client.send(
      new PutCommand({ TableName, Item, ...expression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    );
    return Item;
  });
}

/** Deletes an item. Gives whether there was one. */
export async function deleteItem(client: DynamoDBDocumentClient, TableName: string, Key: Key): Promise<boolean> {
  const command = new DeleteCommand({ TableName, Key, ReturnValues: 'ALL_OLD' });
  const { Attributes } = await throughConflicts(() => client.send(command));
  return Attributes !== undefined;
}

/** Deletes an item if the condition holds; that it does not is no error. */
export async function deleteItemIf(
  client: DynamoDBDocumentClient,
  TableName: string,
  Key: Key,
  condition: NonNullable<Expressions['condition']>,
): Promise<void> {
  await answered(async () => {
    await throughConflicts(() => client.send(new DeleteCommand({ TableName, Key, ...expressions({ condition }) })));
    return {};
  });
}

async function answered(write: () => Promise<Item>): Promise<WriteOutcome> {
  try {
    return { written: true, item: await write() };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { written: false, item: error.Item && unmarshall(error.Item) };
  }
}
