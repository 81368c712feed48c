import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import { toConversation, toMember } from '../../shared/domain/conversation-shape.ts';
import { defined } from '../../shared/domain/defined.ts';
import { type Entry, type EntryBody, entryKinds } from '../../shared/domain/entry.ts';
import { toFrame } from '../../shared/domain/entry-frame.ts';
import { logTail } from '../../shared/domain/log-tail.ts';
import { permissionRules } from '../../shared/domain/permissions.ts';
import { type EntryEvent, entryData, entryEvents } from '../../shared/protocol/entries.ts';
import { parseEntryItem, toEntryItem } from '../../shared/store/items.ts';
import { samplesOf } from '../support/schema-samples.ts';
import { aConversation, aMember, anEntry } from '../support/stored.ts';

const place = { conversationId: 'c', seq: 9 };

/** An entry with this body. A sample's ids are only distinct, so they are made valid here. */
function entryOf(kind: EntryEvent, sample: Record<string, unknown>): Entry {
  const onWire = JSON.parse(JSON.stringify(sample).replaceAll(/some (emoji|(\w+))/g, asOnWire));
  return anEntry(place, { kind, ...entryKinds[kind].body.parse(onWire) } as EntryBody) as Entry;
}

function asOnWire(_: string, emoji: string, name: string | undefined): string {
  return name === undefined && emoji === 'emoji' ? '👍' : `some-${name}`;
}

describe.each(entryEvents)('%s', (kind) => {
  const { body, unsent = [] } = entryKinds[kind];
  const samples = samplesOf(body);
  const full = samples[0]?.sample ?? {};

  test.each(samples.map(({ without = 'nothing', sample }) => [without, sample] as const))(
    'is read as it was stored, without %s (shared/store/items.ts, and the body of shared/domain/entries)',
    (_, sample) => {
      const entry = { ...entryOf(kind, sample), clientMessageId: 'm-1', origin: 'k=' };
      const stored = unmarshall(marshall(toEntryItem(entry), { removeUndefinedValues: true }));
      expect(parseEntryItem(stored)).toEqual(entry);
    },
  );

  test.each(samples.map(({ without = 'nothing', sample }) => [without, sample] as const))(
    'is sent as the protocol says, without %s (`data` of shared/domain/entries, or the schema in shared/protocol)',
    (_, sample) => {
      const { event, data } = toFrame(entryOf(kind, sample));
      expect(event).toBe(kind);
      expect(entryData[kind].strict().parse(data)).toEqual(data);
    },
  );

  test('is sent with every field that the protocol names (`data` of shared/domain/entries)', () => {
    const { data } = toFrame({ ...entryOf(kind, full), clientMessageId: 'm-1' });
    expect(Object.keys(data).sort()).toEqual(Object.keys(entryData[kind].shape).sort());
  });

  test.each(Object.keys(full).filter((name) => !(unsent as readonly string[]).includes(name)))(
    'sends the stored %s (`data` of shared/domain/entries, or `unsent`)',
    (name) => {
      const whole = entryOf(kind, full);
      const other = { ...whole, [name]: name === 'reactions' ? [] : undefined } as Entry;
      expect(toFrame(other)).not.toEqual(toFrame(whole));
    },
  );

  test.each(unsent)('does not send the stored %s', (name) => {
    const without = { ...entryOf(kind, full), [name]: undefined } as Entry;
    expect(toFrame(without)).toEqual(toFrame(entryOf(kind, full)));
  });
});

test('neither a frame nor a stored item knows undefined, at any depth; lists and null are values', () => {
  const fields = { none: undefined, inner: { none: undefined, deep: { none: undefined, one: 1 } }, list: [undefined] };
  expect(defined({ ...fields, nothing: null })).toStrictEqual({
    ...{ inner: { deep: { one: 1 } }, list: [undefined], nothing: null },
  });
});

test('a conversation shows slow mode while it is on, and a member that they are banned while they are', () => {
  const shown = (slowModeSeconds?: number) => toConversation(aConversation({ slowModeSeconds })).slowModeSeconds;
  expect([shown(), shown(0), shown(30)]).toEqual([undefined, undefined, 30]);
  const member = aMember({ conversationId: 'c' });
  expect(toMember(member)).not.toHaveProperty('banned');
  expect(toMember({ ...member, state: 'banned' })).toMatchObject({ banned: true });
});

test('an empty log begins as its conversation does, and one of a conversation without a row at nothing', () => {
  const conversation = aConversation({ initial: { owners: 2, members: 5 }, slowModeSeconds: 30 });
  const begins = { n: 0, lastMessageSeq: 0, tat: 0 };
  expect(logTail([], conversation).running).toEqual({ ...begins, owners: 2, members: 5, slowModeSeconds: 30 });
  expect(logTail([], undefined).running).toEqual({ ...begins, owners: 0, members: 0, slowModeSeconds: 0 });
});

test('no two kinds declare the same permission, and each permission says who holds it', () => {
  const named = Object.values(entryKinds).flatMap(({ permissions }) => Object.keys(permissions));
  expect(new Set(named).size).toBe(named.length);
  for (const { allows, roles } of Object.values(permissionRules)) {
    expect(allows).toMatch(/^[a-z]/);
    expect(roles).toContain('owner');
  }
});
