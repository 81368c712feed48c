import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleFunctions, FUNCTION_NAMES, handlerFiles } from '../../infra/bundle.ts';

/** Files right under `functions/` that are no handlers. */
const OTHERS = ['runtime'];
/** Loading a bundle is most of a cold start. */
const LARGEST_BYTES = 700_000;

describe('bundles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bundles-'));
  const bundles = bundleFunctions(folder);

  it('are made of every handler there is', () => {
    expect(handlerFiles().filter((name) => !OTHERS.includes(name))).toEqual([...FUNCTION_NAMES].sort());
    expect(Object.keys(bundles).sort()).toEqual([...FUNCTION_NAMES].sort());
  });

  it.each([...FUNCTION_NAMES])('%s is one module of a bearable size', (name) => {
    expect(readdirSync(bundles[name].directory)).toEqual(['index.mjs']);
    expect(bundles[name].bytes).toBeLessThan(LARGEST_BYTES);
  });

  it('are named by their content: the same code is no new deployment', () => {
    expect(bundleFunctions(folder)).toEqual(bundles);
  });
});
