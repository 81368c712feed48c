/**
 * `npm run check`: to be run before every commit. Format, lint, types, links, nothing unused, generated
 * files current, the API reference, synthesis with cdk-nag, unit and property tests; nothing is deployed.
 */
import { rm } from 'node:fs/promises';
import { runProjects } from './checks/run-tests.ts';
import {
  generatedChecks,
  referenceCheck,
  runCheck,
  sourceChecks,
  synthCheck,
  unusedCheck,
} from './checks/static-checks.ts';
import { reportFailure, stopRequests } from './common/lifecycle.ts';
import { Steps } from './common/steps.ts';

const signal = stopRequests();
try {
  process.exit((await allPass()) ? 0 : 1);
} catch (error) {
  process.exit(reportFailure(error));
}

async function allPass(): Promise<boolean> {
  const steps = new Steps();
  const synth = synthCheck();
  let good = true;
  for (const check of [...sourceChecks(), unusedCheck(), ...(await generatedChecks()), referenceCheck(), synth]) {
    good = (await runCheck(check, steps, signal)) && good;
  }
  await rm(synth.parameters.at(-1) ?? '', { recursive: true, force: true });
  const { passed, failed } = await runProjects(['unit', 'property'], [], signal);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return good && failed === 0 && passed > 0;
}
