import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { MutantResult, MutantStatus } from '@stryker-mutator/api/core';
import { PROJECT_ROOT } from '../common/paths.ts';

/** What a reader looks at one by one; the killed are only counted. */
const LISTED = ['Survived', 'NoCoverage', 'Timeout', 'RuntimeError'] as const satisfies readonly MutantStatus[];
const LONGEST_SHOWN = 100;

/**
 * The result of a run as text: each mutant that was not killed as `status file:line:column before → after`, then the
 * counts. A mutant that no test runs is one that survived; one that timed out or broke the run outside of a test is
 * listed and counts on neither side until somebody has looked at it.
 */
export function summarize(results: readonly MutantResult[]): string {
  const of = (status: MutantStatus) => results.filter((each) => each.status === status);
  const killed = of('Killed').length;
  const alive = of('Survived').length + of('NoCoverage').length;
  const listed = LISTED.flatMap((status) => of(status).map((mutant) => `${status} ${describe(mutant)}`));
  const counts = LISTED.map((status) => `${of(status).length} ${status}`).join(', ');
  const score = ((100 * killed) / Math.max(1, killed + alive)).toFixed(1);
  return [...listed, '', `${killed} Killed, ${counts}: ${score} %`].join('\n');
}

function describe({ fileName, location: { start, end }, replacement }: MutantResult): string {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1)?.slice(0, end.column) ?? '';
  const before = lines.join('\n').slice(start.column);
  const place = `${relative(PROJECT_ROOT, fileName)}:${start.line + 1}:${start.column + 1}`;
  return `${place} ${oneLine(before)} → ${oneLine(replacement)}`;
}

function oneLine(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}
