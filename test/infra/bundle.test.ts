import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';
import { FUNCTION_NAMES } from '../../infra/code.ts';

/** Loading a bundle is most of a cold start. */
const LARGEST_BYTES = 700_000;

describe('bundles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bundles-'));
  const bundles = bundleFunctions(folder);

  it('cover every handler', () => {
    const handlers = readdirSync('functions').filter(
      (file) => file.endsWith('.ts') && /^export const handler\b/m.test(readFileSync(join('functions', file), 'utf8')),
    );
    expect(handlers.sort()).toEqual(FUNCTION_NAMES.map((name) => `${name}.ts`).sort());
    expect(Object.keys(bundles).sort()).toEqual([...FUNCTION_NAMES].sort());
  });

  it.each([...FUNCTION_NAMES])('%s is one module, and small enough for a fast start', (name) => {
    expect(readdirSync(bundles[name].directory)).toEqual(['index.mjs']);
    expect(bundles[name].bytes).toBeLessThan(LARGEST_BYTES);
  });

  it('are named after their content: the same code is not deployed again', () => {
    expect(bundleFunctions(folder)).toEqual(bundles);
  });
});
