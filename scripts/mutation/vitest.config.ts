import { defineConfig } from 'vitest/config';

/** Tests of what is packed, generated, written or installed: no mutant reaches them, and they take minutes. */
const NOT_OF_CODE =
  '{client-package,asyncapi,protocol-*,table-page,docs,links,layers,packages,python,local-web-server}';
/** Every order of some commands, and random runs: seconds a mutant, so only a thorough run takes them. */
const SLOW = ['test/unit/interleave-*.test.ts', 'test/property/{client-view,commands,kills,log}.test.ts'];
/** Only they prove the stores in DynamoDB. The emulator runs already, and each run has its own tables. */
const STORE = ['test/contract/{dynamodb,access-patterns,command-costs}.test.ts'];

/** The costliest command is counted on an emulator, and a mutant's own limit ends what hangs. */
const TEST_TIMEOUT_MS = 120_000;

const { PARLEY_MUTATE_THOROUGH: thorough, PARLEY_MUTATE_ENDPOINT: endpoint } = process.env;

/** The tests that judge mutants. A worker keeps its modules from file to file: loading them is most of a run. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/{unit,property}/**/*.test.ts', ...(endpoint ? STORE : [])],
    exclude: [`test/unit/${NOT_OF_CODE}.test.ts`, ...(thorough ? [] : SLOW)],
    ...(endpoint && { globalSetup: 'scripts/mutation/emulator-setup.ts' }),
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    isolate: false,
  },
});
