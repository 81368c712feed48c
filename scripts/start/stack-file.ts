import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { STACK_FILE } from '../common/paths.ts';

/** A demo user with a token that is valid for hours. */
export interface DemoUser {
  readonly userId: string;
  readonly token: string;
}

/** What a running `npm start` tells other programs, in `.local/stack.json`. */
export interface RunningStack {
  /** Process that serves it. */
  readonly pid: number;
  readonly webSocketUrl: string;
  readonly managementUrl: string;
  readonly webUrl: string;
  /** What `AWS_ENDPOINT_URL` is to be set to, to look at tables or functions. */
  readonly endpoint: string;
  readonly region: string;
  readonly issuer: string;
  readonly audience: string;
  /** All outputs of the deployed stack, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly users: readonly DemoUser[];
}

/** The stack that runs, or did when its process was killed; `undefined` if there is none. */
export async function readStackFile(): Promise<RunningStack | undefined> {
  try {
    return JSON.parse(await readFile(STACK_FILE, 'utf8')) as RunningStack;
  } catch {
    return undefined;
  }
}

/** Writes the file in one go: a reader never sees half of it. It holds tokens, so only the owner may read it. */
export async function writeStackFile(stack: RunningStack): Promise<void> {
  await mkdir(dirname(STACK_FILE), { recursive: true });
  const partial = `${STACK_FILE}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(stack, undefined, 2)}\n`, { mode: 0o600 });
  await rename(partial, STACK_FILE);
}

/** Removes the file, if it is ours. */
export async function removeStackFile(): Promise<void> {
  if ((await readStackFile())?.pid === process.pid) await rm(STACK_FILE, { force: true });
}
