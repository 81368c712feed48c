import type { TestProject } from 'vitest/node';
import './provided.ts';
import { testEmulator } from './test-emulator.ts';

/** Global setup of tests on the deployed stack: starts the emulator with IAM enforced, and runs `cdk deploy`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const emulator = testEmulator();
  emulator.enter();
  try {
    project.provide('stack', await emulator.stack());
  } catch (error) {
    await emulator.leave();
    throw error;
  }
  return () => emulator.leave();
}
