import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIELDS = ['dependencies', 'devDependencies'] as const;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function read(folder: string): Package {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
}
const root = read('.');
const packages = [root, ...(root.workspaces ?? []).map(read)];

it('all packages have one version, also where one depends on another', () => {
  const versions = packages.map(({ name, version }) => `${name}@${version}`);
  expect(versions).toEqual(packages.map(({ name }) => `${name}@${root.version}`));
  const names = new Set(packages.map(({ name }) => name));
  const needed = packages.flatMap((each) =>
    Object.entries(each.dependencies ?? {}).filter(([name]) => names.has(name)),
  );
  expect(needed.length).toBeGreaterThan(0);
  expect(needed.filter(([, version]) => version !== root.version)).toEqual([]);
});

it('all packages ask for the same version of a dependency', () => {
  const asked = new Map<string, Set<string>>();
  for (const each of packages) {
    for (const [name, version] of FIELDS.flatMap((field) => Object.entries(each[field] ?? {}))) {
      asked.set(name, (asked.get(name) ?? new Set()).add(version));
    }
  }
  expect(asked.size).toBeGreaterThan(packages.length);
  expect([...asked].filter(([, versions]) => versions.size > 1)).toEqual([]);
});

it('the SDK has no dependencies; React is its only peer, and optional', () => {
  const sdk = JSON.parse(readFileSync(join(ROOT, 'client/package.json'), 'utf8'));
  expect(sdk.dependencies).toBeUndefined();
  expect(Object.keys(sdk.peerDependencies)).toEqual(['react']);
  expect(sdk.peerDependenciesMeta.react.optional).toBe(true);
});

it('the lock file holds no address of a registry', () => {
  const { packages: locked } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const entries = Object.entries<{ resolved?: string; link?: boolean }>(locked);
  expect(entries.length).toBeGreaterThan(100);
  expect(entries.filter(([, { link, resolved }]) => resolved !== undefined && !link)).toEqual([]);
});
