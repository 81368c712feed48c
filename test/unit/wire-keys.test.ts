import { expect, it } from 'vitest';
import * as z from 'zod';
import { actionNames, actions, isReplying, type ReplyingAction } from '../../shared/protocol/actions.ts';
import { entryData } from '../../shared/protocol/entries.ts';
import { errorData } from '../../shared/protocol/errors.ts';
import { ephemeralData } from '../../shared/protocol/events.ts';

type Json = Record<string, unknown>;

/** Not checked as part of a page: its entries are frames, and each is checked with its own schema. */
const ENTRIES = actions.history.reply.data.shape.entries;

/** The paths of all objects in a JSON Schema that accept keys which the schema does not name. */
function openObjects(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, additionalProperties, patternProperties, propertyNames } = schema as Json;
  const isOpen = type === 'object' && (additionalProperties !== false || patternProperties || propertyNames);
  const inner = Object.entries(schema).flatMap(([key, value]) => openObjects(value, `${path}/${key}`));
  return isOpen ? [path, ...inner] : inner;
}

function openIn(schema: z.ZodType): string[] {
  const override = ({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: Json }) => {
    if (zodSchema === ENTRIES) delete jsonSchema.items;
  };
  return openObjects(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', override }));
}

const replying = actionNames.filter((action): action is ReplyingAction => isReplying(action));
const sent = Object.entries<z.ZodType>({
  ...Object.fromEntries(replying.map((action) => [`reply to ${action}`, actions[action].reply.data])),
  ...entryData,
  ...ephemeralData,
  error: errorData,
});

it.each(sent)('ENV-8: no key of %s is data from a user', (_, schema) => {
  expect(openIn(schema)).toEqual([]);
});

it('ENV-8: a record is noticed, wherever it is', () => {
  expect(openIn(z.object({ reactions: z.array(z.record(z.string(), z.int())) }))).toHaveLength(1);
  expect(openIn(z.object({ names: z.looseObject({}) }))).toHaveLength(1);
});
