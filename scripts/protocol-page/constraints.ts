import * as z from 'zod';
import { defOf, innerOf, type Names, nameOf } from './schema-parts.ts';

/**
 * What a schema describes, and what it demands beyond its type, as one line of comment; empty if there is nothing to
 * say. What a schema of `names` says stands where that name is declared.
 */
export function detailsOf(schema: z.core.$ZodType, names: Names = new Map()): string {
  const said: string[] = [];
  for (let at: z.core.$ZodType | undefined = schema; at && !names.has(at); at = innerOf(at)) {
    const text = z.globalRegistry.get(at)?.description;
    if (text !== undefined && !said.includes(text)) said.push(text);
    // What a named schema demands stands at its name, but a copy of it may have words of its own.
    if (nameOf(at, names)) break;
    said.push(...boundsOf(at));
  }
  return said.join('; ');
}

/** The messages of what a schema demands beyond its fields, such as that one of two is there. */
export function rulesOf(schema: z.core.$ZodType): string[] {
  return checksOf(schema).flatMap((check) => {
    if (!isCustom(check)) return [];
    const message = messageOf(check);
    // "must have a or b" names its fields itself.
    const path = message?.startsWith('must have') ? '' : check.path?.join('.');
    return message ? [path ? `\`${path}\` ${message}` : message] : [];
  });
}

/** How long a text or list may be, and between what a number must lie. */
function boundsOf(schema: z.core.$ZodType): string[] {
  const checks = checksOf(schema) as z.core.$ZodChecks['_zod']['def'][];
  const least = checks.find((check) => check.check === 'greater_than')?.value;
  const most = checks.find((check) => check.check === 'less_than')?.value;
  const range = least !== undefined && most !== undefined ? [`${shown(least)} to ${shown(most)}`] : [];
  const unit = defOf(schema).type === 'string' ? ' characters' : '';
  const bounds = checks.flatMap((check) => {
    if (check.check === 'length_equals' || check.check === 'max_length')
      return [messageOf(check) ?? lengthOf(check, unit)];
    if (check.check === 'string_format' && check.format === 'regex') return [String(check.pattern)];
    return [];
  });
  return [...range, ...bounds, ...(unit ? [] : rulesOf(schema))];
}

function lengthOf(check: z.core.$ZodCheckLengthEqualsDef | z.core.$ZodCheckMaxLengthDef, unit: string): string {
  return 'length' in check ? `exactly ${shown(check.length)}${unit}` : `at most ${shown(check.maximum)}${unit}`;
}

/** What a check says in its own words when it fails. */
function messageOf(check: z.core.$ZodCheckDef): string | undefined {
  const said = (check.error as z.core.$ZodErrorMap | undefined)?.({ code: 'custom', input: undefined, path: [] });
  return typeof said === 'string' ? said : said?.message;
}

function isCustom(check: z.core.$ZodCheckDef): check is z.core.$ZodCustomDef {
  return check.check === 'custom';
}

function checksOf(schema: z.core.$ZodType): z.core.$ZodCheckDef[] {
  return (schema._zod.def.checks ?? []).map((check) => check._zod.def);
}

function shown(value: unknown): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : String(value);
}
