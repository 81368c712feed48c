import type { TestProject } from 'vitest/node';
import '../../test/support/provided.ts';
import { ownTarget } from '../emulator/aws-environment.ts';

/** Global setup of the contract tests on the emulator that `npm run mutate` has started. */
export default function setup(project: TestProject): void {
  project.provide('emulator', ownTarget(process.env.PARLEY_MUTATE_ENDPOINT ?? ''));
}
