import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

const AXE = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

interface Findings {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What axe finds serious or critical on the page, one text for each finding, with the element. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Not as a script element, because the policy refuses those.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as Findings;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}
