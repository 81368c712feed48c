import type { ServiceFunction } from './service-function.ts';

/** The item operations of DynamoDB that a handler may be granted. `Scan` is not among them. */
export type ItemAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

/**
 * Allows item operations on a table or index. A transaction needs each of the operations that it is made of.
 * @param resource ARN of the table or of one index.
 * @param keyPrefixes narrows it to partitions whose key begins with one of these. Only for operations outside
 *   transactions and batches: it is not documented which keys IAM compares there. Emulators ignore the condition.
 */
export function allowItems(
  fn: ServiceFunction,
  resource: string,
  actions: readonly ItemAction[],
  keyPrefixes?: readonly string[],
): void {
  fn.allow(
    actions.map((action) => `dynamodb:${action}`),
    [resource],
    keyPrefixes && keysBeginning(keyPrefixes),
  );
}

/** The condition that every partition key begins with one of these. */
export function keysBeginning(keyPrefixes: readonly string[]): Record<string, Record<string, unknown>> {
  // An absent key satisfies `ForAllValues`, but each operation on items names its partition.
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keyPrefixes.map((prefix) => `${prefix}*`) } };
}
