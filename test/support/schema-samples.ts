import * as z from 'zod';

type JsonSchema = z.core.JSONSchema.JSONSchema;
type Sample = Record<string, unknown>;

const TIME = '2026-11-22T12:00:00.000Z';

/**
 * Values that fit an object schema: one with every field, and one without each optional field. A string whose name
 * says that it is a time is one.
 */
export function samplesOf(schema: z.ZodObject): readonly { readonly without?: string; readonly sample: Sample }[] {
  const json = z.toJSONSchema(schema, { io: 'output' }) as JsonSchema;
  const full = sampleOf('', json) as Sample;
  const optional = Object.keys(full).filter((name) => schema.safeParse(omit(full, name)).success);
  return [{ sample: full }, ...optional.map((name) => ({ without: name, sample: omit(full, name) }))];
}

/** A copy without one field. */
function omit(sample: Sample, name: string): Sample {
  const { [name]: _, ...rest } = sample;
  return rest;
}

function sampleOf(name: string, json: JsonSchema): unknown {
  const [choice] = json.anyOf ?? [];
  if (typeof choice === 'object') return sampleOf(name, choice);
  if (json.const !== undefined) return json.const;
  if (json.enum) return json.enum[0];
  // A nullable value is given as a value.
  const type = Array.isArray(json.type) ? json.type[0] : json.type;
  if (type === 'string') return /(^at|At|Until)$/.test(name) ? TIME : `some ${name}`;
  if (type === 'integer' || type === 'number') return 7;
  if (type === 'boolean') return true;
  if (type === 'array') return [sampleOf(name, json.items as JsonSchema)];
  if (type === 'object') {
    const fields = Object.entries(json.properties ?? {});
    return Object.fromEntries(fields.map(([key, field]) => [key, sampleOf(key, field as JsonSchema)]));
  }
  throw new Error(`no sample of ${JSON.stringify(json)}`);
}
