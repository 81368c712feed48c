import { defineConfig } from 'vitest/config';

/** Starting functions for the first time, and the emulator's handling frames one by one, take their time. */
const DEPLOYED_TEST_TIMEOUT_MS = 60_000;
/** The emulator's queues and streams pause for seconds under load; what fails twice in a row is no pause. Shown as a retry. */
const DEPLOYED_TEST_RETRIES = 1;
const SYNTH_TIMEOUT_MS = 60_000;
/** Trying every order of a few commands takes a second on an idle machine, and many on a slow or busy one. */
const UNIT_TIMEOUT_MS = 30_000;

/** Projects of one group run together, groups one after another: what is deployed is not measured while others load the machine. */
export default defineConfig({
  test: {
    environment: 'node',
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: UNIT_TIMEOUT_MS,
          hookTimeout: UNIT_TIMEOUT_MS,
        },
      },
      { extends: true, test: { name: 'property', include: ['test/property/**/*.test.ts'], testTimeout: 60_000 } },
      {
        extends: true,
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          testTimeout: SYNTH_TIMEOUT_MS,
          hookTimeout: SYNTH_TIMEOUT_MS,
          // Loading the CDK takes seconds, and its constructs share nothing between tests: once per worker is enough.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          globalSetup: 'test/support/emulator-setup.ts',
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/support/stack-setup.ts',
          testTimeout: DEPLOYED_TEST_TIMEOUT_MS,
          retry: DEPLOYED_TEST_RETRIES,
          hookTimeout: DEPLOYED_TEST_TIMEOUT_MS,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts', 'test/support/browser-setup.ts'],
          testTimeout: DEPLOYED_TEST_TIMEOUT_MS,
          retry: DEPLOYED_TEST_RETRIES,
          hookTimeout: DEPLOYED_TEST_TIMEOUT_MS,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
