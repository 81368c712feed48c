import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/code.ts';
import { PROJECT_ROOT } from '../../scripts/common/paths.ts';
import type { Resource } from './synthesize.ts';

const MODULES = join(PROJECT_ROOT, 'node_modules');
/** What the app's author has beside the package. */
const LINKED = ['aws-cdk-lib', 'constructs', '@types'];

/** Would compile, too, if the package's types led nowhere: everything would be `any`. */
const MISUSE = `import { Chat, ChatStack, type ChatProps } from '@parley/cdk';
import { App, Stack } from 'aws-cdk-lib';

const stack = new Stack(new App(), 'Shop');
const props: ChatProps = { web: true, issuer: { issuer: 'https://issuer.example', audience: 'chat' } };
const chat = new Chat(stack, 'Chat', props);
// @ts-expect-error: an address is no number
export const port: number = chat.socketUrl;
// @ts-expect-error: there may be no user pool
chat.userPool.userPoolId;
// @ts-expect-error: no such setting
new Chat(stack, 'Second', { tables: 3 });
// @ts-expect-error: no such code
new ChatStack(stack, { settings: { stackName: 'Other' }, code: { bundles: {} } });
`;

describe('the packed construct', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-cdk-'));
  const app = join(folder, 'app');
  const installed = join(app, 'node_modules', '@parley', 'cdk');

  beforeAll(() => {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(PROJECT_ROOT, 'infra') });
    const [tarball] = readdirSync(folder);
    cpSync(join(PROJECT_ROOT, 'examples', 'cdk-app'), app, {
      recursive: true,
      filter: (path) => !/node_modules|cdk\.out/.test(path),
    });
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, tarball ?? ''), '--strip-components=1', '-C', installed]);
    for (const name of LINKED) symlinkSync(join(MODULES, name), join(app, 'node_modules', name));
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('brings everything that it needs, compiled, and no sources or dependencies', () => {
    expect(readdirSync(installed).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
    for (const name of FUNCTION_NAMES) expect(files).toContain(join('functions', name, 'index.mjs'));
    expect(files).toContain(join('web', 'index.html'));
    expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).dependencies).toBeUndefined();
  });

  it('is synthesised by the example app, with the code from the package alone', () => {
    const out = join(folder, 'cdk.out');
    execFileSync(process.execPath, ['app.ts'], { cwd: app, env: { ...process.env, CDK_OUTDIR: out } });
    const { Resources, Outputs } = JSON.parse(readFileSync(join(out, 'Shop.template.json'), 'utf8'));
    const all = (type: string): Resource[] => Object.values<Resource>(Resources).filter(({ Type }) => Type === type);
    expect(all('AWS::DynamoDB::GlobalTable')).toHaveLength(2);
    expect(all('AWS::Lambda::Function')).toHaveLength(FUNCTION_NAMES.length + 1);
    expect(all('AWS::Events::Rule')).toHaveLength(2);
    expect(Object.keys(Outputs)).toEqual(['ChatUrl']);

    const uploaded = readdirSync(out)
      .filter((name) => name.startsWith('asset.'))
      .map((name) => readFileSync(join(out, name, 'index.mjs'), 'utf8'));
    const packed = FUNCTION_NAMES.map((name) => join(installed, 'dist', 'functions', name, 'index.mjs'));
    for (const path of packed) expect(uploaded).toContain(readFileSync(path, 'utf8'));
  });

  it('invokes the example’s function, which notes the orders that people talk about', async () => {
    const { handler } = await import('../../examples/cdk-app/orders/index.mjs');
    const noted = vi.spyOn(console, 'log').mockImplementation(() => {});
    const data = { conversationId: 'help', seq: 7, senderId: 'ann', content: 'Where are #12 and #13?' };
    const frames = [
      { event: 'receive-message', data },
      { event: 'member-joined', data: { seq: 8 } },
    ];
    await handler({ detail: { conversationId: 'help', from: 7, to: 8, entries: frames.map((frame) => ({ frame })) } });
    expect(noted.mock.calls.map(([line]) => JSON.parse(line))).toEqual([
      { order: '#12', conversationId: 'help', seq: 7, by: 'ann' },
      { order: '#13', conversationId: 'help', seq: 7, by: 'ann' },
    ]);
    noted.mockRestore();
  });

  it('has types that catch misuse', () => {
    writeFileSync(join(app, 'misuse.ts'), MISUSE);
    const compilerOptions = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, skipLibCheck: true };
    const config = { compilerOptions: { ...compilerOptions, types: ['node'] }, files: ['app.ts', 'misuse.ts'] };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(MODULES, '.bin', 'tsc');
    expect(() => execFileSync(tsc, ['--project', '.'], { cwd: app, encoding: 'utf8' })).not.toThrow();
  });
});
