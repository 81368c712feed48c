import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from '../../scripts/asyncapi.ts';
import { actionNames } from '../../shared/protocol/actions.ts';

const text = await readFile(new URL('../../docs/asyncapi.json', import.meta.url), 'utf8');

describe('docs/asyncapi.json', () => {
  it('is up to date with the schemas', () => {
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
  });

  it('is a valid AsyncAPI 3 document', async () => {
    const { document, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
  });

  it('has an operation for every action', () => {
    expect(Object.keys(JSON.parse(text).operations).sort()).toEqual([...actionNames, 'push'].sort());
  });
});
