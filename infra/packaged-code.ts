import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChatCode, FUNCTION_NAMES } from './code.ts';

/** Where the published package has the code, beside its compiled constructs. */
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/**
 * Gives the code that the published package brings along.
 * @throws Error if the package was not built, as in a checkout of the sources: pass the code there.
 */
export function packagedCode(): ChatCode {
  const bundles = Object.fromEntries(
    FUNCTION_NAMES.map((name) => [name, { directory: join(PACKAGE, 'functions', name) }]),
  );
  for (const [name, { directory }] of Object.entries(bundles)) {
    if (!existsSync(join(directory, 'index.mjs'))) {
      throw new Error(
        `The package has no code for "${name}". In a checkout of the sources, pass \`code\` to the chat.`,
      );
    }
  }
  return { bundles: bundles as ChatCode['bundles'], webApp: join(PACKAGE, 'web') };
}
