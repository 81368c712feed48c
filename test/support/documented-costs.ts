import { readFile } from 'node:fs/promises';

/** The rows of the document's table of commands: command → calls, read units, write units. */
export async function documentedCosts(): Promise<Map<string, string>> {
  const text = await readFile(new URL('../../docs/table.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)`([^|]*)\| (\d+): ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm)];
  return new Map(
    rows.map(([, name, variant, calls, operations, read, write]) => [
      `${name}${variant?.trimEnd()}`,
      `${calls}: ${operations} | ${read} | ${write}`,
    ]),
  );
}
