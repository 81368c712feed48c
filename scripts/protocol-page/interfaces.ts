import type * as z from 'zod';
import { commented, commentLines } from './comments.ts';
import { detailsOf, rulesOf } from './constraints.ts';
import { defOf, type Names, nameOf, shapeOf } from './schema-parts.ts';

/** Whether a schema is shown as a client writes it (`input`) or as the server sends it (`output`). */
export type Direction = 'input' | 'output';

/** How a schema is declared: under which name, beneath which other interface, for which direction. */
export interface Declared {
  readonly name: string;
  readonly schema: z.core.$ZodType;
  readonly io: Direction;
  /** An interface that has further fields of the same object. */
  readonly base?: string;
}

interface Context {
  readonly names: Names;
  readonly io: Direction;
}

const ONE_LINE_MAX_COLUMNS = 60;

/**
 * Prints a schema as a TypeScript declaration: an `interface` if it is an object, else a `type`. What the schema
 * describes and demands becomes comments.
 * @throws for a kind of schema that the protocol has not used so far
 */
export function declaration({ name, schema, io, base }: Declared, names: Names): string {
  const context = { names: new Map([...names].filter(([, other]) => other !== name)), io };
  const def = defOf(schema);
  const demands = rulesOf(schema)
    .map((rule) => commentLines(rule, ''))
    .join('');
  if (def.type !== 'object') {
    const type = typeOf(schema, context, '');
    const code = base
      ? `type ${name} = ${base} & (${type}\n);`
      : `type ${name} =${type.startsWith('\n') ? '' : ' '}${type};`;
    return names.get(schema) === name ? commented(code, detailsOf(schema), '') : `${demands}${code}`;
  }
  const inherited = baseOf(def, context.names);
  const bases = [base, inherited?.name].filter(Boolean).join(', ');
  const own = Object.entries(def.shape).slice(inherited?.size);
  const body = own.map(([key, value]) => property(key, value, context, '  ')).join('\n');
  return `${demands}interface ${name} ${bases ? `extends ${bases} ` : ''}{${body ? `\n${body}\n` : ''}}`;
}

/** The type of a schema as it stands in a sentence: its name, or what it is made of. */
export function typeText(schema: z.core.$ZodType, io: Direction, names: Names): string {
  return typeOf(schema, { names, io }, '');
}

function typeOf(schema: z.core.$ZodType, context: Context, indent: string): string {
  const known = nameOf(schema, context.names);
  if (known) return known;
  const def = defOf(schema);
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return def.type;
    case 'literal':
      return alternatives(def.values.map(quoted), indent);
    case 'enum':
      return alternatives(Object.values(def.entries).map(quoted), indent);
    case 'optional':
      return typeOf(def.innerType, context, indent);
    case 'nullable':
      return `${typeOf(def.innerType, context, indent)} | null`;
    case 'pipe':
      return typeOf(context.io === 'input' ? def.in : def.out, context, indent);
    case 'array':
      return arrayOf(typeOf(def.element, context, indent));
    case 'union':
      return unionOf(def.options, context, indent);
    case 'object':
      return objectOf(def, context, indent);
    default:
      throw new Error(`the page cannot show a schema of type ${def.type} yet`);
  }
}

function arrayOf(element: string): string {
  return /^\w+$/.test(element) ? `${element}[]` : `Array<${element}>`;
}

function unionOf(options: readonly z.core.$ZodType[], context: Context, indent: string): string {
  const [first] = options;
  const entry = first && nameOf(first, context.names);
  const printed = options.map((option) => {
    const isUnchanged = entry && option !== first && 'unchanged' in shapeOf(option);
    return isUnchanged ? `Unchanged<${entry}>` : typeOf(option, context, `${indent}    `);
  });
  return alternatives(printed, indent);
}

function alternatives(types: readonly string[], indent: string): string {
  const oneLine = types.join(' | ');
  if (!oneLine.includes('\n') && oneLine.length < ONE_LINE_MAX_COLUMNS) return oneLine;
  return types.map((type) => `\n${indent}  | ${type}`).join('');
}

function objectOf(def: z.core.$ZodObjectDef, context: Context, indent: string): string {
  const entries = Object.entries(def.shape);
  if (entries.length === 0) return '{}';
  const short = entries.map(([key, value]) => property(key, value, context, '')).join(' ');
  if (short.length < ONE_LINE_MAX_COLUMNS && !/\n|\/\//.test(short)) return `{ ${short.replace(/;$/, '')} }`;
  const body = entries.map(([key, value]) => property(key, value, context, `${indent}  `)).join('\n');
  return `{\n${body}\n${indent}}`;
}

function property(key: string, schema: z.core.$ZodType, context: Context, indent: string): string {
  const isOptional = defOf(schema).type === 'optional';
  const type = typeOf(schema, context, indent);
  const code = `${indent}${key}${isOptional ? '?' : ''}:${type.startsWith('\n') ? '' : ' '}${type};`;
  return commented(code, detailsOf(schema, context.names), indent);
}

/** The longest named object whose properties are the first of this one: what it extends. */
function baseOf(def: z.core.$ZodObjectDef, names: Names): { name: string; size: number } | undefined {
  const entries = Object.entries(def.shape);
  const bases = [...names].flatMap(([schema, name]) => {
    const inherited = Object.entries(shapeOf(schema));
    const leads = inherited.every(([key, value], at) => entries[at]?.[0] === key && entries[at][1] === value);
    return leads && inherited.length > 0 && inherited.length < entries.length ? [{ name, size: inherited.length }] : [];
  });
  return bases.sort((a, b) => b.size - a.size)[0];
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
