import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { buildClient } from '../../client/build.ts';
import { type Declared, declaredIn } from '../support/declared-docs.ts';

const CLIENT = path.resolve(import.meta.dirname, '../../client');
const MODULES = path.resolve(import.meta.dirname, '../../node_modules');
/**
 * It was 15 until every call could be called off, unknown fields were refused, and storage might be missing; and 17 until
 * conversations were stored. That is no file of its own: a page without a network could not load it.
 */
const SIZE_MAX_BYTES = 20 * 1024;

/** A program as a reader of the README would write it. The tests run it and check its types. */
const PROGRAM = `import { ChatError, createClient, type Message } from '@parley/client';

const client = createClient({
  url: process.argv[2] ?? '',
  token: async () => 'x',
  tokenIn: 'query',
  commandTimeoutMs: 5_000,
});
client.on('state', ({ previous, current, reason, retryIn }) => console.log(previous, current, reason, retryIn ?? ''));
await client.connect();
const room = client.conversations.get('lobby');
room.on('message', (message: Message) => console.log(message.content?.length, message.seq));
await room.join();
const sent: Message = await room.send('x'.repeat(1_000) + 'ß');
await room.react(sent.seq, 'nonsense').catch((error: ChatError) => console.log(error.code, error.retryable));
console.log(client.userId, room.messages.map(({ seq, status }) => [seq, status].join()).join(' '));
client.close();
`;

/** Enough of a server for that program. */
function startServer(): Promise<{ url: string; close(): void }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const common = {
    conversationId: 'lobby',
    senderId: 'ann',
    type: 'text',
    createdAt: '2026-11-22T12:00:00.000Z',
    reactions: [],
  };
  server.on('connection', (socket) => {
    socket.on('message', (raw: Buffer) => {
      const { action, requestId, content, clientMessageId } = JSON.parse(raw.toString());
      const answer = (event: string, data: object) => socket.send(JSON.stringify({ event, requestId, data }));
      const at = new Date().toISOString();
      if (action === 'ping')
        answer('pong', { at, userId: 'ann', expiresAt: '2099-01-01T00:00:00.000Z', protocol: 'chat.v1', behind: [] });
      if (action === 'join') {
        const conversation = { conversationId: 'lobby', epoch: 'e', kind: 'channel', createdBy: 'ann', createdAt: at };
        const page = {
          entries: [],
          head: 0,
          hasMore: false,
          online: [],
          marks: [{ userId: 'ann', readSeq: 0, deliveredSeq: 0 }],
        };
        answer('joined-conversation', {
          conversationId: 'lobby',
          success: true,
          conversation,
          role: 'member',
          ...page,
        });
      }
      if (action === 'add-reaction')
        answer('error', { code: 'validation-failed', message: 'unable to go on; no emoji', retryable: false });
      if (action === 'send-message')
        answer('message-sent', { ...common, content, clientMessageId, seq: 1, n: 1, rev: 1 });
    });
  });
  return new Promise((resolve) => {
    server.on('listening', () => {
      const { port } = server.address() as { port: number };
      resolve({ url: `ws://127.0.0.1:${port}`, close: () => server.close() });
    });
  });
}

/** All examples as one module, each in a function of its own, with what their readers have at hand. */
function programOf(all: readonly Declared[]): string {
  const examples = all.flatMap(({ name, examples }) => examples.map((code) => `// ${name}\nasync () => {${code}};`));
  return `import type { ChatError, ChatSocket, Client, Clock, Conversation, Lifecycle } from '@parley/client';
import { contentError, createClient, indexedDbCopies, indexedDbOutbox, isChannelId, isConversationId, isUserId } from '@parley/client';
import { limits, memoryCopies, memoryOutbox } from '@parley/client';
import { useConnection, useConversation, useMessages, usePresence, useTyping } from '@parley/client/react';
declare const client: Client, conversation: Conversation, text: string;
declare const clock: Clock, lifecycle: Lifecycle, socket: ChatSocket;
${examples.join('\n')}
`;
}

function typeCheck(cwd: string, args: string[]): void {
  const { status, stdout } = spawnSync(process.execPath, [path.join(MODULES, 'typescript/lib/tsc.js'), ...args], {
    cwd,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
}

describe('the package', () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof startServer>>;

  beforeAll(async () => {
    server = await startServer();
    folder = mkdtempSync(path.join(tmpdir(), 'parley-client-'));
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: CLIENT });
    const [tarball] = readdirSync(folder);
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'empty', type: 'module', private: true }));
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', `./${tarball}`], {
      cwd: folder,
    });
    writeFileSync(path.join(folder, 'program.ts'), PROGRAM);
    const compiled = await build({
      entryPoints: [path.join(folder, 'program.ts')],
      write: false,
      format: 'esm',
      target: 'es2022',
    });
    writeFileSync(path.join(folder, 'program.mjs'), compiled.outputFiles[0]?.text ?? '');
  }, 120_000);

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('brings only itself: no dependencies, no sources', () => {
    const installed = path.join(folder, 'node_modules');
    expect(readdirSync(installed).filter((name) => !name.startsWith('.'))).toEqual(['@parley']);
    const files = readdirSync(path.join(installed, '@parley/client'));
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
  });

  const run = async (...flags: string[]) =>
    (
      await promisify(execFile)(process.execPath, [...flags, 'program.mjs', server.url], {
        cwd: folder,
        timeout: 20_000,
      })
    ).stdout;

  const output = [
    'idle connecting connect ',
    'connecting connected opened ',
    '1001 1',
    'validation-failed false',
    'ann 1,sent',
    'connected closed close ',
    '',
  ].join('\n');

  it('runs in an empty project', async () => {
    expect(await run()).toBe(output);
  }, 30_000);

  it('runs where WebSocket is missing, as in Node 20', async () => {
    expect(await run('--no-experimental-websocket')).toBe(output);
  }, 30_000);

  it('loads and runs where nothing is newer than its floor: no `v` expressions, none of the later methods', async () => {
    const floor = `import 'node:http'; // loads with them
const refuse = () => { throw new SyntaxError('Invalid flags'); };
globalThis.RegExp = new Proxy(RegExp, { construct: (of, args) => (args[1]?.includes('v') ? refuse() : new of(...args)) });
const later = {
  String: ['isWellFormed', 'toWellFormed'],
  Array: ['findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with'],
  Set: ['union', 'intersection', 'difference'],
};
for (const [of, names] of Object.entries(later)) for (const name of names) delete globalThis[of].prototype[name];
for (const name of ['parse', 'canParse']) delete URL[name];
for (const name of ['withResolvers', 'try']) delete Promise[name];
for (const name of ['any', 'timeout']) delete AbortSignal[name];
delete Object.groupBy; delete Map.groupBy; delete Array.fromAsync; delete globalThis.Iterator; delete crypto.randomUUID;
`;
    writeFileSync(path.join(folder, 'floor.mjs'), floor);
    // Node's own WebSocket would use what is taken away here.
    expect(await run('--no-experimental-websocket', '--import', './floor.mjs')).toBe(output);
  }, 30_000);

  const compile = (...flags: string[]) => {
    writeFileSync(path.join(folder, 'globals.d.ts'), 'declare const process: { argv: string[] };\n');
    const options = ['--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--typeRoots', 'none'];
    typeCheck(folder, [...options, ...flags, 'program.ts', 'globals.d.ts']);
  };

  it('compiles in an empty TypeScript project, and what comes out runs', async () => {
    compile('--module', 'nodenext', '--outDir', 'compiled');
    const { stdout } = await promisify(execFile)(process.execPath, ['compiled/program.js', server.url], {
      cwd: folder,
    });
    expect(stdout).toBe(output);
  }, 60_000);

  it('type-checks for a bundler', () => {
    compile('--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit');
  }, 60_000);

  it('has types of the right kind for every resolution of TypeScript: node10, node16 from both sides, bundler', async () => {
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    const attw = path.join(MODULES, '@arethetypeswrong/cli/dist/index.js');
    const args = [attw, path.join(folder, tarball), '--format', 'json'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { analysis, problems } = JSON.parse(stdout);
    expect(problems).toEqual({});
    const entry = analysis.entrypoints['./react'].resolutions;
    const found = Object.fromEntries(
      Object.entries<{ resolution: { fileName: string } }>(entry).map(([kind, { resolution }]) => [
        kind,
        path.posix.basename(resolution.fileName),
      ]),
    );
    const node16 = { 'node16-cjs': 'react.d.cts', 'node16-esm': 'react.d.ts' };
    expect(found).toEqual({ node10: 'react.d.ts', ...node16, bundler: 'react.d.ts' });
  }, 60_000);

  it('compiles as CommonJS for node16, and what comes out runs by `require`, as in jest', async () => {
    const lines = PROGRAM.replace('await client', 'async function main() {\nawait client');
    writeFileSync(path.join(folder, 'common.cts'), `${lines}}\nmain();\n`);
    const options = ['--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--typeRoots', 'none'];
    typeCheck(folder, [...options, '--module', 'node16', 'common.cts', 'globals.d.ts']);
    const { stdout } = await promisify(execFile)(process.execPath, ['common.cjs', server.url], { cwd: folder });
    expect(stdout).toBe(output);
  }, 60_000);

  it('bundles with Vite and with webpack 5 without a word', async () => {
    writeFileSync(
      path.join(folder, 'page.js'),
      `import { createClient } from '@parley/client';\nconsole.log(createClient);\n`,
    );
    const said: string[] = [];
    const warn = (message: string) => said.push(message);
    const { createLogger, build: viteBuild } = await import('vite');
    const customLogger = { ...createLogger('silent'), warn, warnOnce: warn, error: warn };
    const input = path.join(folder, 'page.js');
    const vite = {
      root: folder,
      configFile: false,
      logLevel: 'warn',
      customLogger,
      build: { write: false, rolldownOptions: { input } },
    } as const;
    await viteBuild(vite);
    const { default: webpack } = await import('webpack');
    for (const mode of ['production', 'development'] as const) {
      const options = { mode, context: folder, entry: './page.js', output: { path: path.join(folder, mode) } };
      const stats = await new Promise<import('webpack').Stats | undefined>((resolve, reject) => {
        webpack(options, (error, result) => (error ? reject(error) : resolve(result)));
      });
      const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
      said.push(...[...errors, ...warnings].map(({ message }) => message));
    }
    expect(said).toEqual([]);
  }, 60_000);

  const documented = (): Declared[] => declaredIn(path.join(folder, 'node_modules/@parley/client/dist'));

  it('documents every export, option, event and method, with an example for all that can be called', () => {
    const all = documented();
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(({ line }) => line.trim().length < 10).map(({ name }) => name)).toEqual([]);
    const callable = all.filter(({ isCallable }) => isCallable);
    expect(callable.map(({ name }) => name)).toEqual(expect.arrayContaining(['Conversation.send', 'createClient']));
    expect(callable.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('has types for the hooks and for every example in its documentation, where React is installed', () => {
    const hooks = `import { createClient } from '@parley/client';
import { useConnection, useConversation, useMessages, usePresence, useTyping } from '@parley/client/react';
const client = createClient({ url: 'wss://x', token: () => 'x' });
export function Room({ id }: { id: string }) {
  const conversation = useConversation(client, id);
  const { messages } = useMessages(conversation);
  const { userIds } = useTyping(conversation);
  return [useConnection(client).state, messages.length, userIds.length, usePresence(conversation).length].join(' ');
}
`;
    writeFileSync(path.join(folder, 'hooks.ts'), hooks);
    writeFileSync(path.join(folder, 'examples.tsx'), programOf(documented()));
    for (const name of ['react', '@types', 'csstype']) {
      symlinkSync(path.join(MODULES, name), path.join(folder, 'node_modules', name));
    }
    const args = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--lib',
      'es2022,dom',
      '--types',
      'react',
      '--module',
      'nodenext',
      '--jsx',
      'react-jsx',
      'hooks.ts',
      'examples.tsx',
    ];
    typeCheck(folder, args);
  }, 60_000);

  it('has at most 20 KB gzipped, and less for an app that uses less of it', async () => {
    const installed = path.join(folder, 'node_modules/@parley/client/dist/index.js');
    expect(gzipSync(readFileSync(installed), { level: 9 }).byteLength).toBeLessThanOrEqual(SIZE_MAX_BYTES);
    const contents = `import { ChatError } from '@parley/client'; console.log(ChatError.name);`;
    const stdin = { contents, resolveDir: folder };
    const some = await build({ stdin, bundle: true, minify: true, write: false, format: 'esm', platform: 'browser' });
    expect(some.outputFiles[0]?.contents.byteLength).toBeLessThan(2_000);
  });

  it('bundles for a browser without warnings, and without anything from Node', async () => {
    const stdin = { contents: `export * from '@parley/client';`, resolveDir: folder };
    const result = await build({
      stdin,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      splitting: true,
      outdir: folder,
    });
    expect(result.warnings).toEqual([]);
    for (const { path: name, text } of result.outputFiles) {
      if (!name.includes('node-socket')) expect(text).not.toContain('node:');
    }
  });

  it('names neither zod nor a module of the server in its declarations', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'parley-build-'));
    await buildClient(out);
    const declared = readdirSync(out, { encoding: 'utf8', recursive: true }).filter((name) => name.endsWith('.d.ts'));
    expect(declared).toContain('protocol.d.ts');
    for (const name of declared) expect(readFileSync(path.join(out, name), 'utf8')).not.toMatch(/zod|shared\//);
    rmSync(out, { recursive: true });
  }, 60_000);
});
