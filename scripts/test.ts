/**
 * `npm test`: everything. Format, lint and types, then all tests, those on the deployed stack last; its last line is
 * `N passed, N failed`, and it succeeds only if something passed and nothing failed.
 *
 * `node scripts/test.ts --project unit [filter …]` runs the tests of one project only.
 */
import { parseArgs } from 'node:util';
import { runProjects, sum, type Totals } from './checks/run-tests.ts';
import { runCheck, sourceChecks } from './checks/static-checks.ts';
import { reportFailure, stopRequests } from './common/lifecycle.ts';
import { Steps } from './common/steps.ts';

/** What runs together. A setup that fails, as a deployment might, takes only its own group down. */
const GROUPS = [['unit', 'property', 'infra'], ['contract'], ['e2e', 'browser']];

const signal = stopRequests();
const { values, positionals } = parseArgs({
  options: { project: { type: 'string', multiple: true } },
  allowPositionals: true,
});
try {
  const totals = values.project ? await runProjects(values.project, positionals, signal) : await everything();
  process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
  process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
} catch (error) {
  process.exit(reportFailure(error));
}

async function everything(): Promise<Totals> {
  const steps = new Steps();
  const all: Totals[] = [];
  for (const check of sourceChecks()) {
    all.push({ passed: 0, failed: (await runCheck(check, steps, signal)) ? 0 : 1 });
  }
  for (const projects of GROUPS) {
    all.push(await runProjects(projects, positionals, signal));
    signal.throwIfAborted();
  }
  return sum(all);
}
