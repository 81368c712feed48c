import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { type Checker, type CheckResult, CheckStatus } from '@stryker-mutator/api/check';
import type { Mutant } from '@stryker-mutator/api/core';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import type { Reporter } from '@stryker-mutator/api/report';
import { describe } from './summary.ts';

/** What a mutant that is not drawn is reported with; its status is `CompileError`, which counts for no score. */
const NOT_DRAWN = { status: CheckStatus.CompileError, reason: 'not drawn' } as const;
const HASH_BITS = 32;

const { PARLEY_MUTATE_SEED: seed = '', PARLEY_MUTATE_SHARE: share = '1' } = process.env;

/** Draws a mutant by a hash of the seed and of what it changes: the same code and seed give the same sample. */
function isDrawn({ fileName, location, mutatorName, replacement }: Mutant): boolean {
  const { start, end } = location;
  const place = [relative(process.cwd(), fileName), start.line, start.column, end.line, end.column];
  const hash = createHash('sha256')
    .update(JSON.stringify([seed, ...place, mutatorName, replacement]))
    .digest();
  return hash.readUInt32BE() < Number(share) * 2 ** HASH_BITS;
}

const sample: Checker = {
  async init() {},
  async check(mutants) {
    const passed: CheckResult = { status: CheckStatus.Passed };
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, isDrawn(mutant) ? passed : NOT_DRAWN]));
  },
  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  },
};

/** Prints what was not killed as it is found: a run takes hours. */
const survivors: Reporter = {
  onMutantTested(result) {
    const line = describe(result);
    if (line !== undefined) process.stdout.write(`${line}\n`);
  },
};

/** Plugins of StrykerJS: the checker `sample`, set by `PARLEY_MUTATE_SEED` and `…_SHARE`; the reporter `survivors`. */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Checker, 'sample', sample),
  declareValuePlugin(PluginKind.Reporter, 'survivors', survivors),
];
