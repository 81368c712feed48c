import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { typeName } from '../../scripts/protocol-page/names.ts';
import { actionNames, actions } from '../../shared/protocol/actions.ts';
import { entryData } from '../../shared/protocol/entries.ts';
import { ephemeralData } from '../../shared/protocol/events.ts';
import { codeBlocks } from '../support/page-exchanges.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = await readFile(join(root, 'docs/protocol.md'), 'utf8');

/** Changes of the page's interfaces, each of which must be noticed. */
const BROKEN = {
  'another type': page.replace('duplicate?: true', 'duplicate?: string'),
  'a field too few': page.replace('  isTyping: boolean;\n', ''),
  'a field too many': page.replace('  deletedBy: UserId;\n', '  deletedBy: UserId;\n  extra: Seq;\n'),
  'a field that must be there': page.replace('clientMessageId?: ClientId', 'clientMessageId: ClientId'),
};

/** What must hold between the page and the schemas: each interface with the type of what is parsed or sent. */
function comparisons(): [string, string][] {
  const commands = actionNames.map((name): [string, string] => [
    `Fields<${typeName(name)}Command>`,
    `CommandFields<'${name}'>`,
  ]);
  const replies = actionNames.flatMap((name): [string, string][] => {
    const { reply } = actions[name];
    if (!reply) return [];
    const type = typeName(reply.event);
    const isEntry = Object.hasOwn(entryData, reply.event);
    return [[isEntry ? `${type} | Unchanged<${type}>` : type, `ReplyData<'${name}'>`]];
  });
  const entries = Object.keys(entryData).map((event): [string, string] => [
    event === 'receive-message' ? 'Message' : typeName(event),
    `Extract<Stored, { event: '${event}' }>['data']`,
  ]);
  const pushes = Object.keys(ephemeralData).map((event): [string, string] => [
    event === 'conversation-created' ? 'Conversation' : typeName(event),
    `Extract<EphemeralFrame, { event: '${event}' }>['data']`,
  ]);
  return [...commands, ...replies, ...entries, ...pushes];
}

/** The interfaces of a page as one module that is only sound if they are what the schemas say. */
function moduleOf(text: string): string {
  return [
    `import type { CommandFields, ReplyData } from '${root}shared/protocol/actions.ts';`,
    `import type { EntryFrame as Stored } from '${root}shared/protocol/entries.ts';`,
    `import type { EphemeralFrame } from '${root}shared/protocol/events.ts';`,
    ...codeBlocks(text, 'ts'),
    "type Fields<C> = C extends unknown ? Omit<C, 'action' | 'requestId'> : never;",
    // A page's entries are frames of any kind to the schema of the page, and each is held to its own.
    'type Plain<T> = T extends object ? { [K in keyof T as K extends "entries" ? never : K]: Plain<T[K]> } : T;',
    'type Same<A, B> = [A, B] extends [B, A] ? true : false;',
    'export const same: true[] = [];',
    ...comparisons().map(([a, b]) => `same.push(true satisfies Same<Plain<${a}>, Plain<${b}>>);`),
  ].join('\n');
}

let folder: string;
let output: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'protocol-page-'));
  const pages = Object.entries({ page, ...BROKEN });
  await Promise.all(pages.map(([name, text]) => writeFile(join(folder, `${fileName(name)}.mts`), moduleOf(text))));
  const compilerOptions = { noEmit: true, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.mts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  output = await typeCheck(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function fileName(name: string): string {
  return name.replaceAll(' ', '-');
}

/** What the compiler says of one page, and of the sources that it imports. */
function faultsIn(file: string): string[] {
  return output.split('\n').filter((line) => line.includes(`/${file}.mts(`) || (line && !line.includes('.mts(')));
}

function typeCheck(project: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const tsc = join(root, 'node_modules/.bin/tsc');
  execFile(tsc, ['--project', project, '--noUnusedLocals', 'false'], (error, stdout) => {
    resolve(error && !stdout ? String(error) : stdout);
  });
  return promise;
}

it('the interfaces of the page are TypeScript, and are what the schemas take and give', () => {
  expect(comparisons().length).toBeGreaterThan(40);
  expect(faultsIn('page')).toEqual([]);
});

it.each(Object.entries(BROKEN))('%s would be noticed', (name, text) => {
  expect(text).not.toBe(page);
  expect(faultsIn(fileName(name)).join()).toContain("Type 'true' does not satisfy the expected type 'false'");
});
