import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { entryKinds } from '../../shared/domain/entry.ts';
import { actionNames } from '../../shared/protocol/actions.ts';
import { entryEvents } from '../../shared/protocol/entries.ts';
import { COUNTED, LOOKS } from '../support/command-scenes.ts';
import { documentedCosts, documentedLooks } from '../support/documented-costs.ts';

const page = await readFile(new URL('../../docs/table.md', import.meta.url), 'utf8');

test.each(entryEvents)('docs/table.md has a row for %s that names every stored field', (kind) => {
  const row = page.split('\n').find((line) => line.split('|')[1]?.includes(`\`${kind}\``)) ?? '';
  const attributes = [...(row.split('|')[2] ?? '').matchAll(/`(\w+)\??[ `]/g)].map(([, name]) => name);
  expect(attributes).toEqual(Object.keys(entryKinds[kind].body.shape));
});

test('docs/table.md has a row of costs for every action, and each of its rows is counted (test/contract)', async () => {
  const rows = [...(await documentedCosts()).keys()];
  const named = new Set(rows.map((name) => name.split(',')[0]));
  expect([...named].sort()).toEqual([...actionNames, 'unknown-action', 'handshake'].sort());
  expect(rows.sort()).toEqual(Object.keys(COUNTED).sort());
  expect([...(await documentedLooks()).keys()].sort()).toEqual(Object.keys(LOOKS).sort());
});
