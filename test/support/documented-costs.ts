import { readFile } from 'node:fs/promises';

/** The rows of the document's table of commands: command → calls, read units, write units. */
export async function documentedCosts(): Promise<Map<string, string>> {
  const rows = await rowsOf(/^\| `([a-z-]+)`([^|]*)\| (\d+: [^|]* \| [^|]* \| [^|]*) \|$/gm);
  return new Map(rows.map(([, name, variant, cost = '']) => [`${name}${variant?.trimEnd()}`, cost]));
}

/** The rows of the document's table of looks at presence, as above. */
export async function documentedLooks(): Promise<Map<string, string>> {
  const rows = await rowsOf(/^\| look: ([^|]*) \| (\d+: [^|]* \| [^|]* \| [^|]*) \|$/gm);
  return new Map(rows.map(([, name = '', cost = '']) => [name, cost]));
}

async function rowsOf(pattern: RegExp) {
  const text = await readFile(new URL('../../docs/table.md', import.meta.url), 'utf8');
  return [...text.matchAll(pattern)];
}
