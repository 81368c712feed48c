import * as z from 'zod';
import { conversationId, position, seq, userId } from '../identifiers.ts';

/** Names one message. */
export const target = { conversationId, seq };

/** A list of users without repetition, `max` at most. */
export function distinctUsers(max: number) {
  return z
    .array(userId)
    .max(max)
    .refine((ids) => new Set(ids).size === ids.length, 'must be distinct');
}

/** How many items a page has at most. */
export function pageLimit(max: number) {
  return z.int().min(1).max(max);
}

export const cursor = z.string().max(1_024).describe('Opaque; from the page before (PAGE-1)');

/** For `refine`: at least one of these fields is given. */
export function atLeastOne(fields: readonly string[]): [(input: object) => boolean, string] {
  const names = [fields.slice(0, -1).join(', '), fields.at(-1)].join(' or ');
  return [
    (input) => fields.some((field) => (input as Record<string, unknown>)[field] !== undefined),
    `must have ${names}`,
  ];
}

/** The fields of a page of a log, in replies. */
export const logPage = {
  entries: z
    .array(z.looseObject({ event: z.string(), data: z.looseObject({}) }))
    .describe('Entries as push frames, ascending'),
  head: position.describe('Seq of the newest entry of the log, in this page or not'),
  hasMore: z.boolean().describe('There is more in the direction that was asked for (PAGE-1)'),
};
