import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT, START_DIR } from '../common/paths.ts';

const RUNNING_FILE = join(START_DIR, 'running.json');

/** What `/status.json` of a running Parley says. */
export interface Status {
  readonly name: 'parley';
  readonly root: string;
  readonly pid: number;
  readonly ready: boolean;
}

/** Asks whoever listens at the address whether it is a Parley. */
export async function statusAt(origin: string): Promise<Status | undefined> {
  try {
    const response = await fetch(`${origin}/status.json`, { signal: AbortSignal.timeout(2_000), redirect: 'error' });
    const status = (await response.json()) as Partial<Status>;
    return status.name === 'parley' ? (status as Status) : undefined;
  } catch {
    return undefined;
  }
}

/** The `npm start` of this folder that runs at the moment. It is asked: a file alone may be left over. */
export async function findRunning(): Promise<Status | undefined> {
  const origin = await readFile(RUNNING_FILE, 'utf8').catch(() => undefined);
  const status = origin ? await statusAt(origin) : undefined;
  return status?.root === PROJECT_ROOT ? status : undefined;
}

/** Lets another `npm start` find this one. */
export async function announceRunning(origin: string): Promise<void> {
  await writeFile(RUNNING_FILE, origin);
}

export async function withdrawRunning(): Promise<void> {
  await rm(RUNNING_FILE, { force: true });
}
