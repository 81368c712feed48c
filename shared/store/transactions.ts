import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { isTransactionConflict, pause } from './conflicts.ts';
import { type Expressions, expressions } from './expressions.ts';
import type { Item } from './items.ts';
import type { Key } from './keys.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write of a transaction, with the name by which its failure is told. */
export interface Step {
  readonly name: string;
  readonly write: TransactItem;
}

export type TransactionOutcome =
  | { readonly outcome: 'committed' }
  /** By name of the step whose condition failed: the item that was there, undefined if there was none. */
  | { readonly outcome: 'refused'; readonly refused: ReadonlyMap<string, Item | undefined> }
  /** Another transaction or write held one of the items. */
  | { readonly outcome: 'conflict' };

const MAX_ATTEMPTS = 8;
const ALL_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

export function put(name: string, TableName: string, Item: Item | Key, condition?: Expressions['condition']): Step {
  return { name, write: { Put: { TableName, Item, ...expressions({ condition }), ...ALL_OLD } } };
}

export function update(name: string, TableName: string, Key: Key, what: Required<Expressions>): Step {
  const { UpdateExpression, ...rest } = expressions(what);
  return { name, write: { Update: { TableName, Key, UpdateExpression, ...rest, ...ALL_OLD } } };
}

export function remove(name: string, TableName: string, Key: Key, condition?: Expressions['condition']): Step {
  return { name, write: { Delete: { TableName, Key, ...expressions({ condition }), ...ALL_OLD } } };
}

export function check(
  name: string,
  TableName: string,
  Key: Key,
  condition: NonNullable<Expressions['condition']>,
): Step {
  const { ConditionExpression, ...rest } = expressions({ condition });
  return { name, write: { ConditionCheck: { TableName, Key, ConditionExpression, ...rest, ...ALL_OLD } } };
}

/**
 * Writes all or nothing. The SDK gives the request a token, so its own retries are one transaction. Throttling and
 * whatever else cancelled it are thrown: nothing was written, the command may be sent again.
 */
export async function transact(client: DynamoDBDocumentClient, steps: readonly Step[]): Promise<TransactionOutcome> {
  try {
    await client.send(new TransactWriteCommand({ TransactItems: steps.map(({ write }) => write) }));
    return { outcome: 'committed' };
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const refused = refusedSteps(steps, reasons);
    if (refused.size > 0) return { outcome: 'refused', refused };
    if (isTransactionConflict(error) || isOnlyConflict(reasons)) return { outcome: 'conflict' };
    throw error;
  }
}

/** The same, trying again with full jitter while another transaction is in the way; the last conflict is thrown. */
export async function transactThroughConflicts(client: DynamoDBDocumentClient, steps: readonly Step[]) {
  for (let attempt = 0; ; attempt += 1) {
    const result = await transact(client, steps);
    if (result.outcome !== 'conflict') return result;
    if (attempt + 1 >= MAX_ATTEMPTS) throw new Error('unable to write; other transactions hold the items');
    await pause(attempt);
  }
}

/** A failed condition decides, whatever else went wrong: nothing was written, and a retry would fail as well. */
function refusedSteps(steps: readonly Step[], reasons: readonly CancellationReason[]) {
  const refused = new Map<string, Item | undefined>();
  for (const [index, { Code, Item }] of reasons.entries()) {
    const name = steps[index]?.name;
    if (Code !== 'ConditionalCheckFailed' || name === undefined) continue;
    refused.set(name, Item && Object.keys(Item).length > 0 ? unmarshall(Item) : undefined);
  }
  return refused;
}

function isOnlyConflict(reasons: readonly CancellationReason[]): boolean {
  const codes = reasons.map(({ Code }) => Code).filter((code) => code !== undefined && code !== 'None');
  return codes.length > 0 && codes.every((code) => code === 'TransactionConflict');
}
