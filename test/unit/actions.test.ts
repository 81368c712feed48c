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

describe.each(actionNames)('the record of %s', (name) => {
  const { does, examples, fields, summary } = actions[name];

  test('has examples that are valid commands, each with a label of its own', () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(fields.safeParse(example.fields(context))).toMatchObject({ success: true });
    expect(new Set(examples.map(({ variant }) => variant)).size).toBe(examples.length);
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
