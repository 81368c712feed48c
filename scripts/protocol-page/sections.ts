import type * as z from 'zod';
import type { ActionRecord } from '../../shared/protocol/actions/action.ts';
import { actionNames, actions } from '../../shared/protocol/actions.ts';
import { entryData } from '../../shared/protocol/entries.ts';
import { ephemeralData } from '../../shared/protocol/events.ts';
import { detailsOf } from './constraints.ts';
import { declaration, typeText } from './interfaces.ts';
import { anchorOf } from './links.ts';
import { table, typeScript, wrapped } from './markdown.ts';
import { entryBase, names, scalarNames, shapeNames, typeName } from './names.ts';

/** Where each rule stands: its id and the anchor of its heading. */
export type Rules = ReadonlyMap<string, string>;

/** Every command: a table of all, then each with its interface, its reply and what others get. */
export function commandSections(rules: Rules): string {
  const records = actionNames.map((name): [string, ActionRecord] => [name, actions[name]]);
  const rows = records.map(([name, record]) => [
    linked(name),
    record.summary,
    record.reply ? `\`${record.reply.event}\`` : '–',
    record.pushes.map(linked).join(', ') || '–',
  ]);
  const overview = table(['command', 'asks to', 'reply', 'pushed to others'], rows);
  return [overview, ...records.map(([name, record]) => commandSection(name, record, rules))].join('\n\n');
}

function commandSection(name: string, record: ActionRecord, rules: Rules): string {
  const base = `Command<'${name}'>`;
  const command = declaration({ name: `${typeName(name)}Command`, schema: record.fields, io: 'input', base }, names);
  const facts = [
    `Error: \`${record.errorEvent}\`${record.errors.map((code, at) => `${at ? ', ' : ': '}\`${code}\``).join('')}.`,
    `Pushed to others: ${record.pushes.map(linked).join(', ') || 'nothing'}.`,
    `Rules: ${record.rules.map((id) => ruleLink(id, rules)).join(', ')}.`,
  ];
  return [
    `#### \`${name}\``,
    `Client → server. ${record.summary}.`,
    typeScript(command),
    replySection(record),
    wrapped(facts.join(' ')),
  ].join('\n\n');
}

function replySection({ reply }: ActionRecord): string {
  if (!reply) return 'Server → client: no reply, if it succeeds.';
  const type = typeText(reply.data, 'output', names);
  if (!type.includes('{')) return `Server → client: reply \`${reply.event}\`, whose \`data\` is \`${type}\`.`;
  const data = declaration({ name: typeName(reply.event), schema: reply.data, io: 'output' }, names);
  return `Server → client: reply \`${reply.event}\`, whose \`data\` is\n\n${typeScript(data)}`;
}

/** Every durable entry: a table of all, what they have in common, then each with its interface. */
export function entrySections(): string {
  const events = Object.entries(entryData);
  const union = `type EntryFrame =${events
    .map(([event, data]) => `\n  | Push<'${event}', ${typeText(data, 'output', names)}>`)
    .join('')};`;
  return [
    table(
      ['`event`', 'what happened'],
      events.map(([event, data]) => [linked(event), described(event, data)]),
    ),
    'Every entry but a message begins with the same fields:',
    typeScript(declaration({ name: 'Entry', schema: entryBase, io: 'output' }, names), union),
    ...events.map(([event, data]) => pushSection(event, data)),
  ].join('\n\n');
}

/** Every push that is not in a log. */
export function pushSections(): string {
  return Object.entries(ephemeralData)
    .map(([event, data]) => pushSection(event, data))
    .join('\n\n');
}

function pushSection(event: string, data: z.ZodType): string {
  const type = typeName(event);
  const shape = typeText(data, 'output', names);
  const isShape = /^\w+$/.test(shape) && shape !== type;
  return [
    `#### \`${event}\``,
    wrapped(`Server → client. ${described(event, data)}.`),
    isShape ? `\`data\` is \`${shape}\`.` : typeScript(declaration({ name: type, schema: data, io: 'output' }, names)),
  ].join('\n\n');
}

/** What a push's schema says that it tells. */
function described(event: string, data: z.ZodType): string {
  const text = detailsOf(data);
  if (!text) throw new Error(`say what ${event} tells: describe its schema in shared/protocol`);
  return text;
}

/** What several messages hold: objects first, then ids, texts and numbers. */
export function shapeSections(): string {
  const declared = (named: typeof names) =>
    [...named].map(([schema, name]) => declaration({ name, schema, io: 'input' }, names));
  return typeScript(...declared(shapeNames), declared(scalarNames).join('\n'));
}

function ruleLink(id: string, rules: Rules): string {
  const anchor = rules.get(id);
  if (anchor === undefined) throw new Error(`docs/protocol.md has no rule ${id}`);
  return `[${id}](#${anchor})`;
}

function linked(name: string): string {
  return `[\`${name}\`](#${anchorOf(name)})`;
}
