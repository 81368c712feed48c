import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../scripts/common/paths.ts';
import { actions } from '../../shared/protocol/actions.ts';

interface Package {
  readonly version?: string;
  readonly license?: string;
  readonly private?: boolean;
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly link?: boolean;
  readonly resolved?: string;
}

function read(file: string) {
  return readFile(join(PROJECT_ROOT, file), 'utf8');
}
async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await read(file)) as T;
}

const root = await readJson<Package>('package.json');
const locked = (await readJson<{ packages: Readonly<Record<string, Package>> }>('package-lock.json')).packages;

/** Every `package.json` that we wrote, by folder. */
async function ownPackages(): Promise<ReadonlyMap<string, Package>> {
  const left = new Set(['node_modules', '.local', 'cdk.out', 'dist', '.git']);
  const files = glob('**/package.json', {
    cwd: PROJECT_ROOT,
    exclude: (name) => left.has(name.split('/').at(-1) ?? ''),
  });
  const found = new Map<string, Package>();
  for await (const file of files) found.set(dirname(file), await readJson<Package>(file));
  return found;
}

describe('versions', () => {
  it('are one number in all packages, which is the newest in the changelog', async () => {
    const packages = await ownPackages();
    expect([...packages.keys()]).toEqual(expect.arrayContaining(['.', 'client']));
    for (const [folder, { version }] of packages) expect([folder, version]).toEqual([folder, root.version]);
    const [, newest] = /^## (\d+\.\d+\.\d+)/m.exec(await read('CHANGELOG.md')) ?? [];
    expect(newest).toBe(root.version);
  });

  it("are in AsyncAPI: the project's number, and in the title the protocol that `pong` names", async () => {
    const { info } = await readJson<{ info: { title: string; version: string } }>('docs/asyncapi.json');
    const spoken = actions.ping.reply.data.shape.protocol.value;
    expect(info.version).toBe(root.version);
    expect(info.title).toContain(`(${spoken})`);
  });

  it('of Node agree: the one installed for the project, and `.nvmrc`', async () => {
    const major = (await read('.nvmrc')).trim();
    expect(root.devDependencies?.node).toMatch(new RegExp(`^\\^${major}\\.`));
    expect(process.versions.node).toMatch(new RegExp(`^${major}\\.`));
  });
});

describe('the licence', () => {
  it('is MIT in every package, and its text goes with what is published', async () => {
    const text = await read('LICENSE');
    expect(text).toMatch(/^MIT License\n/);
    for (const [folder, { license, private: isPrivate }] of await ownPackages()) {
      expect([folder, license]).toEqual([folder, 'MIT']);
      if (!isPrivate) expect(await read(join(folder, 'LICENSE'))).toBe(text);
    }
  });
});

describe('the lock file', () => {
  it('locks what package.json asks for', () => {
    for (const kind of ['version', 'dependencies', 'devDependencies'] as const)
      expect(locked['']?.[kind]).toEqual(root[kind]);
  });

  it('has the packages of every platform, because `npm ci` refuses one that lacks any', () => {
    const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(path, name))
        .map((name) => `${name} of ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry, so that everyone takes packages from their own', () => {
    const named = Object.values(locked).filter(({ link, resolved }) => !link && resolved !== undefined);
    expect(named).toEqual([]);
  });
});

/** Whether a package is locked where Node would look for it: next to the one that asks, or in a folder above. */
function isLocked(path: string, name: string): boolean {
  const folders = path.split(/(?=\/node_modules\/)/).map((_, depth, all) => all.slice(0, all.length - depth).join(''));
  return [...folders.map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`].some(
    (at) => at in locked,
  );
}

describe('the public workflow', () => {
  it('runs what the README says, without caches and without what only one machine has', async () => {
    const workflow = await read('.github/workflows/ci.yml');
    expect(workflow.match(/^ *- run: .*$/gm)?.map((line) => line.trim())).toEqual([
      '- run: env -i PATH="$PATH" HOME="$(mktemp -d)" TMPDIR="$(mktemp -d)" npm test',
    ]);
    expect(workflow).not.toMatch(/^ *(- uses: actions\/cache|cache:)/m);
    expect(await read('README.md')).toMatch(/^npm test\b/m);
  });
});
