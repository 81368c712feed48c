/**
 * `npm run mutate -- shared/domain`: changes the code of a folder (or of a file, or of `file.ts:3-9`) in one place at a
 * time and runs the unit tests that reach that place. What then still passes is a change that no test would notice.
 *
 * `--sample 0.25 --seed 7` draws a quarter of the mutants, the same ones for the same seed. `--thorough` adds the slow
 * tests, the interleavings and the properties. What an earlier run found is used again where neither the mutant nor
 * its tests have changed; `--force` runs all. For `shared/store` the emulator is started and the contract suite runs.
 */
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { Cleanup, reportFailure, stopRequests } from './common/lifecycle.ts';
import { LOCAL_DIR, PROJECT_ROOT } from './common/paths.ts';
import { freePort } from './common/ports.ts';
import { Problem } from './common/problem.ts';
import { installEmulator } from './emulator/install-emulator.ts';
import { startEmulator } from './emulator/start-emulator.ts';
import { summarize } from './mutation/summary.ts';

/** For what an endless loop may take beyond the time of its tests. A busy machine needs more; what timed out is listed. */
const TIMEOUT_MS = 5_000;
/** Sandboxes, reports and what incremental runs know: megabytes that each run rewrites, so git does not keep them. */
const MUTATION_DIR = join(LOCAL_DIR, 'mutation');

const signal = stopRequests();
// At once: a signal comes twice from a terminal, and StrykerJS would be cut off while it saves a part of its report.
signal.addEventListener('abort', () => process.exit(130), { once: true });
const cleanup = new Cleanup();
try {
  const { values, positionals } = parseArgs({
    options: {
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      thorough: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [target, ...others] = positionals.map((path) => relative(PROJECT_ROOT, join(PROJECT_ROOT, path)));
  if (!target || others.length > 0) throw new Problem('Name one folder or file: npm run mutate -- shared/domain');
  process.stdout.write(`${await mutate(target, values)}\n`);
} catch (error) {
  process.exitCode = reportFailure(error);
} finally {
  await cleanup.run();
}

interface Settings {
  readonly sample?: string | undefined;
  readonly seed: string;
  readonly thorough: boolean;
  readonly force: boolean;
}

async function mutate(target: string, { sample, seed, thorough, force }: Settings): Promise<string> {
  await mkdir(MUTATION_DIR, { recursive: true });
  const drawn = sample === undefined ? '' : `-${sample}-seed-${seed}`;
  const name = `${(target.match(/^(shared\/\w+|client\/src|\w+)/)?.[0] ?? target).replaceAll('/', '-')}${drawn}`;
  if (sample !== undefined) Object.assign(process.env, { PARLEY_MUTATE_SHARE: sample, PARLEY_MUTATE_SEED: seed });
  if (thorough) process.env.PARLEY_MUTATE_THOROUGH = '1';
  if (target.startsWith('shared/store')) process.env.PARLEY_MUTATE_ENDPOINT = await emulatorEndpoint(name);
  const results = await new Stryker({
    mutate: [/\.ts(:\d|$)/.test(target) ? target : `${target}/**/*.ts`],
    testRunner: 'vitest',
    vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: true },
    plugins: ['@stryker-mutator/vitest-runner', './scripts/mutation/plugins.ts'],
    checkers: sample === undefined ? [] : ['sample'],
    coverageAnalysis: 'perTest',
    concurrency: 1,
    timeoutMS: TIMEOUT_MS,
    dryRunTimeoutMinutes: 15,
    incremental: true,
    incrementalFile: join(MUTATION_DIR, `${name}.json`),
    force,
    tempDirName: join('.local', 'mutation', 'sandboxes'),
    ignorePatterns: ['.local', 'artifacts', 'cdk.out', 'coverage'],
    reporters: ['progress-append-only', 'html', 'survivors'],
    htmlReporter: { fileName: join(MUTATION_DIR, `${name}.html`) },
  }).runMutationTest();
  return `${sample === undefined ? '' : `seed ${seed}, share ${sample}\n`}${summarize(results)}`;
}

/** Starts an emulator that ends with this run, and gives its address. */
async function emulatorEndpoint(name: string): Promise<string> {
  const installed = await installEmulator(signal);
  const directory = join(MUTATION_DIR, `emulator-${name}`);
  await mkdir(directory, { recursive: true });
  const emulator = await startEmulator({ installed, port: await freePort(), directory, persist: false, signal });
  cleanup.add(() => emulator.stop());
  return emulator.endpoint;
}
