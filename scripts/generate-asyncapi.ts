import { readFile, writeFile } from 'node:fs/promises';
import { asyncApiDocument } from './asyncapi.ts';

/** Writes the generated files, or with `--check` says whether they are current (exit code 1 if not). */
const path = new URL('../docs/asyncapi.json', import.meta.url);
const current = `${JSON.stringify(asyncApiDocument(), null, 2)}\n`;

if (!process.argv.includes('--check')) {
  await writeFile(path, current);
} else if ((await readFile(path, 'utf8').catch(() => '')) !== current) {
  console.error('docs/asyncapi.json is not current; run `npm run generate:asyncapi`.');
  process.exitCode = 1;
}
