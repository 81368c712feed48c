import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { MutantResult, MutantStatus } from '@stryker-mutator/api/core';
import { PROJECT_ROOT } from '../common/paths.ts';

/** What a reader looks at one by one; the killed are only counted. */
const LISTED: readonly MutantStatus[] = ['Survived', 'NoCoverage', 'Timeout', 'RuntimeError'];
const LONGEST_SHOWN = 100;

/**
 * The counts of a run as a line. A mutant that no test runs is one that survived; one that timed out, or broke the run
 * outside of a test, counts on neither side until somebody has looked at it.
 */
export function summarize(results: readonly MutantResult[]): string {
  const count = (status: MutantStatus) => results.filter((each) => each.status === status).length;
  const killed = count('Killed');
  const alive = count('Survived') + count('NoCoverage');
  const counts = LISTED.map((status) => `${count(status)} ${status}`).join(', ');
  const score = ((100 * killed) / Math.max(1, killed + alive)).toFixed(1);
  return `${killed} Killed, ${counts}: ${score} %`;
}

/** A mutant that was not killed as `status file:line:column before → after`; `undefined` for one that was. */
export function describe({ fileName, location, replacement, status }: MutantResult): string | undefined {
  if (!LISTED.includes(status)) return undefined;
  const { start, end } = location;
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const changed = lines.slice(start.line - 1, end.line);
  changed.push((changed.pop() ?? '').slice(0, end.column - 1));
  const before = changed.join('\n').slice(start.column - 1);
  const place = `${relative(PROJECT_ROOT, fileName)}:${start.line}:${start.column}`;
  return `${status} ${place} ${oneLine(before)} → ${oneLine(replacement)}`;
}

function oneLine(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}
