import type * as z from 'zod';

/**
 * What a client is told of a field's fault, in the protocol's own words (ERR-2): the schema library's would change with
 * it. Given to a parse, it serves each check that has no words of its own. Never holds what the client sent.
 */
export function faultWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${TYPES[issue.expected] ?? 'of another type'}`;
    case 'too_small':
      return sized('at least', issue.minimum, issue.origin);
    case 'too_big':
      return sized('at most', issue.maximum, issue.origin);
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return Array.isArray(issue.options) ? oneOf(issue.options) : 'must have another form';
    case 'invalid_format':
      return issue.format === 'datetime' ? 'must be a time in ISO 8601 UTC with milliseconds' : 'must be well formed';
    case 'unrecognized_keys':
      return 'unknown field';
    default:
      return 'must have another value';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** What the numbers of a size count; a number's own size has no unit. */
const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'items' };

function sized(bound: 'at least' | 'at most', size: number | bigint, origin: string): string {
  const unit = UNITS[origin];
  const number = size.toLocaleString('en');
  return unit ? `must have ${bound} ${number} ${unit}` : `must be ${bound} ${number}`;
}

function oneOf(values: readonly unknown[]): string {
  return `must be ${[values.slice(0, -1).join(', '), values.at(-1)].filter(Boolean).join(' or ')}`;
}
