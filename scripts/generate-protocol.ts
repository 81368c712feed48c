import { readFile, writeFile } from 'node:fs/promises';
import { generatedPage } from './protocol-page/page.ts';

/** Writes the generated parts of docs/protocol.md; with `--check` says whether they are current (exit code 1: not). */
const path = new URL('../docs/protocol.md', import.meta.url);
const page = await readFile(path, 'utf8');
const current = generatedPage(page);

if (!process.argv.includes('--check')) {
  await writeFile(path, current);
} else if (page !== current) {
  console.error('docs/protocol.md is not current; run `npm run generate:protocol`.');
  process.exitCode = 1;
}
