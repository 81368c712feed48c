import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { actionNames, actions, isAction } from '../../shared/protocol/actions.ts';

const context = {
  conversationId: 'general',
  seq: 3,
  position: 4,
  me: 'alice',
  other: 'bob',
  id: 'an-id',
  now: new Date('2026-01-01T00:00:00.000Z'),
};

const root = fileURLToPath(new URL('../../', import.meta.url));

/** All sources of a folder, as one text. */
async function sources(folder: string): Promise<string> {
  const files = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const sources = files.filter(({ name }) => name.endsWith('.ts'));
  return (await Promise.all(sources.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')))).join(
    '\n',
  );
}

const client = await sources('client/src');
const protocolPage = await readFile(join(root, 'docs/protocol.md'), 'utf8');

describe.each(actionNames)('the record of %s', (name) => {
  const { does, examples, fields, summary } = actions[name];

  test('has examples that are valid commands, each with a label of its own', () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(fields.safeParse(example.fields(context))).toMatchObject({ success: true });
    expect(new Set(examples.map(({ variant }) => variant)).size).toBe(examples.length);
  });

  test('is sent by the SDK (a method in client/src/api, its body in client/src/conversation)', () => {
    expect(client).toContain(`'${name}'`);
  });

  test('says what it does in one sentence, without the full stop', () => {
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
    expect(does).toMatch(/^[a-z].*[^.]$/);
  });
});

test('what every object inherits is not an action', () => {
  for (const name of ['constructor', '__proto__', 'toString', '$connect', '', undefined, 7])
    expect(isAction(name)).toBe(false);
});

test('ERR-1: the actions whose errors are `message-error` are those that the rule names', () => {
  const rule = /^- \*\*ERR-1\*\* [\s\S]*?, and `error`/m.exec(protocolPage)?.[0] ?? '';
  const named = [...rule.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name).slice(1, -1);
  const recorded = actionNames.filter((name) => actions[name].errorEvent === 'message-error');
  expect(recorded.toSorted()).toEqual(named.toSorted());
});
