/** `npm run -s token -- <user id>`: prints a token for that user, valid for the stack that `npm start` runs. */
import { join } from 'node:path';
import { START_DIR } from './common/paths.ts';
import { readStackFile } from './start/stack-file.ts';
import { loadOrCreateKey, mintToken } from './web/issuer.ts';
import { isUserId } from './web/user-id.ts';

process.exitCode = await main(process.argv.slice(2));

async function main([userId, ...others]: string[]): Promise<number> {
  if (userId === undefined || others.length > 0) return refuse('usage: npm run -s token -- <user id>');
  if (!isUserId(userId))
    return refuse(
      `"${userId}" is no user id: use 1 to 128 of A-Z a-z 0-9 _ . : @ | -, starting with a letter or digit.`,
    );
  const stack = await readStackFile();
  if (!stack) return refuse('Parley does not run here: run `npm start` in another terminal first.');
  const privateKey = await loadOrCreateKey(join(START_DIR, 'issuer-key.json'));
  process.stdout.write(`${await mintToken({ issuer: stack.issuer, audience: stack.audience, privateKey }, userId)}\n`);
  return 0;
}

function refuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
