import * as z from 'zod';
import { actions } from '../../shared/protocol/actions.ts';
import { type EntryEvent, entryData, message } from '../../shared/protocol/entries.ts';
import { errorData } from '../../shared/protocol/errors.ts';
import * as identifiers from '../../shared/protocol/identifiers.ts';
import * as shapes from '../../shared/protocol/shapes.ts';
import type { Names } from './schema-parts.ts';

/** A name of the wire, such as `user:online`, as the name of a type. */
export function typeName(wireName: string): string {
  return wireName.replace(/(?:^|[-:])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function schemasOf(exports: Record<string, unknown>): [z.core.$ZodType, string][] {
  const inOrder = Object.entries(exports).sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.flatMap(([name, value]): [z.core.$ZodType, string][] =>
    value instanceof z.ZodType ? [[value, typeName(name)]] : [],
  );
}

/** What every entry has in common; the fields that its schemas begin with. */
export const entryBase = entryData['message-updated'].pick({ conversationId: true, seq: true, at: true, n: true });

/** Ids, texts and numbers that have a name. */
export const scalarNames: Names = new Map(schemasOf(identifiers));
/** Objects that several messages hold. */
export const shapeNames: Names = new Map([...schemasOf({ ...shapes, message }), [errorData, 'ErrorData']]);
/** `data` of each entry that is no message; a message is a shape. */
const entryNames: Names = new Map(
  (Object.keys(entryData) as EntryEvent[])
    .filter((event) => event !== 'receive-message')
    .map((event) => [entryData[event], typeName(event)]),
);

/** Every schema that the page prints by its name. */
export const names: Names = new Map([
  ...scalarNames,
  ...shapeNames,
  ...entryNames,
  [entryBase, 'Entry'],
  [actions.history.reply.data.shape.entries.element, 'EntryFrame'],
]);
