/**
 * `npm run docs`: the SDK's API reference, made from the declarations that its package ships. Fails if anything
 * exported has no doc comment, if a comment links to what is not there, or if a page has a dead link.
 */
import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { buildClient } from '../client/build.ts';
import { BINARIES_DIR, PROJECT_ROOT } from './common/paths.ts';
import { deadLinksInHtml } from './docs/links.ts';

const REFERENCE = join(PROJECT_ROOT, 'artifacts', 'reference');

await buildClient();
try {
  const options = ['--options', join(PROJECT_ROOT, 'client', 'typedoc.json'), '--out', REFERENCE, '--logLevel', 'Warn'];
  execFileSync(join(BINARIES_DIR, 'typedoc'), options, { stdio: 'inherit' });
  const dead = deadLinksInHtml(REFERENCE);
  for (const sentence of dead) console.error(sentence);
  if (dead.length > 0) process.exitCode = 1;
  else console.log(`The reference is ${relative(process.cwd(), join(REFERENCE, 'index.html'))}.`);
} catch (error) {
  // TypeDoc has said what it does not like; but not if it did not start.
  if (!(error instanceof Error && 'status' in error && error.status !== null)) console.error(error);
  process.exitCode = 1;
}
