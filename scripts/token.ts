/** `npm run -s token -- <user id>`: prints a token for that user, valid for the stack that `npm start` runs. */
import { join } from 'node:path';
import { userId } from '../shared/protocol/identifiers.ts';
import { START_DIR } from './common/paths.ts';
import { readStackFile } from './start/stack-file.ts';
import { loadOrCreateKey, mintToken } from './web/issuer.ts';

process.exitCode = await main(process.argv.slice(2));

async function main([asked, ...others]: string[]): Promise<number> {
  if (asked === undefined || others.length > 0) return refuse('usage: npm run -s token -- <user id>');
  const user = userId.safeParse(asked);
  if (!user.success) return refuse(`"${asked}" is not a user id: it ${user.error.issues[0]?.message}.`);
  const stack = await readStackFile();
  if (!stack) return refuse('Parley does not run here: run `npm start` in another terminal first.');
  const privateKey = await loadOrCreateKey(join(START_DIR, 'issuer-key.json'));
  process.stdout.write(
    `${await mintToken({ issuer: stack.issuer, audience: stack.audience, privateKey }, user.data)}\n`,
  );
  return 0;
}

function refuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
