import type { TestProject } from 'vitest/node';
import './provided.ts';
import { testEmulator } from './test-emulator.ts';

/** Global setup of tests that need the emulator (DynamoDB above all), but nothing deployed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const emulator = testEmulator();
  emulator.enter();
  try {
    project.provide('emulator', await emulator.emulator());
  } catch (error) {
    await emulator.leave();
    throw error;
  }
  return () => emulator.leave();
}
