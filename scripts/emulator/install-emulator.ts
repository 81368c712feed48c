import { installPackages, type PythonPackages } from '../common/python.ts';

const LOCK_FILE = new URL('ministack.lock.txt', import.meta.url);

/** An installed emulator: how to start it. */
export type InstalledEmulator = PythonPackages;

/**
 * Installs MiniStack as the lock file pins it, with hashes, into a folder of the project's, once.
 * @throws Problem if there is no suitable Python, or its pip fails
 */
export function installEmulator(signal?: AbortSignal): Promise<InstalledEmulator & { readonly fresh: boolean }> {
  return installPackages('ministack', LOCK_FILE, signal);
}
