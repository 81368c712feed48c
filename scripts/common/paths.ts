import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Everything that running locally leaves behind; git ignores it, and deleting it starts afresh. */
export const LOCAL_DIR = join(PROJECT_ROOT, '.local');

/** Emulators as installed, one folder per lock file, shared by `npm start` and the tests. */
export const TOOLS_DIR = join(LOCAL_DIR, 'tools');

/** State of `npm start`: the emulator's, the issuer's key, logs. */
export const START_DIR = join(LOCAL_DIR, 'start');

/** What a running `npm start` tells others (see `stack-file.ts`). */
export const STACK_FILE = join(LOCAL_DIR, 'stack.json');

/** Commands of the installed packages. */
export const BINARIES_DIR = join(PROJECT_ROOT, 'node_modules', '.bin');
