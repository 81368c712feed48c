import type * as z from 'zod';

/** Which schemas have a name of their own; wherever another schema uses one of them, its name is printed. */
export type Names = ReadonlyMap<z.core.$ZodType, string>;

/** What a schema is made of, by its type. */
export function defOf(schema: z.core.$ZodType) {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The properties of an object; none of any other schema. */
export function shapeOf(schema: z.core.$ZodType): z.core.$ZodShape {
  const def = defOf(schema);
  return def.type === 'object' ? def.shape : {};
}

/** What an optional or nullable schema holds. */
export function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const def = defOf(schema);
  return def.type === 'optional' || def.type === 'nullable' ? def.innerType : undefined;
}

/** A schema's name. A copy made by `describe` or a check remembers what it was made from, and is called the same. */
export function nameOf(schema: z.core.$ZodType, names: Names): string | undefined {
  for (let at: z.core.$ZodType | undefined = schema; at; at = at._zod.parent) {
    const name = names.get(at);
    if (name) return name;
  }
  return undefined;
}
