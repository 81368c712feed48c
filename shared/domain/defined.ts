/** The fields that have a value, also within objects: neither a frame nor a stored item knows `undefined`. */
export function defined(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, isPlain(value) ? defined(value) : value]),
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
