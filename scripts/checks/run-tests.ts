import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVitest, type TestModule, type Vitest } from 'vitest/node';
import { messageOf } from '../common/problem.ts';

/** How many tests passed and failed. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs the tests of some projects in this process, so that they end with it.
 * A file that does not start, an error outside of any test, and a setup that fails count as one failed test each.
 */
export async function runProjects(
  projects: readonly string[],
  filters: readonly string[],
  signal?: AbortSignal,
): Promise<Totals> {
  signal?.throwIfAborted();
  let vitest: Vitest | undefined;
  let running: Vitest | undefined;
  const temporary = await ownTemporaryFolder();
  const cancel = () => void running?.cancelCurrentRun('keyboard-input');
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    vitest = await startVitest([...filters], {
      run: true,
      watch: false,
      project: [...projects],
      passWithNoTests: true,
      reporters: [
        'default',
        {
          onInit: (started) => {
            running = started;
          },
        },
      ],
    });
    return totalsOf(vitest);
  } catch (error) {
    process.stderr.write(
      `${projects.join(', ')}: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
    );
    return { passed: 0, failed: 1 };
  } finally {
    signal?.removeEventListener('abort', cancel);
    await vitest?.close();
    await temporary.remove();
  }
}

/**
 * Lets everything that runs from here on put its temporary files in one folder, and removes that. The CDK leaves a folder
 * for each stack that a test synthesises. Not below the project: what a test installs elsewhere must not find its packages.
 */
async function ownTemporaryFolder(): Promise<{ remove(): Promise<void> }> {
  const { TMPDIR } = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
  process.env.TMPDIR = folder;
  return {
    async remove() {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The sum of several runs. */
export function sum(all: readonly Totals[]): Totals {
  return all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), { passed: 0, failed: 0 });
}

function totalsOf(vitest: Vitest): Totals {
  const outside = { passed: 0, failed: vitest.state.getUnhandledErrors().length };
  return sum([outside, ...vitest.state.getTestModules().map(totalsOfModule)]);
}

function totalsOfModule(module: TestModule): Totals {
  let passed = 0;
  let failed = 0;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') passed += 1;
    // A test that never ran although it should have is not a success.
    if (state === 'failed' || state === 'pending') failed += 1;
  }
  if (failed === 0 && !module.ok()) failed = 1;
  return { passed, failed };
}
