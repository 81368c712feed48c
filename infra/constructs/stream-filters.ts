import { KEY_PREFIXES } from '../../shared/platform/key-prefixes.ts';

/**
 * Which records of the tables' streams reach a function. Without the CDK, so that the tests' chat in memory lets the
 * same ones through.
 */

/** Part of a Lambda event filter, as JSON. */
export type StreamFilter = { readonly [name: string]: readonly unknown[] | StreamFilter };

const MEMBER_ROW = {
  pk: { S: [{ prefix: KEY_PREFIXES.conversation }] },
  sk: { S: [{ prefix: KEY_PREFIXES.member }] },
};
const ACTIVE = { state: { S: ['active'] } };
const NOT_ACTIVE = { state: { S: [{ 'anything-but': ['active'] }] } };

/** New entries, and member rows that became active: those users are sent `conversation-created`. */
export const PUBLISHED_RECORDS: readonly StreamFilter[] = [
  { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: KEY_PREFIXES.logEntry }] } } } },
  { eventName: ['INSERT'], dynamodb: { Keys: MEMBER_ROW, NewImage: ACTIVE } },
  // Marks change member rows all the time: only a row that was not active before matters.
  { eventName: ['MODIFY'], dynamodb: { Keys: MEMBER_ROW, NewImage: ACTIVE, OldImage: NOT_ACTIVE } },
];

function keysBeginning(...prefixes: readonly string[]): StreamFilter {
  return {
    Keys: { pk: { S: prefixes.map((prefix) => ({ prefix })) } },
  };
}

/** Connections that ended, to clean up after them; subscriptions that began or ended, to look at presence again. */
export const CONNECTION_RECORDS: readonly StreamFilter[] = [
  { eventName: ['REMOVE'], dynamodb: keysBeginning(KEY_PREFIXES.connection, KEY_PREFIXES.subscription) },
  { eventName: ['INSERT'], dynamodb: keysBeginning(KEY_PREFIXES.subscription) },
];
