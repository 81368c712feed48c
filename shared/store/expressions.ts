import { namePlaceholder } from './keys.ts';

/**
 * Conditions and updates in words. Attribute names and values never stand in an expression's text, so no reserved word
 * and no user's text can change what it means.
 */
export type Clause = (terms: Terms) => string;

/** What an update does to one attribute; a path of two reaches into a map. Undefined removes it. */
export type Assignment = { readonly path: readonly string[]; readonly value: unknown; readonly plus?: true };

export interface Expressions {
  readonly condition?: Clause;
  readonly assignments?: readonly Assignment[];
}

class Terms {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};
  readonly #placeholders = new Map<string, string>();

  path(...path: readonly string[]): string {
    return path.map((name) => this.#placeholders.get(name) ?? this.#placeholder(name)).join('.');
  }

  value(value: unknown): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  #placeholder(name: string): string {
    const placeholder = namePlaceholder(this.#placeholders.size);
    this.#placeholders.set(name, placeholder);
    this.names[placeholder] = name;
    return placeholder;
  }
}

export function exists(...path: readonly string[]): Clause {
  return (terms) => `attribute_exists(${terms.path(...path)})`;
}

export function missing(...path: readonly string[]): Clause {
  return (terms) => `attribute_not_exists(${terms.path(...path)})`;
}

export function compare(
  path: string | readonly string[],
  operator: '=' | '<>' | '<' | '<=' | '>',
  value: unknown,
): Clause {
  return (terms) => `${terms.path(...[path].flat())} ${operator} ${terms.value(value)}`;
}

/** How many elements a list or map has. */
export function sizeBelow(attribute: string, limit: number): Clause {
  return (terms) => `size(${terms.path(attribute)}) < ${terms.value(limit)}`;
}

export function between(attribute: string, from: string, to: string): Clause {
  return (terms) => `${terms.path(attribute)} BETWEEN ${terms.value(from)} AND ${terms.value(to)}`;
}

export function allOf(...clauses: readonly Clause[]): Clause {
  return (terms) => clauses.map((clause) => clause(terms)).join(' AND ');
}

export function anyOf(...clauses: readonly Clause[]): Clause {
  return (terms) => `(${clauses.map((clause) => clause(terms)).join(' OR ')})`;
}

export function assign(attribute: string | readonly string[], value: unknown): Assignment {
  return { path: [attribute].flat(), value };
}

export function add(attribute: string, value: number): Assignment {
  return { path: [attribute], value, plus: true };
}

/** One assignment for each field; an undefined one is removed. */
export function assignAll(fields: object): readonly Assignment[] {
  return Object.entries(fields).map(([name, value]) => assign(name, value));
}

/** The parameters of a conditional write. */
export function expressions({ condition, assignments = [] }: Expressions) {
  const terms = new Terms();
  const conditionText = condition?.(terms);
  const updateText = updateExpression(assignments, terms);
  return {
    ...(conditionText !== undefined && { ConditionExpression: conditionText }),
    ...(updateText !== '' && { UpdateExpression: updateText }),
    ...attributes(terms),
  };
}

/** The parameters of a query: which keys, and which of their items. */
export function queryExpressions(keys: Clause, filter: Clause | undefined) {
  const terms = new Terms();
  const keyText = keys(terms);
  const filterText = filter?.(terms);
  return {
    KeyConditionExpression: keyText,
    ...(filterText !== undefined && { FilterExpression: filterText }),
    ...attributes(terms),
  };
}

function attributes({ names, values }: Terms) {
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function updateExpression(assignments: readonly Assignment[], terms: Terms): string {
  const sets: string[] = [];
  const removes: string[] = [];
  for (const { path, value, plus } of assignments) {
    const target = terms.path(...path);
    if (value === undefined) removes.push(target);
    else sets.push(`${target} = ${plus ? `${target} + ` : ''}${terms.value(value)}`);
  }
  const parts = [sets.length > 0 && `SET ${sets.join(', ')}`, removes.length > 0 && `REMOVE ${removes.join(', ')}`];
  return parts.filter((part) => part !== false).join(' ');
}
